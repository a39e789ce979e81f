import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalModels
import SurprisalTables

/// A cross-validation as text and as JSON.
public struct CrossValidationPrinter: Sendable {
  /// The settings of the validation, in the terms of the command line.
  public struct Setting: Sendable {
    /// The name of the data.
    public var dataName: String?
    /// The number of rows of positive weight.
    public var rowCount: Int
    /// The number of design columns.
    public var featureCount: Int
    /// The classes.
    public var classNames: [String]
    /// The likelihood: `categorical`.
    public var likelihood: String
    /// Whether the log-likelihood is minus the cross entropy, so that the loss is the cross
    /// entropy.
    public var lossIsCrossEntropy: Bool
    /// The architecture of a network; nil for softmax regression.
    public var network: MultilayerPerceptron?
    /// Whether the prior applies to the coefficients of standardised features.
    public var isStandardized: Bool
    /// The seed of the folds.
    public var seed: UInt64
    /// How the strength was chosen inside folds.
    public var choice: LambdaChoice

    /// Creates the settings.
    public init(
      dataName: String?, rowCount: Int, featureCount: Int, classNames: [String],
      likelihood: String, lossIsCrossEntropy: Bool, network: MultilayerPerceptron? = nil,
      isStandardized: Bool, seed: UInt64,
      choice: LambdaChoice
    ) {
      self.dataName = dataName
      self.rowCount = rowCount
      self.featureCount = featureCount
      self.classNames = classNames
      self.likelihood = likelihood
      self.lossIsCrossEntropy = lossIsCrossEntropy
      self.network = network
      self.isStandardized = isStandardized
      self.seed = seed
      self.choice = choice
    }
  }

  let summary: CrossValidationSummary
  let setting: Setting
  let includesLabelDistribution: Bool

  /// Creates a printer; prints the six label-distribution measures on request.
  public init(
    _ summary: CrossValidationSummary, setting: Setting, includesLabelDistribution: Bool
  ) {
    self.summary = summary
    self.setting = setting
    self.includesLabelDistribution = includesLabelDistribution
  }

  /// Warnings for the reader: a minimum at an end of the path, fits that did not converge.
  public var notices: [WarningText] {
    var result: [WarningText] = []
    let best = summary.index(.minimum)
    let last = summary.strengths.count - 1
    // A strength of zero is the natural end of the path and needs no warning.
    let isAtEnd = best == 0 || (best == last && summary.strengths[best] > 0)
    if last > 0, isAtEnd {
      result.append(
        WarningText(
          code: "cv.edge",
          message: "the smallest loss is at the \(best == 0 ? "strong" : "weak") end of the path "
            + "(l2 = \(NumberText.significant(summary.strengths[best]))): it may be smaller beyond")
      )
    }
    let failed = summary.unconvergedFits.reduce(0, +)
    if failed > 0 {
      result.append(
        WarningText(
          code: "cv.unconverged",
          message: "\(failed) of \(fitCount) fits did not converge; the table shows at which l2"))
    }
    return result
  }

  private var fitCount: Int { summary.repeats * summary.foldCount * summary.strengths.count }

  // MARK: Text

  /// The text, without a final line feed.
  public var text: String {
    [header, path, chosen, measures, remarks].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var header: String {
    var table = TextTable(["", ""], leftColumns: 2)
    table.append([
      "data",
      (setting.dataName.map { "\(TerminalText.safe($0)): " } ?? "")
        + "\(setting.rowCount) rows, \(setting.featureCount) features, "
        + "\(setting.classNames.count) classes",
    ])
    if let network = setting.network { table.append(["model", network.summary]) }
    table.append(["folds", foldLine])
    let what =
      if setting.network != nil {
        "weights"
      } else {
        (setting.isStandardized ? "standardised" : "raw") + " coefficients"
      }
    table.append(["prior", "gaussian on \(what), \(summary.strengths.count) strengths"])
    table.append([
      "loss",
      setting.lossIsCrossEntropy
        ? "cross entropy of held-out rows, nats"
        : "minus the \(setting.likelihood) log-likelihood of held-out rows per unit of weight, "
          + "without constants",
    ])
    return table.text()
  }

  private var foldLine: String {
    let what =
      switch summary.dealing {
      case .rows: "rows at random"
      case .classes: "rows at random, each class spread evenly"
      case .groups: "whole groups"
      }
    return "\(summary.foldCount)" + (summary.repeats > 1 ? ", \(summary.repeats) times" : "")
      + ": \(what), seed \(setting.seed)"
      + (summary.nestedChoices == nil
        ? "" : "; \(summary.foldCount) inside each, for nested scores")
  }

  private var path: String {
    let failed = summary.unconvergedFits.contains { $0 > 0 }
    let headings = ["l2", "loss", "std.error", "KL", "Brier", "accuracy"]
    var table = TextTable(
      headings + (failed ? ["unconverged"] : []) + [""],
      alignments: headings.map { _ in .right } + (failed ? [.right] : []) + [.left])
    let (best, simple) = (summary.index(.minimum), summary.index(.oneStandardError))
    for (index, strength) in summary.strengths.enumerated() {
      let scores = summary.scores(at: index)
      let mark = [(best, "minimum"), (simple, "one standard error")]
        .filter { $0.0 == index }.map(\.1).joined(separator: ", ")
      table.append(
        [
          NumberText.significant(strength), number(scores[.loss]),
          number(summary.standardError(of: .loss, at: index)), number(scores[.klDivergence]),
          number(scores[.brier]), number(scores[.accuracy]),
        ] + (failed ? ["\(summary.unconvergedFits[index])"] : []) + [
          mark.isEmpty ? "" : "< \(mark)"
        ])
    }
    return table.text()
  }

  private var chosen: String {
    var table = TextTable(
      [
        "held-out rows", "l2", "cross entropy", "= entropy", "+ KL", "std.error", "Brier",
        "accuracy",
      ],
      leftColumns: 1)
    for row in rows {
      table.append([
        row.name, row.strength, number(row.scores[.crossEntropy]),
        number(row.scores[.labelEntropy]), number(row.scores[.klDivergence]),
        number(row.error(.klDivergence)), number(row.scores[.brier]),
        number(row.scores[.accuracy]),
      ])
    }
    return table.text()
  }

  private var measures: String {
    guard includesLabelDistribution else { return "" }
    let names: [HeldOutScores.Measure] = Self.distributionMeasures
    var table = TextTable(
      ["label distributions"] + names.map { $0 == .klDivergence ? "kl" : $0.rawValue },
      leftColumns: 1)
    for row in rows {
      table.append([row.name] + names.map { number(row.scores[$0]) })
      table.append(["  std.error"] + names.map { number(row.error($0)) })
    }
    return table.text()
  }

  private var remarks: String {
    var lines = ["  std.error: from the spread of the folds; more repeats do not make it smaller"]
    if let choices = summary.nestedChoices {
      let counts = summary.strengths.indices.compactMap { index -> String? in
        let count = choices.reduce(0) { $0 + $1.count { $0 == index } }
        return count > 0
          ? "\(NumberText.significant(summary.strengths[index])) in \(count)" : nil
      }
      lines.append("  nested: l2 chosen inside each fold: " + counts.joined(separator: ", "))
    } else if summary.strengths.count > 1 {
      lines.append(
        "  the row of the minimum is a little too good, since it was chosen on these folds; "
          + "\(CommandFlag.nested) gives honest scores")
    }
    return lines.joined(separator: "\n")
  }

  static let distributionMeasures: [HeldOutScores.Measure] = [
    .chebyshev, .clark, .canberra, .klDivergence, .cosine, .intersection,
  ]

  private func number(_ value: Double) -> String {
    value == .infinity ? "infinite" : NumberText.fixed(value, 6)
  }
}

extension CrossValidationPrinter {
  /// A row of the table of choices.
  struct Row {
    let key: String
    let name: String
    let strength: String
    let scores: HeldOutScores
    let error: (HeldOutScores.Measure) -> Double
    let repeats: [HeldOutScores]
  }

  /// The choices, the nested procedure, and the mean label.
  var rows: [Row] {
    let choices: [(String, String, LambdaChoice)] = [
      ("minimum", "minimum", .minimum),
      ("one_standard_error", "one standard error", .oneStandardError),
    ]
    var result = choices.map { key, name, choice in
      let index = summary.index(choice)
      return Row(
        key: key, name: name, strength: NumberText.significant(summary.strengths[index]),
        scores: summary.scores(at: index),
        error: { summary.standardError(of: $0, at: index) },
        repeats: summary.repeatScores(at: index))
    }
    if let nested = summary.nested, let repeats = summary.nestedRepeatScores {
      result.append(
        Row(
          key: "nested", name: "nested", strength: "", scores: nested,
          error: { summary.nestedStandardError(of: $0) ?? .infinity }, repeats: repeats))
    }
    result.append(
      Row(
        key: "null", name: "mean label of the training rows", strength: "", scores: summary.null,
        error: { summary.nullStandardError(of: $0) },
        repeats: summary.nullScores.map { HeldOutScores(pooling: $0) }))
    return result
  }
}
