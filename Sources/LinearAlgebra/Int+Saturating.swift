/// Saturating arithmetic for sizes that come from a file header or a product of counts: instead of
/// a trap, the result of an overflow is the largest integer.
extension Int {
  /// The sum; the largest integer on overflow.
  package func addingSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product of two non-negative numbers; the largest integer on overflow.
  package func multipliedSaturating(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
