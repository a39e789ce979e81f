import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

extension Evaluation {
  /// The weighted mean label, `sum_i w_i n_i p_i / W`: the prediction of an intercept-only model.
  ///
  /// Throws `DatasetError`: `.rowMismatch` unless there is one weight per label, `.weight` or
  /// `.frequency` for a number that is not a valid weight.
  public static func meanLabel(
    of labels: Labels, weights: RowWeights = .uniform
  ) throws(DatasetError) -> [Double] {
    try weights.requireOne(forEachOf: labels)
    return mean(of: labels, weights: weights)
  }

  private static func mean(of labels: Labels, weights: RowWeights) -> [Double] {
    let masses = RowMasses(of: labels, weights: weights)
    let total = masses.observations.blockedSum()
    let pairs = DistributionPairs(
      labels: labels, predictions: .constant([Double](repeating: 0, count: labels.classCount)))
    return pairs.sums(count: labels.classCount) {
      $1.add($0.labelMasses(masses.observations))
    }.map { $0 / total }
  }

  /// The evaluation of the best constant prediction, the weighted mean label of these rows. Its
  /// divergence is what features could explain; a classifier with a larger one is worse
  /// than a constant. Computed at every access, like `uniform`.
  public var null: Evaluation {
    Evaluation(
      predictions: .constant(Self.mean(of: labels, weights: weights)), labels: labels,
      weights: weights, threads: pairs.threads)
  }

  /// The evaluation of the prediction 1/C for every class; its cross entropy is log C.
  public var uniform: Evaluation {
    let share = 1 / Double(classCount)
    return Evaluation(
      predictions: .constant([Double](repeating: share, count: classCount)), labels: labels,
      weights: weights, threads: pairs.threads)
  }
}

extension DistributionBlock {
  /// The sum of the labels of the block, each row times its mass.
  func labelMasses(_ masses: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: classCount)
    for (offset, row) in rows.enumerated() where masses[row] > 0 {
      for (index, entry) in entries(ofRowAt: offset).enumerated() {
        sums[index] += masses[row] * labels[entry]
      }
    }
    return sums
  }
}
