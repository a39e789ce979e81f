import ArgumentParser
import Surprisal

/// `surprisal explain`
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "The likelihood ledger: a label and a prediction under every interpretation.",
    discussion: """
      Examples:
        surprisal explain --label 0,1,0 --prediction .2,.7,.1
        surprisal explain --label .2,.5,.3 --prediction .2,.7,.1 --votes 10
        surprisal explain model.json votes.csv --counts 'n_*'
        surprisal explain model.json faces.csv --probs 'p_*' --row 3

      Cross entropy and log-likelihood are the same number where the class is
      known. This prints what the log-likelihood is for every other thing a label
      can be, with its constant.

      Flags for reading files: --help-all.
      """)

  @Argument(
    help: ArgumentHelp(
      "A model file and the data, unless --label is given.", valueName: "files"))
  var files: [String] = []

  @Option("p", "A label: probabilities separated by commas.") var label: String?
  @Option("q", "A prediction: probabilities separated by commas.") var prediction: String?
  @Option("n", "The number of votes whose proportions are the label.") var votes: Double?
  @Option("phi", "The precision of the Dirichlet interpretations.") var precision: Double?

  @Option(
    "classes",
    "With --label: the candidate classes, counted from 1. Otherwise label columns of sets.")
  var candidates: String?

  @Option("file", "A CSV file with a confusion matrix, one row per true class.")
  var confusion: String?

  @Option("n", "Only this row of the data, counted from 1.") var row: Int?
  @Option("column", "One class name per row, in this column.") var target: String?
  @Option("columns", "A probability for each class, in these columns.") var probs: String?
  @Option("columns", "Votes for each class, in these columns.") var counts: String?

  @Option(
    "columns",
    "The likelihood of the observation under each class, up to a factor, in these columns.")
  var evidence: String?

  @Option(
    "prior",
    """
    The prior that the label holds if it is a posterior. With --label: numbers separated by \
    commas; else as in fit.
    """)
  var evidencePrior: String?

  @OptionGroup(title: "Weights and offsets") var weights: RowOptions
  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if (label == nil) != (prediction == nil) {
      throw ValidationError("--label and --prediction go together")
    }
    if label == nil, files.count != 2 {
      throw ValidationError("give --label and --prediction, or a model file and a data file")
    }
    if label != nil, !files.isEmpty {
      throw ValidationError("give --label and --prediction, or files, not both")
    }
    if let votes, !(votes >= 1 && votes.isFinite) {
      throw ValidationError("--votes takes a number of at least 1")
    }
    if let precision, !(precision > 0 && precision.isFinite) {
      throw ValidationError("--precision takes a positive number")
    }
    if let row, row < 1 { throw ValidationError("--row takes a number of at least 1") }
  }

  func run() throws {
    let outputs = try CommandOutputs(
      rejects: table.rejects,
      inputs: (files
        + [confusion, EvidencePrior.file(of: evidencePrior)].compactMap { $0 }).map {
          InputFile($0)
        })
    let printer = try label == nil ? explainData(outputs.collector) : explainPair()
    try outputs.finish {
      if output.json {
        try output.print(json: printer.json)
      } else {
        try output.print(text: printer.text)
      }
    }
  }

  // MARK: One pair

  private func explainPair() throws -> LedgerPrinter {
    let p = try numbers(label ?? "", of: "--label")
    let q = try numbers(prediction ?? "", of: "--prediction")
    guard p.count == q.count else {
      throw UsageError(
        "--prediction has \(q.count) classes, --label \(p.count)",
        suggestion: "both need one probability per class")
    }
    let classes = (1...max(p.count, 1)).map(String.init)
    var given = try assumptions(classes, candidates: try candidateIndices(classes))
    given.prior = try evidencePrior.map { try numbers($0, of: "--evidence-prior") }
    return try naming(classes) {
      let ledger = try Ledger(label: p, prediction: q, assuming: given)
      return LedgerPrinter(ledger, pair: (p, q))
    }
  }

  private func numbers(_ text: String, of flag: String) throws -> [Double] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { part -> Double? in
      let bare = part.filter { $0 != " " }
      return Double(bare.hasPrefix(".") ? "0" + bare : String(bare))
    }
    guard values.count == parts.count, values.count >= 2, values.allSatisfy(\.isFinite) else {
      throw UsageError(
        "\(flag) is \(EscapedText(text)), expected two or more numbers separated by commas")
    }
    return values
  }

  private func candidateIndices(_ classes: [String]) throws -> [Int]? {
    guard let candidates else { return nil }
    return try candidates.split(separator: ",").map { name in
      guard let index = classes.firstIndex(of: String(name)) else {
        throw UsageError(
          "--candidates: \(EscapedText(name)) is not a class",
          suggestion: "classes are counted from 1 to \(classes.count)")
      }
      return index
    }
  }

  private func assumptions(
    _ classes: [String], candidates: [Int]?
  ) throws -> Ledger.Assumptions {
    let matrix = try confusion.map { try ConfusionFile($0, classNames: classes).read() }
    return Ledger.Assumptions(
      votes: votes, precision: precision, candidates: candidates, confusion: matrix)
  }

  /// Converts errors in a label or prediction given as an argument to the common form.
  private func naming<R>(_ classes: [String], _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch LabelError.sum(_, let sum, _, _, _) {
      throw UsageError(
        "a distribution sums to \(NumberText.significant(sum)), not 1",
        suggestion: "--label and --prediction take probabilities")
    } catch let error as LabelError {
      throw UsageError(error.plainMessage(classNames: classes))
    }
  }

  // MARK: Data

  private func explainData(_ collector: RejectCollector) throws -> LedgerPrinter {
    let classifier = try ModelFile.read(InputFile(files[0])).classifier
    let loaded = try load(classifier, collector)
    Console.report(loaded.warnings, quiet: output.quiet)
    let rows: ClassifiedRows
    do throws(DatasetError) {
      rows = try ClassifiedRows(
        classifier: classifier, columns: loaded.requireColumns(), offsets: loaded.dataset.offsets,
        classNames: classifier.classNames
      ).encoded()
    } catch {
      throw DataDiagnosis(error, in: loaded.source)
    }
    func predictions(_ places: [Int]) throws -> BlockedMatrix {
      do throws(DatasetError) {
        return try rows.selecting(places).matrix(.probabilities, threads: .one)
      } catch {
        throw DataDiagnosis(error.mappingRows(places), in: loaded.source)
      }
    }
    if let row {
      return try explain(row: row, of: loaded, predictions, classifier.classNames)
    }
    let labels = loaded.dataset.labels
    let weights = (0..<labels.rowCount).map { loaded.dataset.weights[$0] }
    return try naming(classifier.classNames) {
      LedgerPrinter(
        try Ledger(
          labels: labels, weights: weights,
          assuming: assumptions(classifier.classNames, candidates: nil), computing: predictions))
    }
  }

  private func explain(
    row: Int, of loaded: LoadedData, _ predictions: ([Int]) throws -> BlockedMatrix,
    _ classes: [String]
  ) throws -> LedgerPrinter {
    guard row <= loaded.fileRowCount else {
      throw UsageError("--row \(row) is beyond the \(loaded.fileRowCount) rows of the data")
    }
    guard let place = loaded.rowNumbers.firstIndex(of: row) else {
      throw UsageError("--row \(row) was skipped in the data", suggestion: "name another row")
    }
    let labels = loaded.dataset.labels
    let pair = (labels.distribution(ofRow: place), try predictions([place]).row(0))
    return try naming(classes) {
      var given = try assumptions(classes, candidates: nil)
      if case .counts(let counts) = labels { given.votes = counts.totals[place] }
      if case .candidates(let sets) = labels { given.candidates = sets.members(ofRow: place) }
      if case .evidence(let evidence) = labels {
        given.logEvidence = evidence.logEvidence(ofRow: place)
      }
      let ledger = try Ledger(label: pair.0, prediction: pair.1, assuming: given)
      return LedgerPrinter(ledger, pair: pair)
    }
  }

  private func load(
    _ classifier: any Classifier, _ collector: RejectCollector
  ) throws -> LoadedData {
    var layout = ColumnRoles(labels: try labelColumns())
    layout.evidencePrior = try evidencePrior.flatMap { try EvidencePrior(argument: $0) }
    weights.apply(to: &layout)
    layout.knownClasses = classifier.classNames
    layout.inputs = classifier.inputs
    layout.allowsFractionalCounts = true
    let reader = DatasetReader(roles: layout, delimited: table.delimited(collecting: collector))
    let loaded = try reader.read(InputFile(files[1]))
    try collector.add(rowsLeftOutOf: loaded, InputFile(files[1]), reader.delimited)
    return loaded
  }

  private func labelColumns() throws -> LabelColumns {
    let given: [LabelColumns?] = [
      target.map { .target($0) }, probs.map { .probabilities(ColumnPattern($0)) },
      counts.map { .counts(ColumnPattern($0)) }, candidates.map { .candidates(ColumnPattern($0)) },
      evidence.map { .evidence(ColumnPattern($0), isLogarithm: false) },
    ]
    let columns = given.compactMap { $0 }
    guard let first = columns.first, columns.count == 1 else {
      throw UsageError(
        "name the label columns of one kind",
        suggestion: LabelOptions.kinds)
    }
    return first
  }
}
