import SurprisalDatasets
import SurprisalLinearAlgebra

/// Several predictions of the same rows, each compared with one of them.
///
/// The reference is the prediction with the smallest cross entropy unless another is named. It was
/// then chosen on the rows it is judged by, so differences from it are a little in its favour; and
/// each interval is for one comparison, without allowance for there being several.
public struct MultipleComparison: Sendable {
  /// The predictions.
  public let evaluations: [Evaluation]
  /// The place of the one that others are compared with.
  public let reference: Int
  /// Each minus the reference; nil for the reference itself.
  public let differences: [PairedComparison?]

  /// Compares; `candidates` are the places among which the reference is looked for.
  ///
  /// Bootstrap intervals come from `replicates` resamples, the same ones for every pair, or are
  /// left out for none. All evaluations are against the same labels with the same weights. Throws
  /// `DatasetError.rowMismatch` for unequal rows or classes. Time O(N replicates) a pair.
  public init(
    of evaluations: [Evaluation], reference: Int? = nil, amongFirst candidates: Int? = nil,
    clusters: [Int]? = nil, level: Double = 0.95, replicates: Int = 0, seed: UInt64 = 1,
    threads: any Reducer = .one
  ) throws(DatasetError) {
    precondition(!evaluations.isEmpty, "there is something to compare")
    let looked = min(candidates ?? evaluations.count, evaluations.count)
    let best =
      reference
      ?? (0..<looked).reduce(0) {
        evaluations[$1].crossEntropy < evaluations[$0].crossEntropy ? $1 : $0
      }
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
  /// Whether neither interval holds zero: the sign of the difference is then no accident of these
  /// rows, at the level of the intervals, if it `isSupported` besides. Nil without an interval.
  public var isTold: Bool? {
    let intervals = [interval, bootstrapInterval].compactMap { $0 }
    return intervals.isEmpty ? nil : intervals.allSatisfy { !$0.contains(0) }
  }
}
