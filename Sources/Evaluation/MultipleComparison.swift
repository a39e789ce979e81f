import SurprisalDatasets
import SurprisalLinearAlgebra

/// Several predictions of the same rows, each compared with a reference among them.
///
/// Unless named, the reference is the prediction with the smallest cross entropy; for evidence and
/// candidate sets that with the largest log evidence. It was then
/// chosen on the same rows, so differences from it are slightly in its favour. Each interval is for
/// a single comparison, without correction for their number.
public struct MultipleComparison: Sendable {
  /// The evaluations of the predictions.
  public let evaluations: [Evaluation]
  /// The index of the reference.
  public let reference: Int
  /// Each prediction minus the reference; nil for the reference itself.
  public let differences: [PairedComparison?]

  /// Compares the evaluations; `candidates` are the indices among which the reference is chosen.
  ///
  /// Bootstrap intervals use `replicates` resamples, the same for every pair; zero means no
  /// bootstrap. All evaluations need the same labels and weights. Throws as `PairedComparison`,
  /// and `DatasetError.argument` without evaluations, without candidates, or for a reference that
  /// is not an index of them. Time O(N replicates) per pair.
  public init(
    of evaluations: [Evaluation], reference: Int? = nil, amongFirst candidates: Int? = nil,
    clusters: [Int]? = nil, level: Double = 0.95, replicates: Int = 0, seed: UInt64 = 1,
    threads: any Reducer = .one
  ) throws(DatasetError) {
    try DatasetError.require("evaluations", evaluations.count, atLeast: 1)
    if let reference, !evaluations.indices.contains(reference) {
      throw .argument(
        "reference", value: Double(reference),
        domain: "an index of \(evaluations.count) evaluations")
    }
    let looked = min(candidates ?? evaluations.count, evaluations.count)
    try DatasetError.require("candidates", looked, atLeast: 1)
    let losses = evaluations[..<looked].map { evaluation in
      evaluation.evidenceScore().map { -$0.logLikelihood } ?? evaluation.crossEntropy
    }
    let best = reference ?? losses.indices.reduce(0) { losses[$1] < losses[$0] ? $1 : $0 }
    self.evaluations = evaluations
    self.reference = best
    differences = try evaluations.enumerated().map { index, evaluation throws(DatasetError) in
      if index == best { return nil }
      guard replicates > 1 else {
        return try PairedComparison(
          of: evaluation, minus: evaluations[best], clusters: clusters, level: level)
      }
      var generator = SplitMix64(seed: seed)
      return try PairedComparison(
        of: evaluation, minus: evaluations[best], clusters: clusters, level: level,
        replicates: replicates, using: &generator, threads: threads)
    }
  }
}

extension PairedDifference {
  /// Whether neither interval contains zero. If the difference also `isSupported`, its sign is
  /// significant at the level of the intervals. Nil without an interval.
  public var isTold: Bool? {
    let intervals = [interval, bootstrapInterval].compactMap { $0 }
    return intervals.isEmpty ? nil : intervals.allSatisfy { !$0.contains(0) }
  }
}
