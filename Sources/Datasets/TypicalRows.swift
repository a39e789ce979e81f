import SurprisalLinearAlgebra

/// The median and the median deviation of a sample of the rows of one column: what most rows are
/// like, however large a few of them are.
struct TypicalRows {
  /// The most rows of the sample.
  private static let sampleSize = 255
  /// How many median deviations a mean may be from the median: the logarithm to base 2 is the
  /// number of bits that subtracting it takes from most rows.
  private static let largestDistance = 4096.0

  private let median: Double
  /// Of the deviations from the median that are not zero; nil if all are.
  private let deviation: Double?

  /// Rows at equal distances. Complexity: O(1).
  init(of matrix: BlockedMatrix, column: Int) {
    let step = (matrix.rowCount - 1) / Self.sampleSize + 1
    let values = stride(from: 0, to: matrix.rowCount, by: step).map { matrix[$0, column] }.sorted()
    let median = values.isEmpty ? 0 : values[values.count / 2]
    self.median = median
    let deviations = values.map { ($0 - median).magnitude }.filter { $0 > 0 }.sorted()
    deviation = deviations.isEmpty ? nil : deviations[deviations.count / 2]
  }

  /// The mean, unless subtracting it costs most rows a quarter of their digits. Zero in place of
  /// the median leaves every value as it is, the smallest ones too.
  func center(insteadOf mean: Double) -> Double {
    guard let deviation, (mean - median).magnitude > Self.largestDistance * deviation else {
      return mean
    }
    return median.magnitude <= 8 * deviation ? 0 : median
  }
}
