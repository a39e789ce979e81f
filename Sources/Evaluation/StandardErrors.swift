import SurprisalDatasets
import SurprisalProbability

/// Standard errors of the means of an evaluation, for given predictions.
///
/// Linearised errors of a ratio of weighted sums, `n/(n-1)` included, with rows or clusters of rows
/// as independent units; the votes of one row are one unit. A value is nil if there are fewer than
/// two units or the mean is infinite. They measure the variation over test rows, not over training
/// data.
public struct StandardErrors: Sendable, Equatable {
  /// The number of independent units; a row of frequency f counts as f.
  public let units: Int
  /// That of the cross entropy, in nats.
  public let crossEntropy: Double?
  /// That of the label entropy, in nats.
  public let labelEntropy: Double?
  /// That of the KL divergence, in nats.
  public let klDivergence: Double?
  /// That of the accuracy, with row weights.
  public let accuracy: Double?
  /// That of the expected accuracy, with weights times votes.
  public let expectedAccuracy: Double?
  /// That of the Brier score.
  public let brier: Double?
  let distribution: WaldDistribution

  /// The degrees of freedom of t for G clusters, G - 1; nil for rows, whose means are normal.
  public var freedom: Double? { distribution.freedom }

  /// The half-width of an interval with coverage `level`, which is between 0 and 1, in standard
  /// errors.
  public func quantile(level: Double) -> Double { distribution.twoSided(level: level) }
}

extension Evaluation {
  /// Standard errors by rows, or by clusters: one identifier per row; rows with the same identifier
  /// form a cluster (an item, a rater, a group). Throws `DatasetError.rowMismatch` unless there is
  /// one identifier per row. Time O(N).
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
