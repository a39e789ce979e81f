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

/// A number of bytes as people say it: `1.6 GB`; powers of ten.
public func byteText(_ count: Int) -> String {
  var (whole, tenth) = (count, 0)
  for unit in ["bytes", "kB", "MB", "GB", "TB", "PB"] {
    if whole < 1000 || unit == "PB" {
      return unit == "bytes" ? "\(whole) bytes" : "\(whole).\(tenth) \(unit)"
    }
    tenth = whole / 100 % 10
    whole /= 1000
  }
  return "\(count) bytes"
}
