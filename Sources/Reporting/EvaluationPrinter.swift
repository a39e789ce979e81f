import SurprisalEvaluation
import SurprisalInterchange

/// An evaluation as text and as JSON, with the null and the uniform prediction beside it.
public struct EvaluationPrinter: Sendable {
  /// The measures a condition can be about.
  public static let measureNames = [
    "cross_entropy", "kl", "accuracy", "expected_accuracy", "brier", "ece", "top_k",
  ]

  private let evaluation: Evaluation
  private let null: Evaluation
  private let uniform: Evaluation
  private let topK: Int
  private let measures: LabelDistributionMeasures?

  /// A printer; the six label-distribution measures are printed where asked for.
  public init(evaluation: Evaluation, topK: Int, includesLabelDistribution: Bool) {
    self.evaluation = evaluation
    null = evaluation.null
    uniform = evaluation.uniform
    self.topK = min(topK, evaluation.topK.count)
    measures = includesLabelDistribution ? evaluation.labelDistributionMeasures() : nil
  }

  /// A measure by its name; nil if there is none of that name.
  public func measure(_ name: String) -> Double? {
    switch name {
    case "cross_entropy": evaluation.crossEntropy
    case "kl", "kl_divergence": evaluation.klDivergence
    case "accuracy": evaluation.accuracy
    case "expected_accuracy": evaluation.expectedAccuracy
    case "brier": evaluation.brier
    case "ece": evaluation.ece
    case "top_k": topKShare(evaluation)
    default: nil
    }
  }

  /// The text, without a final line feed.
  public var text: String {
    var table = TextTable(["", "predictions", "null", "uniform"], leftColumns: 1)
    let rows: [(String, (Evaluation) -> Double)] = [
      ("cross entropy (nats)", { $0.crossEntropy }),
      ("= label entropy (floor)", { $0.labelEntropy }),
      ("+ KL divergence", { $0.klDivergence }),
      ("Brier score", { $0.brier }),
      ("= label impurity (floor)", { $0.labelImpurity }),
      ("+ squared distance", { $0.brierDivergence }),
      ("accuracy", { $0.accuracy }),
      ("expected accuracy", { $0.expectedAccuracy }),
      ("top-\(topK) accuracy", { topKShare($0) }),
      ("calibration error (top label)", { $0.ece }),
    ]
    for (name, value) in rows {
      table.append([name] + [evaluation, null, uniform].map { cell(value($0)) })
    }
    let head =
      "  \(evaluation.rows) rows, total weight "
      + NumberText.count(evaluation.totalWeight)
    return ([head, table.text()] + measureLines + remarks).joined(separator: "\n")
  }

  private func cell(_ value: Double) -> String {
    value == .infinity ? "infinite" : NumberText.fixed(value, 6)
  }

  private var measureLines: [String] {
    guard let measures else { return [] }
    var table = TextTable(["label distributions", ""], leftColumns: 1)
    for (name, value) in Self.pairs(measures) { table.append([name, cell(value)]) }
    return ["", table.text()]
  }

  private var remarks: [String] {
    var lines: [String] = []
    if evaluation.infiniteRows > 0 {
      lines.append(
        "  \(evaluation.infiniteRows) rows have label mass where the prediction is zero: their "
          + "cross entropy is infinite")
    }
    if evaluation.klDivergence > null.klDivergence {
      lines.append("  the predictions are worse than the mean label of these rows")
    }
    if evaluation.tiedPredictions > 0 {
      lines.append(
        "  \(evaluation.tiedPredictions) rows have tied largest predictions: the first class counts"
      )
    }
    return lines
  }

  /// The JSON object.
  public var json: JSONValue {
    var object = JSONObject()
    object["rows"] = .integer(evaluation.rows)
    object["total_weight"] = JSONValue(evaluation.totalWeight)
    add(evaluation, to: &object)
    object["infinite_rows"] = .integer(evaluation.infiniteRows)
    for (key, other) in [("null", null), ("uniform", uniform)] {
      var part = JSONObject()
      add(other, to: &part)
      object[key] = .object(part)
    }
    if let measures {
      for (name, value) in Self.pairs(measures) { object[name] = JSONValue(value) }
    }
    return .object(object)
  }

  private func add(_ evaluation: Evaluation, to object: inout JSONObject) {
    object["cross_entropy"] = JSONValue(evaluation.crossEntropy)
    object["label_entropy"] = JSONValue(evaluation.labelEntropy)
    object["kl_divergence"] = JSONValue(evaluation.klDivergence)
    object["accuracy"] = JSONValue(evaluation.accuracy)
    object["expected_accuracy"] = JSONValue(evaluation.expectedAccuracy)
    object["brier"] = JSONValue(evaluation.brier)
    object["brier_divergence"] = JSONValue(evaluation.brierDivergence)
    object["label_impurity"] = JSONValue(evaluation.labelImpurity)
    object["ece"] = JSONValue(evaluation.ece)
    object["top_k"] = .members(["k": .integer(topK), "accuracy": JSONValue(topKShare(evaluation))])
  }

  private func topKShare(_ evaluation: Evaluation) -> Double {
    evaluation.topK.indices.contains(topK - 1) ? evaluation.topK[topK - 1] : 1
  }

  private static func pairs(_ measures: LabelDistributionMeasures) -> [(String, Double)] {
    [
      ("chebyshev", measures.chebyshev), ("clark", measures.clark),
      ("canberra", measures.canberra), ("kl", measures.kl), ("cosine", measures.cosine),
      ("intersection", measures.intersection),
    ]
  }
}

/// A bound on a measure, such as `kl>0.15`.
public struct Condition: Sendable, Equatable {
  /// The measure.
  public let measure: String
  /// Whether the condition is that the measure is above the bound.
  public let isAbove: Bool
  /// The bound.
  public let bound: Double

  /// Reads a measure's name, `<` or `>`, and a number; nil for anything else.
  public init?(_ text: String) {
    guard let sign = text.firstIndex(where: { $0 == "<" || $0 == ">" }) else { return nil }
    let name = text[..<sign].filter { $0 != " " }
    let number = text[text.index(after: sign)...].filter { $0 != " " }
    guard EvaluationPrinter.measureNames.contains(name), let bound = Double(number),
      bound.isFinite
    else { return nil }
    measure = name
    isAbove = text[sign] == ">"
    self.bound = bound
  }

  /// Whether the condition holds.
  public func holds(for printer: EvaluationPrinter) -> Bool {
    guard let value = printer.measure(measure) else { return false }
    return isAbove ? value > bound : value < bound
  }
}
