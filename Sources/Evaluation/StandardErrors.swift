import SurprisalDatasets
import SurprisalProbability

/// Standard errors of the means of an evaluation, the predictions taken as given.
///
/// Linearised errors of a ratio of weighted sums, `n/(n-1)` included, with rows or clusters of rows
/// as independent units; the votes of one row are one unit. A value is nil where there are fewer
/// than two units or the mean is infinite. They say how much the numbers would change with other
/// rows, not with other training data.
public struct StandardErrors: Sendable, Equatable {
  /// The number of independent units; a row of frequency f counts as f.
  public let units: Int
  public let crossEntropy: Double?
  public let labelEntropy: Double?
  public let klDivergence: Double?
  public let accuracy: Double?
  public let expectedAccuracy: Double?
  public let brier: Double?
  let distribution: WaldDistribution

  /// The degrees of freedom of t for G clusters, G - 1; nil for rows, whose means are normal.
  public var freedom: Double? { distribution.freedom }

  /// How many standard errors to either side an interval of a coverage goes.
  public func quantile(level: Double) -> Double { distribution.twoSided(level: level) }
}

extension Evaluation {
  /// Standard errors by rows, or by clusters: one identifier a row, rows that share it belong
  /// together (an item, a rater, a group). Throws `DatasetError.rowMismatch` unless there is one
  /// identifier a row. Time O(N).
  public func standardErrors(
    clusters: [Int]? = nil
  ) throws(DatasetError) -> StandardErrors {
    try requireOneEach(clusters)
    let units = SamplingUnits(weights: weights, masses: masses, clusters: clusters)
    func error(_ mean: Double, _ value: (RowScore) -> Double) -> Double? {
      units.standardError(masses: units.observationMasses, mean: mean) { value(rowScores[$0]) }
    }
    return StandardErrors(
      units: RowMasses.count(units.count),
      crossEntropy: error(crossEntropy, \.crossEntropy),
      labelEntropy: error(labelEntropy, \.labelEntropy),
      klDivergence: error(klDivergence, \.klDivergence),
      accuracy: units.standardError(masses: units.rowMasses, mean: accuracy) {
        rowScores[$0].isCorrect ? 1 : 0
      },
      expectedAccuracy: error(expectedAccuracy, \.expectedAccuracy),
      brier: error(brier, \.brier), distribution: units.distribution)
  }
}
