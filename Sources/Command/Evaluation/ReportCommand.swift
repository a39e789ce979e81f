import ArgumentParser
import Foundation
import Surprisal

/// `surprisal report`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML file with the figures and numbers of a model on data.",
    discussion: """
      Examples:
        surprisal report model.json test.csv --probs 'p_*' -o report.html
        surprisal report test.csv --target class --predictions p.csv -o report.html
        surprisal report model.json test.csv --counts 'n_*' -o report.html --svg figures
        surprisal cv train.csv --probs 'p_*' --json > cv.json
        surprisal report model.json test.csv --probs 'p_*' --path cv.json -o report.html

      The file needs no network and runs no script; it is light or dark as the
      reader's machine is, fits a telephone and prints. Without -o it goes to the
      standard output.

      Flags for reading files: --help-all.
      """)

  @Argument(
    help: ArgumentHelp(
      "A model file and the data, or the data alone with --predictions.", valueName: "files")
  )
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Report on the predictions of this file, which has the same rows.", valueName: "file"))
  var predictions: String?

  @Option(help: ArgumentHelp("The columns of the predictions, one a class.", valueName: "columns"))
  var predictionColumns = "p_*"

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to this file, whole or not at all.", valueName: "file"))
  var destination: String?

  @Option(
    help: ArgumentHelp(
      "Write each figure as SVG, and its numbers as CSV, to this folder.", valueName: "folder"))
  var svg: String?

  @Option(
    help: ArgumentHelp(
      "Draw the path of the prior's strength that surprisal cv --json printed to this file.",
      valueName: "file"))
  var path: String?

  @Option(
    help: ArgumentHelp(
      "Standard errors by clusters: rows with the same text in this column belong together.",
      valueName: "column"))
  var cluster: String?

  @Option(help: ArgumentHelp("The heading of the page.", valueName: "text"))
  var title: String?

  @Flag(help: "Leave out features of a LIBSVM file beyond those of the model.")
  var ignoreUnseen = false

  @Flag(help: "Refuse to replace an existing file.")
  var noClobber = false

  @Flag(help: "Put an apostrophe before names that a spreadsheet would take for a formula.")
  var csvSafe = false

  @OptionGroup(title: "Labels (one kind)") var labels: LabelOptions
  @OptionGroup(title: "Weights and offsets") var weights: RowOptions
  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    let expected = predictions == nil ? 2 : 1
    if files.count != expected {
      throw ValidationError(
        predictions == nil
          ? "give a model file and a data file, or a data file with --predictions"
          : "with --predictions give the data file alone")
    }
    if output.json, destination == "-" {
      throw ValidationError("--json takes the standard output: give -o a file")
    }
  }

  func run() throws {
    let page = destination == "-" ? nil : destination
    let outputs = try CommandOutputs(
      [page], noClobber: noClobber, rejects: table.rejects, inputs: inputs)
    // The folder is known to be possible before the work.
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

  /// A picture and a table for each figure.
  private func stage(_ figures: [any Figure], in folder: String, _ outputs: CommandOutputs) throws {
    let writer = DelimitedWriter(guardsFormulas: csvSafe)
    for figure in figures {
      let path = folder.hasSuffix("/") ? folder + figure.name : "\(folder)/\(figure.name)"
      try outputs.stage(figure.svg(), as: path + ".svg")
      try outputs.stage(figure.table.csv(writer: writer), as: path + ".csv")
    }
  }

  private var inputs: [InputFile] {
    (files + labels.files + [predictions, path].compactMap { $0 }).map { InputFile($0) }
  }

  // MARK: Content

  private func content(_ collector: RejectCollector) throws -> ReportContent {
    let scorer = PredictionScorer(
      data: InputFile(files[files.count - 1]), labels: labels, weights: weights, table: table,
      threads: threads.count, cluster: cluster, ignoresUnseen: ignoreUnseen,
      quiet: output.quiet, collector: collector)
    if let predictions {
      let scored = try scorer.score(predictions: predictions, columns: predictionColumns)
      return try content(scored, source: predictions)
    }
    return try content(try scorer.score(model: files[0]), source: files[0])
  }

  /// Names are those of the files without their folders: where they lie is nobody's business.
  private func content(
    _ scored: PredictionScorer.Scored, source: String
  ) throws -> ReportContent {
    let data = scored.loaded.dataset
    let probabilities = try probabilities(scored)
    let dataName = Self.name(of: files.last ?? "")
    var content = ReportContent(
      title: title ?? "Report on \(dataName)", dataName: dataName,
      sourceName: Self.name(of: source), classNames: scored.classNames,
      evaluation: scored.evaluation)
    content.predictions = data.classCount == 3 ? probabilities : nil
    let numbers = scored.loaded.rowNumbers.map { $0 - 1 }
    content.rowNumbers = numbers.elementsEqual(numbers.indices) ? nil : numbers
    content.clusters = scored.clusters
    content.record = scored.record
    content.fit = scored.ownFit
    content.calibration = scored.model?.classifier.calibration
    content.bases =
      scored.model?.classifier.encoding.baseLevels.map { "\($0.column) = \($0.level)" } ?? []
    content.notices =
      scored.loaded.warnings.map { WarningText(code: $0.code, message: $0.message) }
      + scored.notes.map { WarningText(code: "labels", message: $0) }
    // Some readings need numbers that a data set does not have; they say so themselves.
    content.ledger = try? Ledger(
      labels: data.labels, predictions: probabilities,
      weights: (0..<data.rowCount).map { data.weights[$0] })
    return content
  }

  private func probabilities(_ scored: PredictionScorer.Scored) throws -> ClassProbabilities {
    if case .probabilities(let probabilities) = scored.predictions { return probabilities }
    guard let model = scored.model else { throw UsageError("no predictions were named") }
    let data = scored.loaded.dataset
    try table.requirePredictions(
      of: data.rowCount, classes: data.classCount, copies: 4, beside: scored.loaded.featureBytes)
    do throws(DatasetError) {
      return try model.classifier.probabilities(
        for: scored.loaded.requireColumns(), offsets: data.offsets, threads: threads.count)
    } catch {
      throw DataDiagnosis(error, in: scored.loaded.source)
    }
  }

  private static func name(of path: String) -> String {
    path == "-" ? "standard input" : URL(fileURLWithPath: path).lastPathComponent
  }
}
