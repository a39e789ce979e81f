/// Predicted classes against label classes, in weight times votes.
///
/// A soft label is spread over the rows of the matrix: this is the expected confusion matrix over y
/// ~ p.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Entry [j][k] is `sum_i w_i n_i p_ij [argmax q_i = k]`: label class j, predicted class k.
  public let weights: [[Double]]

  /// The number of classes, C.
  public var classCount: Int { weights.count }
  /// The weight of the labels of each class.
  public var labelWeights: [Double] { weights.map { $0.reduce(0, +) } }
  /// The weight of the predictions of each class.
  public var predictionWeights: [Double] {
    weights.indices.map { column in weights.reduce(0) { $0 + $1[column] } }
  }
  /// The sum of all entries.
  public var total: Double { labelWeights.reduce(0, +) }

  /// The weight on the diagonal and its expectation for independent labels and predictions, both as
  /// proportions of the total.
  private var agreement: (found: Double, expected: Double) {
    let total = total
    let found = weights.indices.reduce(0) { $0 + weights[$1][$1] } / total
    let expected = zip(labelWeights, predictionWeights)
      .reduce(0) { $0 + $1.0 / total * ($1.1 / total) }
    return (found, expected)
  }

  /// Cohen's kappa: the agreement beyond chance, 1 if complete, 0 for chance alone. Nil if labels
  /// and predictions contain a single class. Reference: Cohen, doi:10.1177/001316446002000104.
  public var kappa: Double? {
    let (found, expected) = agreement
    return expected < 1 ? (found - expected) / (1 - expected) : nil
  }

  /// Matthews' correlation of labels and predictions; for more than two classes R_K of Gorodkin,
  /// doi:10.1016/j.compbiolchem.2004.09.006. Nil if labels or predictions contain a single class.
  public var matthews: Double? {
    let (found, expected) = agreement
    let total = total
    func spread(_ values: [Double]) -> Double {
      values.reduce(1) { $0 - $1 / total * ($1 / total) }
    }
    let scale = (spread(labelWeights) * spread(predictionWeights)).squareRoot()
    return scale > 1e-15 ? (found - expected) / scale : nil
  }
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
