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

      The file needs no network and runs no script; it is light or dark as the reader's machine is,
      fits a telephone and prints. Without -o it goes to the standard output.
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
  @OptionGroup(title: "Reading") var table: TableOptions
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
    let files = ReportFiles(
      page: destination, folder: svg, noClobber: noClobber,
      writer: DelimitedWriter(guardsFormulas: csvSafe))
    try files.checkWritable(notSameAs: inputs)
    let strengths = try path.map { try StrengthPathFile($0).read() }
    var content = try content()
    content.strengthPath = strengths
    let report = HTMLReport(content)
    if destination != nil || !output.json { try files.write(page: report.html) }
    try files.write(figures: report.figures)
    if output.json { try output.print(json: report.json) }
  }

  private var inputs: [InputFile] {
    (files + [predictions, labels.labels, path].compactMap { $0 }).map { InputFile($0) }
  }

  // MARK: Content

  private func content() throws -> ReportContent {
    try predictions == nil ? modelContent() : predictionContent()
  }

  private func modelContent() throws -> ReportContent {
    let saved = try ModelFile.read(InputFile(files[0]))
    let classifier = saved.classifier
    if classifier.usesOffsets, weights.offset == nil {
      throw UsageError(
        "the model was fitted with offsets, and needs them to predict",
        cure: "name their columns, one a class, with --offset 'o_*'")
    }
    let loaded = try load(InputFile(files[1]), classes: classifier.classNames) { layout in
      layout.knownEncoding = classifier.encoding
    }
    let data = loaded.dataset
    do throws(DatasetError) {
      let logs = try classifier.logProbabilities(
        for: data.features, offsets: data.offsets, threads: threads.count)
      let probabilities = try classifier.probabilities(
        for: data.features, offsets: data.offsets, threads: threads.count)
      let evaluation = Evaluation(
        ofLogProbabilities: logs, against: data.labels, weights: data.weights,
        threads: threads.count)
      var content = content(
        loaded, evaluation, probabilities, classes: classifier.classNames, source: files[0])
      content.record = saved.record
      if classifier.likelihood is NoisyLabel { content.notices.append(Self.noise) }
      content.bases = classifier.encoding.baseLevels.map { "\($0.column) = \($0.level)" }
      return content
    } catch {
      throw DataDiagnosis(error, in: loaded.source)
    }
  }

  private func predictionContent() throws -> ReportContent {
    guard let predictions else { throw UsageError("no predictions were named") }
    let file = PredictionFile(
      InputFile(predictions), columns: ColumnPattern(predictionColumns),
      options: table.delimited(collecting: nil))
    let (classes, probabilities) = try file.read()
    let loaded = try load(InputFile(files[0]), classes: classes) { layout in
      layout.knownEncoding = FeatureEncoding(numbers: [])
    }
    guard loaded.dataset.rowCount == probabilities.rowCount else {
      throw LabelColumnError.rowMismatch(
        file: predictions, found: probabilities.rowCount, expected: loaded.dataset.rowCount)
    }
    let evaluation = Evaluation(
      of: probabilities, against: loaded.dataset.labels, weights: loaded.dataset.weights,
      threads: threads.count)
    return content(loaded, evaluation, probabilities, classes: classes, source: predictions)
  }

  private static let noise = FitRecord.Notice(
    code: "labels",
    message: "the model predicts the class behind a noisy label; the labels are scored as they "
      + "stand, noise included")

  /// Names are those of the files without their folders: where they lie is nobody's business.
  private func content(
    _ loaded: LoadedData, _ evaluation: Evaluation, _ probabilities: ClassProbabilities,
    classes: [String], source: String
  ) -> ReportContent {
    let data = loaded.dataset
    let dataName = Self.name(of: files.last ?? "")
    var content = ReportContent(
      title: title ?? "Report on \(dataName)", dataName: dataName,
      sourceName: Self.name(of: source), classNames: classes, evaluation: evaluation)
    content.predictions = classes.count == 3 ? probabilities : nil
    content.rowNumbers = loaded.source.rows
    content.clusters = loaded.clusters
    content.notices = loaded.notices.map {
      FitRecord.Notice(code: $0.code, message: $0.message)
    }
    // Some readings need numbers that a data set does not have; they say so themselves.
    content.ledger = try? Ledger(
      labels: data.labels, predictions: probabilities,
      weights: (0..<data.rowCount).map { data.weights[$0] })
    return content
  }

  private static func name(of path: String) -> String {
    path == "-" ? "standard input" : URL(fileURLWithPath: path).lastPathComponent
  }

  private func load(
    _ file: InputFile, classes: [String], adjust: (inout DataLayout) -> Void
  ) throws -> LoadedData {
    var layout = DataLayout(labels: try labels.requireColumns(of: file))
    labels.apply(to: &layout)
    weights.apply(to: &layout)
    layout.knownClasses = classes
    layout.ignoresUnseen = ignoreUnseen
    layout.allowsFractionalCounts = true
    layout.cluster = cluster
    layout.clusterFlag = "--cluster"
    adjust(&layout)
    try table.checkRejects(notSameAs: inputs)
    let collector = RejectCollector()
    let loaded = try DatasetReader(
      layout: layout, delimited: table.delimited(collecting: collector)
    ).read(file)
    try collector.write(to: table.rejects)
    Talk.report(loaded.notices, quiet: output.quiet)
    return loaded
  }
}
