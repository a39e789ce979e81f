import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The differences of the scores of two predictions of the same rows, first minus second.
///
/// Rows that are hard for one prediction tend to be hard for the other, so row-by-row differences
/// are far more precise than two separate standard errors suggest. Negative differences of cross
/// entropy, divergence and Brier score, and positive ones of the accuracies, favour the first.
public struct PairedComparison: Sendable, Equatable {
  /// The number of independent units; a row of frequency f counts as f.
  public let units: Int
  /// The coverage of the intervals.
  public let level: Double
  /// The difference of cross entropies, equal to that of the divergences: the label entropy
  /// cancels.
  public let crossEntropy: PairedDifference
  /// The difference of KL divergences, in nats.
  public let klDivergence: PairedDifference
  /// The difference of Brier scores.
  public let brier: PairedDifference
  /// The difference of accuracies, with row weights.
  public let accuracy: PairedDifference
  /// The difference of expected accuracies, with weights times votes.
  public let expectedAccuracy: PairedDifference
  /// The difference of minus the log evidence `-log Σₖ eₖ qₖ`, in nats; nil unless the labels are
  /// evidence or candidate sets, for which it is the measure to compare predictions by.
  public let evidence: PairedDifference?

  /// Differences with analytic intervals.
  ///
  /// Both evaluations need the same labels and weights. `clusters` has one identifier per row; rows
  /// with the same identifier form a cluster. Throws `DatasetError`: `.rowMismatch` for unequal
  /// rows or classes, `.unequalWeights`, and `.argument` unless `level` is between 0 and 1. Time
  /// O(N).
  public init(
    of first: Evaluation, minus second: Evaluation, clusters: [Int]? = nil, level: Double = 0.95
  ) throws(DatasetError) {
    try DatasetError.requireLevel(level)
    let differences = try ScoreDifferences(first, second, clusters: clusters)
    self.init(differences, level: level) { _ in nil }
  }

  /// Differences with analytic and bootstrap intervals.
  ///
  /// Each replicate draws as many rows, or clusters, as there are, with replacement; the interval
  /// is between percentiles of the replicates. Every replicate has its own random sequence, seeded
  /// from `generator`: the same bits for any number of threads. Throws as without replicates, and
  /// `.argument` for fewer than two replicates. Time O(N replicates).
  public init(
    of first: Evaluation, minus second: Evaluation, clusters: [Int]? = nil, level: Double = 0.95,
    replicates: Int, using generator: inout some RandomNumberGenerator,
    threads: any Reducer = .one
  ) throws(DatasetError) {
    try DatasetError.requireLevel(level)
    try DatasetError.require("replicates", replicates, atLeast: 2)
    let differences = try ScoreDifferences(first, second, clusters: clusters)
    let seeds = (0..<replicates).map { _ in generator.next() }
    let samples = differences.resampled(seeds: seeds, threads: threads)
    self.init(differences, level: level) { measure in
      samples.flatMap { Self.percentiles(of: $0.map { $0[measure] }, level: level) }
    }
  }

  private init(
    _ differences: ScoreDifferences, level: Double,
    bootstrap: (Int) -> ClosedRange<Double>?
  ) {
    let quantile = differences.units.distribution.twoSided(level: level)
    let results = ScoreDifferences.Measure.allCases.map { measure in
      PairedDifference(
        differences, measure, level: level, quantile: quantile,
        bootstrap: bootstrap(measure.rawValue))
    }
    units = RowMasses.count(differences.units.count)
    self.level = level
    crossEntropy = results[ScoreDifferences.Measure.crossEntropy.rawValue]
    klDivergence = results[ScoreDifferences.Measure.klDivergence.rawValue]
    brier = results[ScoreDifferences.Measure.brier.rawValue]
    accuracy = results[ScoreDifferences.Measure.accuracy.rawValue]
    expectedAccuracy = results[ScoreDifferences.Measure.expectedAccuracy.rawValue]
    evidence =
      differences.hasEvidence ? results[ScoreDifferences.Measure.evidence.rawValue] : nil
  }

  /// The (1 - level) / 2 quantiles from either end, interpolated linearly between order statistics;
  /// nil unless all values are finite.
  private static func percentiles(of values: [Double], level: Double) -> ClosedRange<Double>? {
    guard values.isFinite else { return nil }
    let sorted = values.sorted()
    func percentile(_ share: Double) -> Double {
      let position = share * Double(sorted.count - 1)
      let below = min(Int(exactly: position.rounded(.down)) ?? 0, sorted.count - 1)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
    let (low, high) = (percentile((1 - level) / 2), percentile((1 + level) / 2))
    return low <= high ? low...high : nil
  }
}

/// The difference of one score between two predictions.
public struct PairedDifference: Sendable, Equatable {
  /// First minus second; infinite if one score is infinite, nil if both are.
  public let estimate: Double?
  /// The standard error over rows or clusters; nil for fewer than two or an infinite estimate.
  public let standardError: Double?
  /// The estimate plus and minus the standard error times the quantile of the normal distribution,
  /// or of t with G - 1 degrees of freedom for G clusters.
  public let interval: ClosedRange<Double>?
  /// The bootstrap percentile interval, if requested.
  public let bootstrapInterval: ClosedRange<Double>?
  /// With fewer than ten clusters: the p-value of the wild cluster bootstrap for a difference of
  /// zero, over all signs of the clusters. Nil for more clusters, and for rows.
  public let wildPValue: Double?
  /// Whether the wild cluster bootstrap, if there is one, rejects a difference of zero at the level
  /// of the intervals. With fewer than six clusters it cannot reject at 95 %.
  public let isSupported: Bool

  init(
    _ differences: ScoreDifferences, _ measure: ScoreDifferences.Measure, level: Double,
    quantile: Double, bootstrap: ClosedRange<Double>?
  ) {
    let mean = differences.mean(of: measure)
    let error = differences.standardError(of: measure, mean: mean)
    estimate = mean.isNaN ? nil : mean
    standardError = error
    interval = error.flatMap {
      let half = quantile * $0
      return half.isFinite ? mean - half...mean + half : nil
    }
    bootstrapInterval = mean.isFinite ? bootstrap : nil
    wildPValue = error.flatMap { _ in differences.wildPValue(of: measure) }
    isSupported = wildPValue.map { $0 <= 1 - level } ?? true
  }
}
