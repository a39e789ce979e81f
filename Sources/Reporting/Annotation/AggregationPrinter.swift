import SurprisalAnnotation
import SurprisalDiagnostics
import SurprisalTables

/// Labels aggregated from votes, as text and as CSV.
public struct AggregationPrinter: Sendable {
  /// The aggregation to be printed.
  public let aggregation: Aggregation
  /// The name of the file of votes.
  public let file: String
  /// The largest number of rows of a printed table; nil prints all.
  public var rowLimit: Int? = 30
  /// Whether texts that a spreadsheet would interpret as a formula are prefixed with an apostrophe.
  public var guardsFormulas = false

  /// The scores of the labels for known true classes.
  public var scores: TruthScores?
  /// The test of whether pairs of annotators agree as the model expects.
  public var fitTest: PairwiseFitTest?
  /// The votes to request next.
  public var nextVotes: [NextVote] = []
  /// The warnings from reading files.
  public var notices: [WarningText] = []

  let annotators: [AnnotatorSummary]
  let agreement: Agreement?

  /// Creates a printer.
  public init(_ aggregation: Aggregation, file: String) {
    self.aggregation = aggregation
    self.file = file
    annotators = aggregation.annotators
    agreement = Agreement(aggregation.votes)
  }

  var votes: Votes { aggregation.votes }
  var method: AggregationMethod { aggregation.options.method }

  // MARK: Text

  /// The summary, without a final line feed; at most 80 columns except for long names.
  public var text: String {
    var parts = [
      head, classTable, commonTable, annotatorTable, difficultyTable, agreementText, fitTestText,
      scoreText,
      nextTable,
    ]
    if let model = aggregation.model, model.optima.count > 1 { parts.append(optima(of: model)) }
    parts.append(
      warnings.map { "note[\($0.code)]: \(TerminalText.safe($0.message))" }.joined(separator: "\n"))
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  var warnings: [WarningText] { notices + aggregation.warnings.map(\.text) }

  private var head: String {
    var lines = [
      "\(TerminalText.safe(file)): \(amount(votes.count, "vote")) of "
        + "\(amount(votes.annotatorCount, "annotator")) on \(amount(votes.itemCount, "item")), "
        + amount(votes.classCount, "class", "classes"),
      "method: \(method.rawValue), \(Self.phrase(method))",
    ]
    guard let model = aggregation.model else { return lines.joined(separator: "\n") }
    if let hierarchy = model.hierarchy {
      return (lines + head(of: model, hierarchy)).joined(separator: "\n")
    }
    if let difficulty { return (lines + head(of: model, difficulty)).joined(separator: "\n") }
    let pseudo = aggregation.options.pseudoCounts
    if !pseudo.areZero {
      lines.append(
        "pseudo-counts: \(NumberText.significant(pseudo.diagonal)) right, "
          + "\(NumberText.significant(pseudo.offDiagonal)) for each wrong class; log posterior "
          + NumberText.fixed(model.value, 4))
    }
    lines.append(
      "log-likelihood \(NumberText.fixed(model.logLikelihood, 4)), "
        + amount(model.parameterCount, "parameter")
        + (aggregation.aic == nil
          ? ""
          : ", AIC \(NumberText.fixed(aggregation.aic, 2)), BIC "
            + NumberText.fixed(aggregation.bic, 2)))
    lines.append(
      (model.hasConverged ? "maximum reached" : "NOT at a maximum") + " after "
        + "\(amount(model.iterations, "step")), gradient "
        + "\(NumberText.significant(model.gradient, 2)) votes")
    return lines.joined(separator: "\n")
  }

  private var classTable: String {
    let counts = votes.counts
    let prior = aggregation.classPrior
    let total = counts.reduce(0, +)
    let errors = aggregation.uncertainty.flatMap { $0.kind == .joint ? $0.classPrior : nil }
    var table = TextTable(
      ["class", "votes", "share", aggregation.model == nil ? "mean label" : "prior"]
        + (errors == nil ? [] : ["std. error"]), leftColumns: 1)
    for k in 0..<min(votes.classCount, rowLimit ?? .max) {
      let mass = (0..<votes.itemCount).reduce(0) { $0 + counts[$1 * votes.classCount + k] }
      table.append(
        [
          votes.classNames[k], NumberText.count(mass), NumberText.percent(mass / total),
          NumberText.percent(prior[k]),
        ] + (errors.map { [NumberText.percent($0[k])] } ?? []))
    }
    return "classes\n" + table.text() + rest(votes.classCount, "classes")
  }

  private var annotatorTable: String {
    let hasErrors = annotators.contains { !$0.accuracyError.isNaN }
    let errorHeading = hasErrors ? ["std. error"] : []
    let headings =
      ["annotator", "votes"]
      + (difficulty == nil
        ? ["accuracy"] + errorHeading : ["ability"] + errorHeading + ["accuracy"])
    var table = TextTable(
      headings + ["nats a vote", "remarks"],
      alignments: [.left] + headings.map { _ in .right } + [.left])
    for (place, annotator) in annotators.prefix(rowLimit ?? .max).enumerated() {
      table.append(
        [annotator.name, "\(annotator.votes)"]
          + estimates(of: annotator, place, hasErrors: hasErrors).map { NumberText.fixed($0, 4) }
          + [
            NumberText.fixed(annotator.information, 4),
            annotator.flags.map(\.rawValue).joined(separator: ", "),
          ])
    }
    let found = AnnotatorSummary.Flag.allCases.compactMap { flag -> String? in
      let count = annotators.count { $0.flags.contains(flag) }
      return count > 0 ? "\(flag.rawValue) \(count)" : nil
    }
    return "annotators" + (found.isEmpty ? "" : ": " + found.joined(separator: ", ")) + "\n"
      + table.text() + rest(annotators.count, "annotators")
      + (hasErrors ? errorNote : "")
  }

  /// The numbers of an annotator's row besides the information.
  private func estimates(
    of annotator: AnnotatorSummary, _ place: Int, hasErrors: Bool
  ) -> [Double] {
    let values = annotatorValues(place)
    return values.isEmpty
      ? [annotator.accuracy, annotator.accuracyError].prefix(hasErrors ? 2 : 1) + []
      : values.prefix(hasErrors ? 2 : 1) + [annotator.accuracy]
  }

  private func optima(of model: VoteModel) -> String {
    let isPosterior = difficulty != nil || !aggregation.options.pseudoCounts.areZero
    let heading =
      model.hierarchy != nil ? "bound" : isPosterior ? "log posterior" : "log-likelihood"
    var table = TextTable([heading, "starts", "remarks"], alignments: [.right, .right, .left])
    for optimum in model.optima.prefix(rowLimit.map { _ in 10 } ?? .max) {
      let remarks = [
        optimum.value == model.value ? "reported" : nil,
        optimum.isFromShares ? "from the vote proportions" : nil,
        optimum.isSwitched ? "classes switched" : nil,
      ]
      table.append([
        NumberText.fixed(optimum.value, 6), "\(optimum.starts)",
        remarks.compactMap { $0 }.joined(separator: ", "),
      ])
    }
    return "maxima found: \(model.optima.count)\n" + table.text()
  }

  private func rest(_ count: Int, _ noun: String) -> String {
    guard let rowLimit, count > rowLimit else { return "" }
    return "\n  ... \(count - rowLimit) more \(noun): \(CommandFlag.all) prints them, "
      + "\(CommandFlag.json) lists them"
  }

  static func phrase(_ method: AggregationMethod) -> String {
    switch method {
    case .majority: "the class with most votes"
    case .shares: "the vote proportions"
    case .counts: "the votes for each class"
    case .oneCoin: "one accuracy per annotator"
    case .dawidSkene: "a confusion matrix per annotator"
    case .pooled: "one confusion matrix of all annotators"
    case .hierarchical: "confusion matrices drawn around a common one"
    case .glad: "an ability per annotator and a difficulty per item"
    }
  }

  func amount(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(plural ?? noun + "s")"
  }

  // MARK: CSV

  /// One line per item: its labels and, for a model, its evidence; written in pieces.
  public func writeItems<Failure: Error>(
    _ write: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let writer = DelimitedWriter(guardsFormulas: guardsFormulas)
    let isCounted = method == .counts
    let prefix = isCounted ? "n_" : "p_"
    var names = ["item", "votes"] + (isCounted ? [] : ["predicted"])
    names += votes.classNames.map { prefix + $0 }
    if aggregation.logEvidence != nil { names += votes.classNames.map { "e_" + $0 } }
    names += itemColumns
    try write(writer.line(names.map { writer.field($0) }))
    for item in 0..<votes.itemCount {
      var cells = [
        writer.field(votes.itemNames[item]), "\(votes.voteCount(ofItem: item))",
      ]
      if !isCounted {
        cells.append(writer.field(votes.classNames[aggregation.predictedClass(ofItem: item)]))
      }
      cells += aggregation.labels(ofItem: item).map {
        isCounted ? NumberText.count($0) : writer.field($0)
      }
      cells += (aggregation.evidence(ofItem: item) ?? []).map { writer.field($0) }
      cells += itemValues(item).map { number($0) }
      try write(writer.line(cells))
    }
  }

  /// One line for each annotator, class and label.
  public var annotatorRows: String {
    let writer = DelimitedWriter(guardsFormulas: guardsFormulas)
    var lines = writer.line(
      [
        "annotator", "votes", "accuracy", "std_error_accuracy", "information", "remarks", "class",
        "label", "probability", "std_error",
      ] + annotatorColumns)
    for (place, annotator) in annotators.enumerated() {
      let values = annotatorValues(place).map { number($0) }
      for (index, share) in annotator.confusion.enumerated() {
        lines += writer.line(
          [
            writer.field(annotator.name), "\(annotator.votes)", number(annotator.accuracy),
            number(annotator.accuracyError), number(annotator.information),
            annotator.flags.isEmpty
              ? "" : writer.field(annotator.flags.map(\.rawValue).joined(separator: " ")),
            writer.field(votes.classNames[index / votes.classCount]),
            writer.field(votes.classNames[index % votes.classCount]), number(share),
            number(annotator.confusionErrors[index]),
          ] + values)
      }
    }
    return lines
  }

  private func number(_ value: Double) -> String {
    value.isFinite ? DelimitedWriter().field(value) : ""
  }
}
