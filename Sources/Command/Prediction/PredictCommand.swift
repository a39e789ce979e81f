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

      Prints CSV with the columns predicted, p_<class>, ...; numbers read back to
      the same bits. --interval adds low_<class> and high_<class> after them: a
      confidence interval for each predicted probability, by the delta method on
      its log odds. Columns are found by name, in any order. Memory does not grow
      with the file.
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
      "The data: CSV, TSV, NPY or LIBSVM; - for the standard input.", valueName: "file"))
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

  @OptionGroup(title: "Reading") var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var common: OutputOptions

  func validate() throws {
    try missing.requireDropOrError()
    if interval, type == .logits {
      throw ValidationError("--interval goes with --type probabilities")
    }
    guard let level else { return }
    if !interval { throw ValidationError("--level goes with --interval") }
    if !(level > 0 && level < 1) { throw ValidationError("--level takes a share between 0 and 1") }
  }

  /// The mean of a label is the softmax of its logits for most likelihoods, not for all.
  private func sayWhatIsPredicted(_ likelihood: any Likelihood) {
    guard type == .probabilities, !likelihood.meanIsSoftmax, !common.quiet else { return }
    Console.write(
      "note: probabilities are the mean under the \(likelihood.name) likelihood, not the softmax "
        + "of "
        + "the logits")
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
    let intervals = try interval ? saved.intervals(level: level ?? 0.95) : nil
    try table.checkStorage(of: InputFile(file), allowsBlank: true)
    let delimited = table.delimited(collecting: outputs.collector, threads: threads.count)
    var stream = try PredictionStream(
      InputFile(file), inputs: saved.classifier.inputs, classNames: saved.classifier.classNames,
      offsets: offset.map { ColumnPattern($0) }, ignoringUnseen: ignoreUnseen,
      takingUnseenAsBase: unseen == .zero, missing: missing, options: delimited)
    let result = try path.map { try outputs.stage($0) }
    var standard = OutputFile()
    func write(_ text: String) throws {
      if let result { try result.write(text) } else { try standard.write(text) }
    }
    var format = PredictionFormat(
      classNames: saved.classifier.classNames, kind: type, isJSON: common.json, csvSafe: csvSafe,
      hasIntervals: interval)
    format.leavesOut = leavesOut
    try write(format.head)
    var kept: [Int] = []
    while let rows = try stream.next() {
      if table.rejects != nil { kept += rows.numbers }
      if rows.numbers.isEmpty { continue }
      try write(
        format.text(of: predictions(rows, saved.classifier, intervals), numbers: rows.numbers))
    }
    try write(format.tail(rowCount: stream.fileRowCount))
    try outputs.collector.add(
      rowsOf: InputFile(file), kept: kept, count: stream.fileRowCount, delimited)
    try outputs.finish { try standard.close() }
    Console.report(stream.warnings, quiet: common.quiet)
  }

  /// What is printed in the place of rows that are left out.
  private var leavesOut: PredictionFormat.LeavingOut {
    if table.onBadRow == .blank { return .blank }
    return table.onBadRow == .skip || missing == .drop ? .numbered : .nothing
  }
}

extension PredictCommand {
  /// The numbers of some rows: probabilities or logits, then lower and upper ends.
  private func predictions(
    _ rows: PredictionRows, _ classifier: SavedClassifier, _ intervals: PredictionIntervals?
  ) throws -> [BlockedMatrix] {
    try table.requirePredictions(
      of: rows.columns.rowCount, classes: classifier.classNames.count,
      copies: intervals == nil ? 4 : 12)
    return try rows.locatingErrors {
      guard let intervals else { return [try values(rows.columns, rows.offsets, classifier)] }
      // Encoded once for both.
      let features = try rows.columns.encoded(as: classifier.encoding)
      let ends = try intervals.ends(
        for: features, offsets: rows.offsets, threads: threads.count)
      return [
        try values(Columns(features), rows.offsets, classifier), ends.low, ends.high,
      ]
    }
  }

  private func values(
    _ columns: Columns, _ offsets: BlockedMatrix?, _ classifier: SavedClassifier
  ) throws(DatasetError) -> BlockedMatrix {
    try classifier.predict(
      type == .logits ? .logits : .probabilities, from: columns, offsets: offsets,
      threads: threads.count)
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

/// Predictions as CSV lines or as parts of one JSON object.
struct PredictionFormat {
  /// How predictions stay with their rows where rows are left out.
  enum LeavingOut {
    /// No row is.
    case nothing
    /// Each row has its number in the file.
    case numbered
    /// A line of empty cells is in the place of a row.
    case blank
  }

  var leavesOut = LeavingOut.nothing
  /// The number of the next row of the file.
  private var next = 1

  let classNames: [String]
  let kind: PredictCommand.Kind
  let isJSON: Bool
  let writer: DelimitedWriter
  private let hasIntervals: Bool
  private var isFirst = true

  init(
    classNames: [String], kind: PredictCommand.Kind, isJSON: Bool, csvSafe: Bool,
    hasIntervals: Bool = false
  ) {
    self.hasIntervals = hasIntervals
    self.classNames = classNames
    self.kind = kind
    self.isJSON = isJSON
    writer = DelimitedWriter(guardsFormulas: csvSafe)
  }

  /// What comes before the first row.
  var head: String {
    if isJSON {
      let names = JSONWriter.compact.text(of: .strings(classNames))
      return "{\"type\":\"\(kind.rawValue)\",\"classes\":\(names),\"predictions\":["
    }
    let prefixes = [kind == .logits ? "z_" : "p_"] + (hasIntervals ? ["low_", "high_"] : [])
    let names = prefixes.flatMap { prefix in classNames.map { writer.field(prefix + $0) } }
    return writer.line((leavesOut == .numbered ? ["row"] : []) + ["predicted"] + names)
  }

  /// What comes after the last row of a file of so many.
  mutating func tail(rowCount: Int = 0) -> String {
    blanks(before: rowCount + 1) + (isJSON ? "\n]}\n" : "")
  }

  /// Lines in the place of rows before one that are left out.
  private mutating func blanks(before number: Int) -> String {
    defer { next = number + 1 }
    guard leavesOut == .blank, next < number else { return "" }
    let count = classNames.count * (hasIntervals ? 3 : 1) + 1
    let line = isJSON ? "null" : writer.line([String](repeating: "", count: count))
    return (next..<number).reduce(into: "") { text, _ in text += (isJSON ? separator() : "") + line
    }
  }

  private mutating func separator() -> String {
    defer { isFirst = false }
    return isFirst ? "\n" : ",\n"
  }

  /// The rows of a batch: values, and the ends of intervals where there are any. The predicted class
  /// is the first with the largest value; an end that rounding leaves no digits of is empty.
  mutating func text(of batch: [BlockedMatrix], numbers: [Int]) -> String {
    var result = ""
    for (row, number) in numbers.enumerated() {
      result += blanks(before: number)
      let cells = batch.map { $0.row(row) }
      let values = cells.first ?? []
      let best = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
      if isJSON {
        var object = JSONObject()
        if leavesOut == .numbered { object["row"] = JSONValue(number) }
        object["predicted"] = .string(classNames[best])
        for (name, numbers) in zip([kind.rawValue, "low", "high"], cells) {
          object[name] = .numbers(numbers)
        }
        result += separator() + JSONWriter.compact.text(of: .object(object))
      } else {
        let fields = cells.joined().map { $0.isNaN ? "" : writer.field($0) }
        let row = leavesOut == .numbered ? ["\(number)"] : []
        result += writer.line(row + [writer.field(classNames[best])] + fields)
      }
    }
    return result
  }
}
