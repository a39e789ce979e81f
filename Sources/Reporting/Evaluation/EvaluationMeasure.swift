import SurprisalEvaluation

/// A score of an evaluation, with what its text line, its JSON member and conditions need.
/// `EvaluationPrinter.scores` is the only list of them.
struct Score: Sendable {
  /// The name in JSON and in conditions.
  let key: EvaluationMeasure
  /// The name in the main table; nil if it is not listed.
  var name: String?
  /// The standard error of the score of the predictions.
  var error: Double?
  /// Whether it depends on the order of the classes if several have the largest probability.
  var dependsOnTies = false
  /// Whether the null and the uniform prediction have it too.
  var isOfBaselines = true
  /// The range of the score, to which its interval is limited.
  var bounds = 0...Double.infinity
  /// The value; nil if it is not defined.
  let value: @Sendable (EvaluationPrinter.Scored) -> Double?
}

extension EvaluationPrinter {
  /// Every score, in the order of the main table and of JSON.
  var scores: [Score] {
    entropyScores + brierScores + (options.isOrdered ? rankedScores : []) + accuracyScores
      + calibrationScores + associationScores
  }

  private var entropyScores: [Score] {
    [
      Score(key: .crossEntropy, name: "cross entropy (nats)", error: errors.crossEntropy) {
        $0.evaluation.crossEntropy
      },
      Score(
        key: .labelEntropy, name: LabelNoiseText.entropyName(of: evaluation.labels.kind),
        error: errors.labelEntropy
      ) { $0.evaluation.labelEntropy },
      Score(key: .klDivergence, name: "+ KL divergence", error: errors.klDivergence) {
        $0.evaluation.klDivergence
      },
    ]
  }

  private var brierScores: [Score] {
    let null = null.evaluation
    return [
      Score(key: .brier, name: "Brier score", error: errors.brier) { $0.evaluation.brier },
      Score(key: .labelImpurity, name: "= label impurity (floor)") {
        $0.evaluation.labelImpurity
      },
      Score(key: .brierDivergence, name: "+ squared distance") { $0.evaluation.brierDivergence },
      Score(key: .brierSkill, name: "  skill, 1 - score / null", isOfBaselines: false) {
        $0.evaluation.brierSkill(null: null)
      },
    ]
  }

  private var rankedScores: [Score] {
    let null = null.evaluation
    return [
      Score(key: .rps, name: "ranked probability score") {
        $0.evaluation.rankedProbabilityScore().score
      },
      Score(key: .labelSpread, name: "= label spread (floor)") {
        $0.evaluation.rankedProbabilityScore().labelSpread
      },
      Score(key: .rpsDivergence, name: "+ squared distance") {
        $0.evaluation.rankedProbabilityScore().divergence
      },
      Score(key: .rpsSkill, name: "  skill, 1 - score / null", isOfBaselines: false) {
        $0.evaluation.rankedProbabilitySkill(null: null)
      },
    ]
  }

  private var accuracyScores: [Score] {
    let topK = topK
    return [
      Score(
        key: .accuracy, name: "accuracy", error: errors.accuracy, dependsOnTies: true,
        bounds: 0...1
      ) {
        $0.evaluation.accuracy
      },
      Score(
        key: .expectedAccuracy, name: "expected accuracy", error: errors.expectedAccuracy,
        dependsOnTies: true, bounds: 0...1
      ) { $0.evaluation.expectedAccuracy },
      Score(
        key: .topK, name: "top-\(topK) accuracy",
        dependsOnTies: topK < evaluation.classCount
      ) { $0.evaluation.topKAccuracy(topK) },
    ]
  }

  private var calibrationScores: [Score] {
    let spiegelhalter = spiegelhalter
    var result = [
      Score(key: .ece, name: "calibration error, top label", dependsOnTies: true) {
        $0.calibration.topLabel.ece
      },
      Score(key: .debiasedECE, name: "  debiased", dependsOnTies: true) {
        $0.calibration.topLabel.debiasedECE
      },
      Score(key: .classwiseECE, name: "calibration error, classes") {
        $0.calibration.classwiseECE
      },
      Score(key: .debiasedClasswiseECE) { $0.calibration.debiasedClasswiseECE },
    ]
    let line = line
    if evaluation.classCount == 2 {
      result.append(
        Score(
          key: .calibrationIntercept, name: "calibration intercept (ideal: 0)",
          error: line?.intercepts.first?.standardError, isOfBaselines: false,
          bounds: -Double.infinity...Double.infinity
        ) { _ in line?.intercepts.first?.estimate })
    }
    return result + [
      Score(
        key: .calibrationSlope, name: "calibration slope (ideal: 1)",
        error: line?.slope.standardError, isOfBaselines: false,
        bounds: -Double.infinity...Double.infinity
      ) { _ in line?.slope.estimate },
      Score(key: .spiegelhalterZ, name: "Spiegelhalter's Z (ideal: 0)", isOfBaselines: false) {
        _ in spiegelhalter?.z
      },
      Score(key: .spiegelhalterP, isOfBaselines: false) { _ in spiegelhalter?.pValue },
    ]
  }

  private var associationScores: [Score] {
    let (discrimination, matrix) = (discrimination, confusion)
    let share = evaluation.nagelkerke(null: null.evaluation)
    return [
      Score(key: .auc, name: "AUC (Hand and Till)", isOfBaselines: false) { _ in
        discrimination.auc
      },
      Score(key: .kappa, name: "kappa (Cohen)", dependsOnTies: true, isOfBaselines: false) { _ in
        matrix.kappa
      },
      Score(key: .mcc, name: "correlation (Matthews)", dependsOnTies: true, isOfBaselines: false) {
        _ in matrix.matthews
      },
      Score(key: .nagelkerke, name: "R2 (Nagelkerke)", isOfBaselines: false) { _ in share },
      Score(key: .tjur, name: "R2 (Tjur)", isOfBaselines: false) { _ in discrimination.tjur },
    ]
  }

  /// The value of a measure; nil if it is not defined here.
  public func value(of measure: EvaluationMeasure) -> Double? {
    switch measure {
    case .kl: return evaluation.klDivergence
    case .explained: return explainedShare
    case .infiniteRows: return Double(evaluation.infiniteRows)
    default:
      if let score = scores.first(where: { $0.key == measure }) { return score.value(predictions) }
      return Self.distributionMeasures.first { $0.key == measure.rawValue }
        .map { measures[keyPath: $0.value] }
    }
  }
}

/// The measures of an evaluation, named as in the JSON, for use in conditions.
public enum EvaluationMeasure: String, Sendable, CaseIterable {
  case crossEntropy = "cross_entropy"
  case labelEntropy = "label_entropy"
  case kl
  case klDivergence = "kl_divergence"
  case explained = "explained_share"
  case brier
  case labelImpurity = "label_impurity"
  case brierDivergence = "brier_divergence"
  case brierSkill = "brier_skill"
  case rps
  case labelSpread = "label_spread"
  case rpsDivergence = "rps_divergence"
  case rpsSkill = "rps_skill"
  case accuracy
  case expectedAccuracy = "expected_accuracy"
  case topK = "top_k"
  case ece
  case debiasedECE = "ece_debiased"
  case classwiseECE = "classwise_ece"
  case debiasedClasswiseECE = "classwise_ece_debiased"
  case calibrationIntercept = "calibration_intercept"
  case calibrationSlope = "calibration_slope"
  case spiegelhalterZ = "spiegelhalter_z"
  case spiegelhalterP = "spiegelhalter_p_value"
  case auc
  case kappa
  case mcc
  case nagelkerke = "nagelkerke_r2"
  case tjur = "tjur_r2"
  case chebyshev
  case clark
  case canberra
  case cosine
  case intersection
  case infiniteRows = "infinite_rows"

  /// Whether it requires classes in their natural order.
  public var isOfOrder: Bool {
    [.rps, .labelSpread, .rpsDivergence, .rpsSkill].contains(self)
  }
}

/// A bound on a measure, such as `kl>0.15`.
public struct Condition: Sendable, Equatable {
  /// The measure.
  public let measure: EvaluationMeasure
  /// Whether the measure must be above the bound; otherwise below.
  public let isAbove: Bool
  /// The bound.
  public let bound: Double

  /// Reads the name of a measure, `<` or `>`, and a number; nil for anything else.
  public init?(_ text: String) {
    guard let sign = text.firstIndex(where: { $0 == "<" || $0 == ">" }) else { return nil }
    let name = String(text[..<sign].filter { $0 != " " })
    let number = text[text.index(after: sign)...].filter { $0 != " " }
    guard let measure = EvaluationMeasure(rawValue: name), let bound = Double(number),
      bound.isFinite
    else {
      return nil
    }
    self.measure = measure
    isAbove = text[sign] == ">"
    self.bound = bound
  }

  /// Whether the condition holds. It also holds if the measure is not defined here.
  public func holds(for printer: EvaluationPrinter) -> Bool {
    guard let value = printer.value(of: measure), !value.isNaN else { return true }
    return isAbove ? value > bound : value < bound
  }
}
