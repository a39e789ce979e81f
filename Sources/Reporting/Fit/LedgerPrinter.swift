import SurprisalDiagnostics
import SurprisalModelStore
import SurprisalProbability
import SurprisalTables

/// The likelihood ledger as explanatory text, and as JSON.
public struct LedgerPrinter: Sendable {
  /// The ledger.
  public let ledger: Ledger
  /// The label and the prediction of a single pair; nil for a data set.
  public let pair: (label: [Double], prediction: [Double])?

  /// Creates a printer of a ledger.
  public init(_ ledger: Ledger, pair: (label: [Double], prediction: [Double])? = nil) {
    self.ledger = ledger
    self.pair = pair
  }

  // MARK: Text

  /// The text, without a final line feed.
  public var text: String {
    [question, entropies, interpretations, answer].joined(separator: "\n\n")
  }

  private var question: String {
    let head = "Which log-likelihood is the cross entropy? It depends on what the label is."
    guard let pair else {
      return head
        + "\n\n  entropies are means over a weight of \(NumberText.count(ledger.totalWeight)), "
        + "log-likelihoods over \(NumberText.count(ledger.rowWeight)) rows"
    }
    return head + "\n\n  label p       " + list(pair.label) + "\n  prediction q  "
      + list(pair.prediction)
  }

  private func list(_ values: [Double]) -> String {
    let shown = values.prefix(12).map { NumberText.significant($0) }.joined(separator: ", ")
    return shown + (values.count > 12 ? ", ... (\(values.count) classes)" : "")
  }

  private var entropies: String {
    var table = TextTable(["", "nats", "bits"], leftColumns: 1)
    let rows = [
      ("cross entropy H(p, q)", ledger.crossEntropy), ("= entropy H(p)", ledger.labelEntropy),
      ("+ divergence KL(p, q)", ledger.divergence),
    ]
    for (name, value) in rows {
      table.append([name, number(value), number(value * Ledger.bitsPerNat)])
    }
    return table.text() + "\n  perplexity \(NumberText.significant(ledger.perplexity)): as hard to "
      + "guess as so many equally likely classes"
  }

  private func number(_ value: Double?) -> String {
    guard let value else { return NumberText.unavailable }
    if value == .infinity { return "infinite" }
    if value == -.infinity { return "-infinite" }
    return NumberText.fixed(value, 6)
  }

  private var interpretations: String {
    var table = TextTable(
      ["if the label is ...", "log-likelihood", "constant", "minus CE?", "difference"],
      leftColumns: 1)
    for reading in ledger.interpretations {
      table.append([
        reading.kind.label, number(reading.logLikelihood), number(reading.constant),
        reading.equalsMinusCrossEntropy ? "yes" : "no", number(reading.difference),
      ])
    }
    let reasons = ledger.interpretations.compactMap { reading in
      reading.reason.map { "  \(reading.kind.label): \($0)" }
    }
    let formulas = ledger.interpretations.map { reading in
      "  \(reading.kind.label): \(reading.kind.formula)"
    }
    return
      ([table.text(), "", "the log-likelihoods"] + formulas
      + (reasons.isEmpty ? [] : ["", "not available"] + reasons)).joined(separator: "\n")
  }

  private var answer: String {
    """
    "minus CE?": whether the part that depends on the parameters is minus the cross entropy, \
    once
      for every vote: then minimising the cross entropy maximises that likelihood, whatever the
      constant. "difference" is log-likelihood + cross entropy, times the votes where it is \
    about votes.
      Where it says no, the same p and q give another estimate: choose it with \
    \(CommandFlag.likelihood).
    """
  }

  // MARK: JSON

  /// The JSON object.
  public var json: JSONValue {
    var object = JSONObject()
    object["cross_entropy"] = JSONValue(ledger.crossEntropy)
    object["label_entropy"] = JSONValue(ledger.labelEntropy)
    object["kl_divergence"] = JSONValue(ledger.divergence)
    object["cross_entropy_bits"] = JSONValue(ledger.crossEntropy * Ledger.bitsPerNat)
    object["perplexity"] = JSONValue(ledger.perplexity)
    object["total_weight"] = JSONValue(ledger.totalWeight)
    object["rows"] = JSONValue(ledger.rowWeight)
    object["readings"] = .array(ledger.interpretations.map { json($0) })
    return .object(object)
  }

  private func json(_ reading: LabelInterpretation) -> JSONValue {
    .members([
      "reading": .string(reading.kind.rawValue),
      "label": .string(reading.kind.label),
      "formula": .string(reading.kind.formula),
      "log_likelihood": JSONValue(reading.logLikelihood),
      "total_log_likelihood": JSONValue(reading.logLikelihood.map { $0 * ledger.rowWeight }),
      "constant": JSONValue(reading.constant),
      "equals_minus_cross_entropy": .bool(reading.equalsMinusCrossEntropy),
      "difference": JSONValue(reading.difference),
      "reason": JSONValue(reading.reason),
    ])
  }
}
