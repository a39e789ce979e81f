/// Sizes that come from a header or from the product of counts: what is beyond every memory is told
/// by the largest integer, and nothing traps.
extension Int {
  /// The sum, or the largest integer where it is beyond that.
  package func addingSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product of two numbers that are not negative, or the largest integer where it is beyond
  /// that.
  package func multipliedSaturating(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
