import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability

/// The scores of predictions on held-out rows, as means over rows.
public struct HeldOutScores: Sendable, Equatable {
  /// The measures that are averaged fold by fold.
  public enum Measure: String, Sendable, CaseIterable {
    case loss
    case crossEntropy = "cross_entropy"
    case labelEntropy = "label_entropy"
    case klDivergence = "kl_divergence"
    case brier
    case brierDivergence = "brier_divergence"
    case accuracy
    case expectedAccuracy = "expected_accuracy"
    case chebyshev
    case clark
    case canberra
    case cosine
    case intersection
  }

  private var values: [Double]
  private var weights: [Double]

  /// The mean of a measure.
  public subscript(measure: Measure) -> Double { values[Self.place(measure)] }

  /// The weight of the mean: weight times votes; weight alone for the accuracy.
  public func weight(of measure: Measure) -> Double { weights[Self.place(measure)] }

  /// The scores of an evaluation; the loss is the cross entropy unless another is given.
  init(_ evaluation: Evaluation, loss: (mean: Double, weight: Double)? = nil) {
    let measures = evaluation.labelDistributionMeasures()
    let loss = loss ?? (evaluation.crossEntropy, evaluation.totalWeight)
    values = Measure.allCases.map { measure in
      switch measure {
      case .loss: loss.mean.isNaN ? .infinity : loss.mean
      case .crossEntropy: evaluation.crossEntropy
      case .labelEntropy: evaluation.labelEntropy
      case .klDivergence: evaluation.klDivergence
      case .brier: evaluation.brier
      case .brierDivergence: evaluation.brierDivergence
      case .accuracy: evaluation.accuracy
      case .expectedAccuracy: evaluation.expectedAccuracy
      case .chebyshev: measures.chebyshev
      case .clark: measures.clark
      case .canberra: measures.canberra
      case .cosine: measures.cosine
      case .intersection: measures.intersection
      }
    }
    let rowWeight = (0..<evaluation.rowCount).reduce(0) { $0 + evaluation.weights[$1] }
    weights = Measure.allCases.map { measure in
      switch measure {
      case .loss: loss.weight
      case .accuracy: rowWeight
      default: evaluation.totalWeight
      }
    }
  }

  /// The scores of several sets of rows, pooled; at least one set.
  package init(pooling parts: [HeldOutScores]) {
    precondition(!parts.isEmpty, "there is something to pool")
    let weights = Measure.allCases.indices.map { place in
      parts.reduce(0) { $0 + $1.weights[place] }
    }
    self.weights = weights
    values = weights.indices.map { place in
      parts.reduce(0) { $0 + $1.weights[place] * $1.values[place] } / weights[place]
    }
  }

  private static func place(_ measure: Measure) -> Int {
    Measure.allCases.firstIndex(of: measure) ?? 0
  }
}
