import RealModule

/// The scores of one class.
public struct ClassScore: Sendable, Equatable {
  /// `sum_i w_i n_i p_ik`: the label weight of the class.
  public let labelWeight: Double
  /// `sum_i w_i n_i p_ik / W`.
  public let labelShare: Double
  /// `sum_i w_i n_i q_ik / W`, the mean predicted probability.
  public let meanProbability: Double
  /// The proportion of W in rows for which the class was predicted.
  public let predictedShare: Double
  /// The proportion of the class's label weight in rows for which it was predicted; nil if it has
  /// none.
  public let recall: Double?
  /// The proportion of the class in the label weight of the rows for which it was predicted; nil if
  /// there are none.
  public let precision: Double?
  /// The harmonic mean of precision and recall; nil if either is nil.
  public let f1: Double?
  /// `sum_i w_i n_i (- p_ik log q_ik) / W`: the class's contribution to the cross entropy.
  public let crossEntropy: Double
  /// `sum_i w_i n_i (p_ik - q_ik)^2 / W`: the class's contribution to the Brier divergence.
  public let brierDivergence: Double
}

extension Evaluation {
  /// One entry per class, in the order of the classes. Time O(N C).
  public func classScores() -> [ClassScore] {
    let confusion = confusionMatrix()
    let labels = confusion.labelWeights
    let predictions = confusion.predictionWeights
    let (classes, total) = (classCount, totalWeight)
    let sums = weightedSums(count: 3 * classes) { block, offset, weight, sums in
      for (index, entry) in block.entries(ofRowAt: offset).enumerated() {
        let (p, q) = (block.labels[entry], block.probabilities[entry])
        sums[index] += weight * q
        sums[classes + index] += weight * (p - q) * (p - q)
        if p > 0 { sums[2 * classes + index] -= weight * p * block.logProbability(entry) }
      }
    }
    return (0..<classes).map { index in
      let hit = confusion.weights[index][index]
      let both = labels[index] + predictions[index]
      let isDefined = labels[index] > 0 && predictions[index] > 0
      return ClassScore(
        labelWeight: labels[index], labelShare: labels[index] / total,
        meanProbability: sums[index] / total, predictedShare: predictions[index] / total,
        recall: labels[index] > 0 ? hit / labels[index] : nil,
        precision: predictions[index] > 0 ? hit / predictions[index] : nil,
        f1: isDefined ? 2 * hit / both : nil,
        crossEntropy: sums[2 * classes + index] / total,
        brierDivergence: sums[classes + index] / total)
    }
  }
}
