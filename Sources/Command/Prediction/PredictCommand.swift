import ArgumentParser
import Surprisal

/// `surprisal predict`
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Print the predicted class and the probabilities of each row.",
    discussion: """
      Examples:
        surprisal predict model.json new.csv > probabilities.csv
        cat new.csv | surprisal predict model.json - --type logits
        surprisal predict model.json new.csv --interval --level 0.9
        surprisal predict model.json new.csv --keep 'id,day' --top 3
        program | surprisal predict model.json - --format ndjson --stream

      Prints CSV with the columns predicted, p_<class>, ...; numbers read back to
      the same bits. --interval adds low_<class> and high_<class> after them: a
      confidence interval for each predicted probability, by the delta method on
      its log odds. Columns are found by name, in any order. Memory does not grow
      with the file.

      --keep repeats columns of the input before them. With --on-bad-row skip the
      first column is the number of the row in the input. --format ndjson reads a
      JSON object a line and prints one for each; so does a file .ndjson or .jsonl.
      --stream answers each line at once, for a program that waits at the other end
      of a pipe; --on-bad-row blank answers lines that cannot be used too.

      Flags for reading files: --help-all.
      """)

  /// What is printed for each class.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case probabilities
    case logits
  }

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Argument(
    help: ArgumentHelp(
      "The data: CSV, TSV, NPY, LIBSVM or NDJSON; - for the standard input.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("What is printed for each class.", valueName: "probabilities|logits"))
  var type = Kind.probabilities

  @Flag(help: "Add an interval for each probability; the model needs standard errors.")
  var interval = false

  @Option(help: ArgumentHelp("The level of the intervals. Default: 0.95.", valueName: "share"))
  var level: Double?

  @Option(
    help: ArgumentHelp(
      "The offsets the model was fitted with, such as 'o_*'.", valueName: "columns"))
  var offset: String?

  @Option(
    help: ArgumentHelp(
      """
      Repeat these columns of the input: names or globs. Numbers that the model reads are printed \
      as numbers, other cells as they are; missing cells are empty.
      """, valueName: "columns"))
  var keep: String?

  @Option(help: ArgumentHelp("Print the K most probable classes alone.", valueName: "K"))
  var top: Int?

  @Flag(help: "Answer each line at once.")
  var stream = false

  @Option(
    help: ArgumentHelp(
      "What is done about empty cells that the model cannot have.", valueName: "error|drop"))
  var missing = MissingPolicy.refuse

  @Option(
    help: ArgumentHelp(
      "What is done about levels the model was not trained on: zero takes them as the base level.",
      valueName: "error|zero"))
  var unseen = UnseenChoice.error

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write to this file, whole or not at all.", valueName: "file"))
  var output: String?

  @Flag(help: "Leave out features of a LIBSVM file beyond those of the model.")
  var ignoreUnseen = false

  @Flag(help: "Refuse to replace an existing file.")
  var noClobber = false

  @Flag(help: "Put an apostrophe before names that a spreadsheet would take for a formula.")
  var csvSafe = false

  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var common: OutputOptions

  func validate() throws {
    try missing.requireDropOrError()
    if interval, type == .logits {
      throw ValidationError("--interval goes with --type probabilities")
    }
    if let top {
      if top < 1 { throw ValidationError("--top takes a number from 1 on") }
      if interval { throw ValidationError("--top does not go with --interval") }
    }
    if stream, common.json { throw ValidationError("--stream does not go with --json") }
    if stream, output != nil, output != "-" {
      throw ValidationError("--stream answers on the standard output, not in a file")
    }
    guard let level else { return }
    if !interval { throw ValidationError("--level goes with --interval") }
    if !(level > 0 && level < 1) { throw ValidationError("--level takes a share between 0 and 1") }
  }

  func run() throws {
    let path = output == "-" ? nil : output
    let outputs = try CommandOutputs(
      [path], noClobber: noClobber, rejects: table.rejects,
      inputs: [InputFile(model), InputFile(file)])
    let saved = try ModelFile.read(InputFile(model))
    if saved.classifier.usesOffsets, offset == nil {
      throw UsageError(
        "the model was fitted with offsets, and needs them to predict",
        suggestion: "name their columns, one a class, with --offset 'o_*'")
    }
    sayWhatIsPredicted(saved.classifier.likelihood)
    let hasLines = table.format(of: InputFile(file)) == .ndjson
    let predictor = RowPredictor(
      classifier: saved.classifier, type: type,
      intervals: try interval ? saved.intervals(level: level ?? 0.95) : nil,
      threads: threads.count, table: table)
    var format = PredictionFormat(
      classNames: saved.classifier.classNames, type: type,
      kind: hasLines ? .lines : common.json ? .json : .csv, csvSafe: csvSafe)
    format.top = top.map { min($0, saved.classifier.classNames.count) }
    format.hasIntervals = interval
    format.leavesOut = leavesOut
    var writer = PredictionWriter(
      file: try path.map { try outputs.stage($0) }, flushes: stream)
    let warnings =
      try hasLines
      ? predictLines(predictor, format, &writer)
      : predictTable(predictor, DependenceCheck(of: saved), format, outputs.collector, &writer)
    try outputs.finish { try writer.close() }
    Console.report(warnings, quiet: common.quiet)
  }

  /// What is printed in the place of rows that are left out.
  private var leavesOut: PredictionFormat.LeavingOut {
    if table.onBadRow == .blank { return .blank }
    return table.onBadRow == .skip || missing == .drop ? .numbered : .nothing
  }

  /// The mean of a label is the softmax of its logits for most likelihoods, not for all.
  private func sayWhatIsPredicted(_ likelihood: any Likelihood) {
    guard type == .probabilities, !likelihood.meanIsSoftmax, !common.quiet else { return }
    Console.write(
      "note: probabilities are the mean under the \(likelihood.name) likelihood, not the softmax "
        + "of the logits")
  }

  /// Predicts from a table, in batches, and returns what was noticed.
  private func predictTable(
    _ predictor: RowPredictor, _ dependence: DependenceCheck?, _ format: PredictionFormat,
    _ collector: RejectCollector, _ writer: inout PredictionWriter
  ) throws -> [DataWarning] {
    try table.checkStorage(of: InputFile(file), allowsBlank: true)
    var options = table.delimited(collecting: collector, threads: threads.count)
    options.answersAtOnce = stream
    var rows = try PredictionStream(
      InputFile(file), inputs: predictor.classifier.inputs, classNames: format.classNames,
      offsets: offset.map { ColumnPattern($0) }, keeping: keep.map { ColumnPattern($0) },
      ignoringUnseen: ignoreUnseen, takingUnseenAsBase: unseen == .zero, missing: missing,
      options: options)
    var format = format
    format.kept = rows.keptNames
    try writer.write(format.head)
    var (check, numbers) = (dependence, [Int]())
    while var batch = try rows.next() {
      if table.rejects != nil { numbers += batch.numbers }
      if !batch.numbers.isEmpty {
        let columns = batch.columns
        batch.columns = try batch.locatingErrors { try check?.add(columns) ?? columns }
        let values = try predictor.values(of: batch)
        for row in batch.numbers.indices {
          let text = format.text(
            ofRow: row, of: values, number: batch.numbers[row], kept: batch.kept)
          try writer.write(text)
        }
      }
      if stream { try writer.write(format.blanks(through: rows.fileRowCount)) }
    }
    try writer.write(format.tail(rowCount: rows.fileRowCount))
    try collector.add(
      rowsOf: InputFile(file), kept: numbers, count: rows.fileRowCount, options)
    if let text = check?.warning?.text, !common.quiet {
      Console.warn(code: text.code, text.message)
    }
    return rows.warnings
  }

  /// Predicts from a JSON object a line, and returns what was noticed. With `--on-bad-row skip` a
  /// line that cannot be used is answered by its error, so that there is an answer for each.
  private func predictLines(
    _ predictor: RowPredictor, _ format: PredictionFormat, _ writer: inout PredictionWriter
  ) throws -> [DataWarning] {
    if offset != nil { throw UsageError("--offset does not go with JSON lines") }
    if missing == .drop || table.rejects != nil {
      throw UsageError(
        "--missing drop and --rejects do not go with JSON lines",
        suggestion: "--on-bad-row skip answers such lines by their error")
    }
    var lines = try JSONLines(
      InputFile(file), inputs: predictor.classifier.inputs, takingUnseenAsBase: unseen == .zero,
      recordLimit: table.maxRecord)
    let kept = keep.map { ColumnPattern($0) }
    var (format, rejected) = (format, 0)
    while let line = try lines.next() {
      var object = JSONObject()
      do {
        switch line {
        case .fault(let error, let number):
          if format.leavesOut == .numbered { object["row"] = .integer(number) }
          throw error
        case .row(let row):
          if format.leavesOut == .numbered { object["row"] = JSONValue(row.rows.numbers.first) }
          for (name, value) in row.object.members where kept?.matches(name) == true {
            object[name] = value
          }
          format.add(try predictor.values(of: row.rows).map { $0.row(0) }, to: &object)
        }
      } catch let error as any LocatedError where table.onBadRow != .error {
        rejected += 1
        object["error"] = .members([
          "code": .string(error.code), "message": .string(error.message),
        ])
      }
      try writer.write(format.text(of: object))
    }
    return lines.warnings
      + (rejected > 0 ? [.leftOut(LeftOutRows(rejected, .unreadable))] : [])
  }
}

extension FittedModel {
  /// Intervals for predictions. Throws `UsageError` where the model cannot have them.
  fileprivate func intervals(level: Double) throws -> PredictionIntervals {
    guard let affine = classifier.affine else {
      throw UsageError(
        "there are no intervals: the model is "
          + (classifier.calibration == nil ? "no softmax regression" : "calibrated"),
        suggestion: "leave --interval out")
    }
    do {
      return try PredictionIntervals(of: affine, parameters: parameters, level: level)
    } catch {
      throw UsageError(
        "there are no intervals: \(error.sentence)", suggestion: "leave --interval out")
    }
  }
}
