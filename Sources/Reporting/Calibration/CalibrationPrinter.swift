import SurprisalCalibration
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalTables

/// A calibration as text and as JSON.
public struct CalibrationPrinter: Sendable {
  /// The calibration to be printed.
  public let record: CalibrationRecord
  /// The classes.
  public let classNames: [String]
  /// The name of the data, if known.
  public var dataName: String?
  /// The name of the calibrated model, if known.
  public var modelName: String?
  /// The largest number of printed parameters; nil prints all.
  public var rowLimit: Int? = 60

  /// Creates a printer of a record.
  public init(
    _ record: CalibrationRecord, classNames: [String], dataName: String? = nil,
    modelName: String? = nil
  ) {
    self.record = record
    self.classNames = classNames
    self.dataName = dataName
    self.modelName = modelName
  }

  /// The text, without a final line feed.
  public var text: String {
    [header, scores, parameters, verdict, notes].filter { !$0.isEmpty }
      .joined(separator: "\n\n")
  }

  private var header: String {
    var table = TextTable(["", ""], leftColumns: 2)
    table.append(["calibration", record.method.words + (modelName.map { " of \($0)" } ?? "")])
    table.append([
      "data",
      (dataName.map { "\($0): " } ?? "") + "\(NumberText.count(record.rowCount)) rows, "
        + "\(classNames.count) classes, total weight \(NumberText.count(record.totalWeight)), "
        + "labels " + record.labels.words,
    ])
    if let lambda = record.lambda {
      table.append([
        "prior",
        "gaussian on deviations from the identity (l2 = \(NumberText.significant(lambda)))",
      ])
    }
    if record.method != .isotonic {
      table.append([
        "status",
        (record.isConverged ? "converged" : "NOT CONVERGED") + ", \(record.iterations) iterations",
      ])
    }
    return table.text()
  }

  private var scores: String {
    var table = TextTable(["", "before", "after"], leftColumns: 1)
    let rows: [(String, (CalibrationRecord.Scores) -> Double)] = [
      ("cross entropy (nats)", { $0.crossEntropy }),
      ("= label entropy (floor)", { $0.labelEntropy }), ("+ KL divergence", { $0.divergence }),
      ("calibration error (top label)", { $0.calibrationError }), ("accuracy", { $0.accuracy }),
    ]
    for (name, value) in rows {
      table.append(
        [name]
          + [record.before, record.after].map {
            value($0) == .infinity ? "infinite" : NumberText.fixed(value($0), 6)
          })
    }
    return table.text()
      + "\n  \"after\" is measured on the rows of the fit: expect a little less on new ones"
  }

  private var parameters: String {
    guard !record.parameters.isEmpty else { return "" }
    var table = TextTable(
      ["parameter", "estimate", "std.error", "[2.5 %", "97.5 %]"], leftColumns: 1)
    let shown = record.parameters.prefix(rowLimit ?? record.parameters.count)
    for parameter in shown {
      table.append([
        words(parameter),
        NumberText.estimate(parameter.estimate, error: parameter.standardError),
        NumberText.significant(parameter.standardError, 4),
        NumberText.significant(parameter.interval?.lowerBound),
        NumberText.significant(parameter.interval?.upperBound),
      ])
    }
    let rest = record.parameters.count - shown.count
    return table.text() + (rest > 0 ? "\n  and \(rest) more: \(CommandFlag.json) has all" : "")
      + "\n  " + errors
  }

  private var errors: String {
    record.errors.map { "standard errors: \($0.rawValue); \(record.errorsReason.sentence)" }
      ?? "no standard errors: \(record.errorsReason.sentence)"
  }

  /// The name of a parameter in the table.
  private func words(_ parameter: CalibrationRecord.Parameter) -> String {
    func name(_ index: Int?) -> String {
      index.flatMap { classNames.indices.contains($0) ? classNames[$0] : nil } ?? ""
    }
    switch (parameter.role, record.method) {
    case (.temperature, _): return "temperature T"
    case (.slope, .temperature): return "1/T"
    case (.slope, _): return "slope \(name(parameter.classIndex))"
    case (.intercept, .vector): return "intercept \(name(parameter.classIndex))"
    case (.intercept, _): return "intercept \(name(parameter.classIndex)):\(name(0))"
    case (.weight, _):
      return "deviation \(name(parameter.classIndex)):\(name(0)) by \(name(parameter.scoreIndex))"
    }
  }

  private var verdict: String {
    guard record.test != nil else { return "  " + testWords }
    return "  were they calibrated already? \(testWords)\n  (\(record.testReason.sentence))"
  }

  /// The test of whether the predictions were calibrated already, in words.
  var testWords: String {
    guard let test = record.test else {
      return "no test of \"already calibrated\": \(record.testReason.sentence)"
    }
    let name = test.kind == .likelihoodRatio ? "likelihood-ratio" : "robust Wald"
    let p = NumberText.probability(test.pValue)
    return "\(name) test: chi-square(\(test.degreesOfFreedom)) = "
      + "\(NumberText.significant(test.statistic)), p \(p.hasPrefix("<") ? p : "= \(p)")"
  }

  private var notes: String {
    record.warnings.map { "warning[\($0.code)]: \(TerminalText.safe($0.message))" }
      .joined(separator: "\n")
  }

  /// One line for the summary of a model.
  public var line: String {
    [
      words, "fitted to \(NumberText.count(record.rowCount)) rows",
      "what follows is about the model before it",
    ].joined(separator: "; ")
  }

  /// The method, with the temperature if it has one.
  var words: String {
    var words = record.method.words
    if let temperature = record.parameters.first(where: { $0.role == .temperature }) {
      let interval = temperature.interval.map {
        " [\(NumberText.significant($0.lowerBound, 4)), "
          + "\(NumberText.significant($0.upperBound, 4))]"
      }
      words += ", T = \(NumberText.significant(temperature.estimate, 4))" + (interval ?? "")
    }
    return words
  }
}
