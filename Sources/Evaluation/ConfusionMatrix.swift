/// What was predicted against what the labels say, in weight times votes.
///
/// A soft label spreads over the rows of the matrix: it is the confusion matrix expected over y ~
/// p.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Entry [j][k] is `sum_i w_i n_i p_ij [argmax q_i = k]`: label class j, predicted class k.
  public let weights: [[Double]]

  /// C.
  public var classCount: Int { weights.count }
  /// The weight of the labels of each class.
  public var labelWeights: [Double] { weights.map { $0.reduce(0, +) } }
  /// The weight of the predictions of each class.
  public var predictionWeights: [Double] {
    weights.indices.map { column in weights.reduce(0) { $0 + $1[column] } }
  }
  /// The sum of all entries.
  public var total: Double { labelWeights.reduce(0, +) }
}

extension Evaluation {
  /// The expected confusion matrix. Time O(N C), memory O(C^2).
  public func confusionMatrix() -> ConfusionMatrix {
    let (classes, scores) = (classCount, rowScores)
    let weights = pairs.sums(count: classes * classes) { block, weights in
      for (offset, row) in block.rows.enumerated() where masses.observations[row] > 0 {
        let predicted = scores[row].predictedClass
        for (label, entry) in block.entries(ofRowAt: offset).enumerated() {
          weights[label * classes + predicted] += masses.observations[row] * block.labels[entry]
        }
      }
    }
    return ConfusionMatrix(
      weights: (0..<classes).map { Array(weights[$0 * classes..<($0 + 1) * classes]) })
  }
}
