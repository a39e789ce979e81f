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
        surprisal predict model.json new.csv --votes votes.csv --key item
        surprisal predict model.json new.csv --annotator ann

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

  /// The values printed for each class.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case probabilities
    case logits
  }

  @Argument(help: ArgumentHelp("The model file.", valueName: "model")) var model: String

  @Argument(
    help: ArgumentHelp(
      "The data: CSV, TSV, NPY, LIBSVM or NDJSON; - for the standard input.", valueName: "file"))
  var file: String

  @Option("probabilities|logits", "The values printed for each class.")
  var type = Kind.probabilities

  @Flag(help: "Add an interval for each probability; the model needs standard errors.")
  var interval = false

  @Option("level", "The level of the intervals. Default: 0.95.") var level: Double?

  @OptionGroup var cells: CellOptions
  @OptionGroup(title: "Votes of annotators") var votes: VotePredictionOptions

  @Option(
    "columns",
    """
    Repeat these columns of the input: names, globs or ranges such as a..f. Numbers that the \
    model reads are printed as numbers, other cells as they are; missing cells are empty.
    """)
  var keep: String?

  @Option("K", "Print only the K most probable classes.") var top: Int?
  @Flag(help: "Answer each line immediately.") var stream = false
  @Option("file", "Write to this file atomically.", name: .output) var output: String?

  @Flag(help: "Ignore features of a LIBSVM file beyond those of the model.")
  var ignoreUnseen = false

  @OptionGroup var replacement: ReplacementOptions
  @OptionGroup var csv: CSVOptions

  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var common: OutputOptions

  func validate() throws {
    if interval, type == .logits {
      throw ValidationError("--interval needs --type probabilities")
    }
    if let top {
      if top < 1 { throw ValidationError("--top takes a number of at least 1") }
      if interval { throw ValidationError("--top cannot be combined with --interval") }
    }
    if votes.votes != nil || votes.annotator != nil {
      let flag = votes.votes == nil ? "--annotator" : "--votes"
      if interval || type == .logits {
        throw ValidationError(
          "\(flag) cannot be combined with \(interval ? "--interval" : "--type logits")")
      }
    }
    if stream, common.json { throw ValidationError("--stream cannot be combined with --json") }
    if stream, output != nil, output != "-" {
      throw ValidationError("--stream writes to the standard output, not to a file")
    }
    guard let level else { return }
    if !interval { throw ValidationError("--level needs --interval") }
    try IntervalOptions.check(level)
  }

  func run() throws {
    let path = output == "-" ? nil : output
    let outputs = try CommandOutputs(
      [path], noClobber: replacement.noClobber, rejects: table.rejects,
      inputs: ([model, file] + [votes.votes].compactMap { $0 }).map { InputFile($0) })
    let saved = try ModelFile.read(InputFile(model))
    if saved.classifier.usesOffsets, cells.offset == nil {
      throw UsageError(
        "the model was fitted with offsets, and needs them to predict",
        suggestion: "name their columns, one per class, with --offset 'o_*'")
    }
    sayWhatIsPredicted(saved.classifier.likelihood)
    let hasLines = table.format(of: InputFile(file)) == .ndjson
    let predictor = RowPredictor(
      classifier: saved.classifier, type: type,
      intervals: try interval ? saved.intervals(level: level ?? 0.95) : nil,
      threads: threads.count, table: table)
    var format = PredictionFormat(
      classNames: saved.classifier.classNames, type: type,
      kind: hasLines ? .lines : common.json ? .json : .csv, csvSafe: csv.csvSafe)
    format.top = top.map { min($0, saved.classifier.classNames.count) }
    format.hasIntervals = interval
    format.leavesOut = leavesOut
    let voting = try votes.predictor(
      of: saved, table.delimited(collecting: nil, threads: threads.count))
    if voting != nil, hasLines {
      throw UsageError(
        "votes cannot be combined with JSON lines", suggestion: "write the data as CSV")
    }
    var writer = PredictionWriter(
      file: try path.map { try outputs.stage($0) }, flushes: stream)
    let warnings =
      try hasLines
      ? predictLines(predictor, format, &writer)
      : predictTable(
        predictor, voting, DependenceCheck(of: saved), format, outputs.collector, &writer)
    try outputs.finish { try writer.close() }
    Console.report(warnings, quiet: common.quiet)
  }

  /// The output in place of skipped rows.
  private var leavesOut: PredictionFormat.LeavingOut {
    if table.onBadRow == .blank { return .blank }
    return table.onBadRow == .skip || cells.missing == .drop ? .numbered : .nothing
  }

  /// Prints a note if the predicted mean is not the softmax of the logits.
  private func sayWhatIsPredicted(_ likelihood: any Likelihood) {
    guard type == .probabilities, !likelihood.meanIsSoftmax, !common.quiet else { return }
    Console.write(
      "note: probabilities are the mean under the \(likelihood.name) likelihood, not the softmax "
        + "of the logits")
  }

  /// Predicts from a table, in batches, and returns the warnings.
  private func predictTable(
    _ predictor: RowPredictor, _ voting: VotePredictor?, _ dependence: DependenceCheck?,
    _ format: PredictionFormat, _ collector: RejectCollector, _ writer: inout PredictionWriter
  ) throws -> [DataWarning] {
    try table.checkStorage(of: InputFile(file), allowsBlank: true)
    var options = table.delimited(collecting: collector, threads: threads.count)
    options.answersAtOnce = stream
    var rows = try openRows(predictor, format, key: voting?.key, options)
    let printed = keep.map { ColumnPattern($0).resolvingRanges(among: rows.keptNames) }
    var format = format
    // The column that joins votes is read too; it is printed if --keep names it.
    format.kept =
      printed == nil
      ? [] : rows.keptNames.filter { $0 != voting?.key || printed?.matches($0) == true }
    try writer.write(format.head)
    var (check, voting, numbers, items) = (dependence, voting, [Int](), Set<String>())
    while var batch = try rows.next() {
      if table.rejects != nil { numbers += batch.numbers }
      if !batch.numbers.isEmpty {
        let columns = batch.columns
        batch.columns = try batch.locatingErrors { try check?.add(columns) ?? columns }
        var values = try predictor.values(of: batch)
        if let key = voting.map(\.key) {
          let column = batch.kept.first { $0.name == key }
          let keys = batch.numbers.indices.map { column?.key(ofRow: $0) }
          items.formUnion(keys.compactMap { $0 })
          let given = try keys.indices.map { row in
            let own = values[0].row(row)
            return try voting?.values(own, item: keys[row]) ?? own
          }
          values[0] = BlockedMatrix(rows: given, columnCount: format.classNames.count)
        }
        let kept = batch.kept.filter { format.kept.contains($0.name) }
        for row in batch.numbers.indices {
          let text = format.text(ofRow: row, of: values, number: batch.numbers[row], kept: kept)
          try writer.write(text)
        }
      }
      if stream { try writer.write(format.blanks(through: rows.fileRowCount)) }
    }
    try writer.write(format.tail(rowCount: rows.fileRowCount))
    try collector.add(
      rowsOf: InputFile(file), kept: numbers, count: rows.fileRowCount, options)
    let notices = (check?.warning.map { [$0.text] } ?? []) + (voting?.notices(rows: items) ?? [])
    for text in notices where !common.quiet { Console.warn(code: text.code, text.message) }
    return rows.warnings
  }

  /// The rows of the table, with the column that joins votes.
  private func openRows(
    _ predictor: RowPredictor, _ format: PredictionFormat, key: String?, _ options: DelimitedOptions
  ) throws -> PredictionStream {
    let kept = [keep, key].compactMap { $0 }.joined(separator: ",")
    do {
      return try PredictionStream(
        InputFile(file), inputs: predictor.classifier.inputs, classNames: format.classNames,
        offsets: cells.offset.map { ColumnPattern($0) },
        keeping: kept.isEmpty ? nil : ColumnPattern(kept),
        ignoringUnseen: ignoreUnseen, takingUnseenAsBase: cells.unseen == .zero,
        missing: cells.missing, options: options)
    } catch LabelColumnError.missingColumn(let name, .kept, let source, let names)
      where name == key
    {
      throw LabelColumnError.missingColumn(name, role: .key, file: source, among: names)
    }
  }

  /// Predicts from one JSON object per line, and returns the warnings. With `--on-bad-row skip` an
  /// unusable line is answered by its error, so that every line has an answer.
  private func predictLines(
    _ predictor: RowPredictor, _ format: PredictionFormat, _ writer: inout PredictionWriter
  ) throws -> [DataWarning] {
    if cells.offset != nil { throw UsageError("--offset cannot be combined with JSON lines") }
    if cells.missing == .drop || table.rejects != nil {
      throw UsageError(
        "--missing drop and --rejects cannot be combined with JSON lines",
        suggestion: "--on-bad-row skip answers such lines with their error")
    }
    var lines = try JSONLines(
      InputFile(file), inputs: predictor.classifier.inputs,
      takingUnseenAsBase: cells.unseen == .zero,
      recordLimit: table.maxRecord)
    let pattern = keep.map { ColumnPattern($0) }
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
          let members = row.object.members
          let kept = pattern?.resolvingRanges(among: members.map { $0.0 })
          for (name, value) in members where kept?.matches(name) == true { object[name] = value }
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
  /// Prediction intervals. Throws `UsageError` if the model does not support them.
  fileprivate func intervals(level: Double) throws -> PredictionIntervals {
    guard let affine = classifier.affine else {
      throw UsageError(
        "there are no intervals: the model is "
          + (classifier.calibration == nil ? "not a softmax regression" : "calibrated"),
        suggestion: "leave out --interval")
    }
    do {
      return try PredictionIntervals(of: affine, parameters: parameters, level: level)
    } catch {
      throw UsageError(
        "there are no intervals: \(error.sentence)", suggestion: "leave out --interval")
    }
  }
}
