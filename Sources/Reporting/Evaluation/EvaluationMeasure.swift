import SurprisalEvaluation

/// The measures of an evaluation that a condition can be about, by the names of the JSON.
public enum EvaluationMeasure: String, Sendable, CaseIterable {
  case crossEntropy = "cross_entropy"
  case labelEntropy = "label_entropy"
  case kl
  case klDivergence = "kl_divergence"
  case explained = "explained_share"
  case brier
  case brierDivergence = "brier_divergence"
  case accuracy
  case expectedAccuracy = "expected_accuracy"
  case topK = "top_k"
  case ece
  case debiasedECE = "ece_debiased"
  case classwiseECE = "classwise_ece"
  case debiasedClasswiseECE = "classwise_ece_debiased"
  case rps
  case chebyshev
  case clark
  case canberra
  case cosine
  case intersection
  case infiniteRows = "infinite_rows"
}

extension EvaluationPrinter {
  /// The value of a measure; nil where it is not defined here.
  public func value(of measure: EvaluationMeasure) -> Double? {
    switch measure {
    case .crossEntropy: evaluation.crossEntropy
    case .labelEntropy: evaluation.labelEntropy
    case .kl, .klDivergence: evaluation.klDivergence
    case .explained: explainedShare
    case .brier: evaluation.brier
    case .brierDivergence: evaluation.brierDivergence
    case .accuracy: evaluation.accuracy
    case .expectedAccuracy: evaluation.expectedAccuracy
    case .topK: evaluation.topKAccuracy(topK)
    case .ece: calibration.topLabel.ece
    case .debiasedECE: calibration.topLabel.debiasedECE
    case .classwiseECE: calibration.classwiseECE
    case .debiasedClasswiseECE: calibration.debiasedClasswiseECE
    case .rps: options.isOrdered ? evaluation.rankedProbabilityScore().score : nil
    case .chebyshev: measures.chebyshev
    case .clark: measures.clark
    case .canberra: measures.canberra
    case .cosine: measures.cosine
    case .intersection: measures.intersection
    case .infiniteRows: Double(evaluation.infiniteRows)
    }
  }
}

/// A bound on a measure, such as `kl>0.15`.
public struct Condition: Sendable, Equatable {
  /// The measure.
  public let measure: EvaluationMeasure
  /// Whether the condition is that the measure is above the bound.
  public let isAbove: Bool
  /// The bound.
  public let bound: Double

  /// Reads a measure's name, `<` or `>`, and a number; nil for anything else.
  public init?(_ text: String) {
    guard let sign = text.firstIndex(where: { $0 == "<" || $0 == ">" }) else { return nil }
    let name = String(text[..<sign].filter { $0 != " " })
    let number = text[text.index(after: sign)...].filter { $0 != " " }
    guard let measure = EvaluationMeasure(rawValue: name), let bound = Double(number),
      bound.isFinite
    else { return nil }
    self.measure = measure
    isAbove = text[sign] == ">"
    self.bound = bound
  }

  /// Whether the condition holds; a measure that is not defined here meets it, since nobody can
  /// say that it does not.
  public func holds(for printer: EvaluationPrinter) -> Bool {
    guard let value = printer.value(of: measure), !value.isNaN else { return true }
    return isAbove ? value > bound : value < bound
  }
}
