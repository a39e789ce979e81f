import ArgumentParser
import Surprisal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `surprisal report`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML file with the figures and numbers of a model on data.",
    discussion: """
      Examples:
        surprisal report model.json test.csv --probs 'p_*' -o report.html
        surprisal report test.csv --target class --predictions p.csv -o report.html
        surprisal report m.json test.csv --counts 'n_*' -o page.html --svg figures
        surprisal cv train.csv --probs 'p_*' --json > cv.json
        surprisal report m.json test.csv --probs 'p_*' --path cv.json -o page.html

      The file needs no network and runs no script; it is light or dark as the
      reader's machine is, fits a telephone and prints. Without -o it goes to the
      standard output.

      Flags for reading files: --help-all.
      """)

  @OptionGroup var input: ScoredRows

  @Option("file", "Write to this file atomically.", name: .output) var destination: String?

  @Option("folder", "Write each figure as SVG, and its numbers as CSV, to this folder.")
  var svg: String?

  @Option(
    "file", "Draw the path of the prior's strength from this file, written by surprisal cv --json.")
  var path: String?

  @Option(
    "column", "Standard errors by clusters: rows with the same text in this column form a cluster.")
  var cluster: String?

  @Option("text", "The heading of the page.") var title: String?

  @OptionGroup var replacement: ReplacementOptions
  @OptionGroup var csv: CSVOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if output.json, destination == "-" {
      throw ValidationError("--json uses the standard output: give -o a file")
    }
  }

  func run() throws {
    let page = destination == "-" ? nil : destination
    let outputs = try CommandOutputs(
      [page], noClobber: replacement.noClobber, rejects: input.rows.table.rejects, inputs: inputs)
    // Checks that the folder can be created before the work starts.
    if let svg { try outputs.makeFolder(svg) }
    let strengths = try path.map { try CrossValidationPathFile($0).read() }
    var content = try content(outputs.collector)
    content.strengthPath = strengths
    let report = try HTMLReport(content)
    if let page { try outputs.stage(report.html, as: page) }
    if let svg { try stage(report.figures, in: svg, outputs) }
    try outputs.finish {
      if output.json { return try output.print(json: report.json) }
      if page == nil { try OutputOptions.print(report.html, terminator: "") }
    }
  }

  /// Stages a picture and a table for each figure.
  private func stage(_ figures: [any Figure], in folder: String, _ outputs: CommandOutputs) throws {
    let writer = DelimitedWriter(guardsFormulas: csv.csvSafe)
    for figure in figures {
      let path = folder.hasSuffix("/") ? folder + figure.name : "\(folder)/\(figure.name)"
      try outputs.stage(figure.svg(), as: path + ".svg")
      try outputs.stage(figure.table.csv(writer: writer), as: path + ".csv")
    }
  }

  private var inputs: [InputFile] {
    input.inputs + (path.map { [InputFile($0)] } ?? [])
  }

  // MARK: Content

  private func content(_ collector: RejectCollector) throws -> ReportContent {
    let scorer = input.rows.scorer(
      of: input.data, cluster: cluster, quiet: output.quiet, collector: collector)
    return try content(try input.score(scorer))
  }

  /// The report content. Files are named without their folders, which are private.
  private func content(_ scored: PredictionScorer.Scored) throws -> ReportContent {
    let data = scored.loaded.dataset
    let model = scored.model
    let dataName = Self.name(of: input.data.path)
    var content = ReportContent(
      title: title ?? "Report on \(dataName)", dataName: dataName,
      sourceName: Self.name(of: input.source.path), classNames: scored.classNames,
      evaluation: scored.evaluation)
    content.predictions = data.classCount == 3 ? try probabilities(scored) : nil
    let numbers = scored.loaded.rowNumbers.map { $0 - 1 }
    content.rowNumbers = numbers.elementsEqual(numbers.indices) ? nil : numbers
    content.clusters = scored.clusters
    content.record = model?.record
    content.fit = scored.ownFit
    content.featureCount = model?.classifier.encoding.columnCount
    if let calibration = model?.classifier.calibration {
      content.calibration = calibration
      content.uncalibrated = try uncalibrated(scored)
    }
    content.bases =
      model?.classifier.encoding.baseLevels.map { "\($0.column) = \($0.level)" } ?? []
    content.notices =
      scored.loaded.warnings.map { WarningText(code: $0.code, message: $0.message) }
      + scored.notes.map { WarningText(code: "note", message: $0) }
    // Interpretations that need further numbers report the reason themselves.
    content.ledger = try? ledger(scored)
    return content
  }

  private func ledger(_ scored: PredictionScorer.Scored) throws -> Ledger {
    let (labels, weights) = (scored.loaded.dataset.labels, scored.loaded.dataset.weights)
    let numbers = (0..<labels.rowCount).map { weights[$0] }
    if case .probabilities(let probabilities) = scored.predictions {
      return try Ledger(labels: labels, predictions: probabilities, weights: numbers)
    }
    let rows = try scored.rows(of: try model(scored).classifier).encoded()
    return try Ledger(labels: labels, weights: numbers) {
      try rows.selecting($0).matrix(.probabilities, threads: input.rows.threads.count)
    }
  }

  private func model(_ scored: PredictionScorer.Scored) throws -> FittedModel {
    guard let model = scored.model else { throw UsageError("no predictions were named") }
    return model
  }

  private func probabilities(_ scored: PredictionScorer.Scored) throws -> ClassProbabilities {
    if case .probabilities(let probabilities) = scored.predictions { return probabilities }
    return ClassProbabilities(
      trusting: try scored.rows(of: try model(scored).classifier)
        .matrix(.probabilities, threads: input.rows.threads.count))
  }

  /// The same rows predicted without the calibration of the model, as those with it are held.
  private func uncalibrated(_ scored: PredictionScorer.Scored) throws -> Evaluation? {
    guard let classifier = scored.model?.classifier.uncalibrated else { return nil }
    let threads = input.rows.threads.count
    let data = scored.loaded.dataset
    switch try scored.rows(of: classifier)
      .logProbabilities(scored.predictions.storage, threads: threads)
    {
    case .computed(let source):
      return try Evaluation(
        ofBlockwise: source, against: data.labels, weights: data.weights, threads: threads)
    case .logarithms(let logs):
      return try Evaluation(
        ofLogProbabilities: logs, against: data.labels, weights: data.weights, threads: threads)
    case .probabilities: return nil
    }
  }

  private static func name(of path: String) -> String {
    path == "-" ? "standard input" : URL(fileURLWithPath: path).lastPathComponent
  }
}

extension PredictionScorer.Scored {
  /// These rows, with a classifier.
  fileprivate func rows(of classifier: SavedClassifier) throws(DatasetError) -> ClassifiedRows {
    ClassifiedRows(
      classifier: classifier, columns: loaded.requireColumns(), offsets: loaded.dataset.offsets,
      classNames: classNames)
  }
}
