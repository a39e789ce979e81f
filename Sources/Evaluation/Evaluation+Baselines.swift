import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

extension Evaluation {
  /// The weighted mean label, `sum_i w_i n_i p_i / W`: what an intercept alone predicts.
  public static func meanLabel(of labels: Labels, weights: RowWeights = .uniform) -> [Double] {
    let masses = RowMasses(of: labels, weights: weights)
    let total = masses.observations.blockedSum()
    let pairs = DistributionPairs(
      labels: labels, predictions: .constant([Double](repeating: 0, count: labels.classCount)))
    return pairs.sums(count: labels.classCount) {
      $1.add($0.labelMasses(masses.observations))
    }.map { $0 / total }
  }

  /// The best constant prediction, the weighted mean label of these very rows. Its divergence is
  /// what features could explain: a classifier that is worse than this has learnt nothing. Worked out
  /// anew at every use, like `uniform`.
  public var null: Evaluation {
    Evaluation(
      ofConstant: Self.meanLabel(of: labels, weights: weights), against: labels, weights: weights)
  }

  /// The prediction 1/C for every class; its cross entropy is log C.
  public var uniform: Evaluation {
    let share = 1 / Double(classCount)
    return Evaluation(
      ofConstant: [Double](repeating: share, count: classCount), against: labels, weights: weights)
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
