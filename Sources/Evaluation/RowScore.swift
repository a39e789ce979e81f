import RealModule

/// The scores of one prediction q for one label p, in nats if a logarithm is involved.
public struct RowScore: Sendable, Equatable {
  /// `- sum_k p_k log q_k`; +infinity if p > 0 and q = 0 for some class.
  public let crossEntropy: Double
  /// `H(p) = - sum_k p_k log p_k`, the smallest cross entropy any prediction can have.
  public let labelEntropy: Double
  /// `sum_k p_k log(p_k / q_k)`, from the ratios.
  public let klDivergence: Double
  /// `|p - q|^2`.
  public let brierDivergence: Double
  /// `1 - |p|^2`, the smallest Brier score any prediction can have.
  public let labelImpurity: Double
  /// The largest entry of q.
  public let confidence: Double
  /// p of the predicted class: the probability that the prediction is correct.
  public let expectedAccuracy: Double
  /// The class with the largest q; in a tie the first.
  public let predictedClass: Int
  /// The class with the largest p; in a tie the first.
  public let labelClass: Int
  /// Whether several classes share the largest q.
  public let predictionIsTied: Bool
  /// Whether several classes share the largest p.
  public let labelIsTied: Bool

  /// Whether the predicted class is the label's class.
  public var isCorrect: Bool { predictedClass == labelClass }

  /// `|p - q|^2 + 1 - |p|^2`, the expected Brier score over y ~ p.
  public var brier: Double { brierDivergence + labelImpurity }
}

extension DistributionBlock {
  /// The scores of every row of the block.
  func scores() -> [RowScore] { rows.indices.map { score(ofRowAt: $0 - rows.lowerBound) } }

  private func score(ofRowAt offset: Int) -> RowScore {
    let entries = entries(ofRowAt: offset)
    let ordering = ordering
    var (crossEntropy, labelEntropy, divergence) = (0.0, 0.0, 0.0)
    var (distance, concentration) = (0.0, 0.0)
    for entry in entries {
      let (p, q) = (labels[entry], probabilities[entry])
      distance += (p - q) * (p - q)
      concentration += p * p
      guard p > 0 else { continue }
      crossEntropy -= p * logProbability(entry)
      labelEntropy -= p * Double.log(p)
      divergence += p * logRatio(entry)
    }
    let predicted = Self.largest(of: ordering, in: entries)
    let label = Self.largest(of: labels, in: entries)
    return RowScore(
      crossEntropy: crossEntropy, labelEntropy: labelEntropy, klDivergence: divergence,
      brierDivergence: distance, labelImpurity: 1 - concentration,
      confidence: probabilities[predicted.entry], expectedAccuracy: labels[predicted.entry],
      predictedClass: predicted.entry - entries.lowerBound,
      labelClass: label.entry - entries.lowerBound, predictionIsTied: predicted.isTied,
      labelIsTied: label.isTied)
  }

  /// The index of the largest value (in a tie the first), and whether there is a tie.
  private static func largest(
    of values: [Double], in entries: Range<Int>
  ) -> (entry: Int, isTied: Bool) {
    var best = entries.lowerBound
    var isTied = false
    for entry in entries.dropFirst() {
      if values[entry] > values[best] {
        (best, isTied) = (entry, false)
      } else if values[entry] == values[best] {
        isTied = true
      }
    }
    return (best, isTied)
  }

  /// For k = 1, 2, ..., `count`: the label probability of the k classes with the largest q, summed
  /// over the rows with `masses` as weights. Ties go to the earlier class.
  func topMasses(count: Int, masses: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    let ordering = ordering
    var best: [Int] = []
    best.reserveCapacity(count + 1)
    for (offset, row) in rows.enumerated() where masses[row] > 0 {
      best.removeAll(keepingCapacity: true)
      for entry in entries(ofRowAt: offset) {
        if best.count == count, let last = best.last, !(ordering[entry] > ordering[last]) {
          continue
        }
        let place = best.firstIndex { ordering[entry] > ordering[$0] } ?? best.count
        best.insert(entry, at: place)
        if best.count > count { best.removeLast() }
      }
      var mass = 0.0
      for (rank, entry) in best.enumerated() {
        mass += labels[entry]
        sums[rank] += masses[row] * mass
      }
    }
    return sums
  }
}
