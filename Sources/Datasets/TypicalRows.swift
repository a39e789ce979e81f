import SurprisalLinearAlgebra

/// The median and the median deviation of a sample of the rows of one column: robust estimates of
/// the typical values despite a few very large ones.
struct TypicalRows {
  /// The largest size of the sample.
  private static let sampleSize = 255
  /// The largest distance of a mean from the median, in median deviations. Its logarithm to base 2
  /// is the number of bits that most rows lose when the mean is subtracted.
  private static let largestDistance = 4096.0

  private let median: Double
  /// The median of the nonzero deviations from the median; nil if all are zero.
  private let deviation: Double?

  /// Samples rows at equal distances. Complexity: O(1).
  init(of matrix: BlockedMatrix, column: Int) {
    let step = (matrix.rowCount - 1) / Self.sampleSize + 1
    let values = stride(from: 0, to: matrix.rowCount, by: step).map { matrix[$0, column] }.sorted()
    let median = values.isEmpty ? 0 : values[values.count / 2]
    self.median = median
    let deviations = values.map { ($0 - median).magnitude }.filter { $0 > 0 }.sorted()
    deviation = deviations.isEmpty ? nil : deviations[deviations.count / 2]
  }

  /// The mean, unless subtracting it costs most rows a quarter of their digits; then the median, or
  /// zero if that preserves every value, including the smallest ones.
  func center(insteadOf mean: Double) -> Double {
    guard let deviation, (mean - median).magnitude > Self.largestDistance * deviation else {
      return mean
    }
    return median.magnitude <= 8 * deviation ? 0 : median
  }
}
