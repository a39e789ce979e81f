import ArgumentParser
import Surprisal

/// `surprisal aggregate`
struct AggregateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aggregate",
    abstract: "Make labels of the votes of annotators.",
    discussion: """
      Examples:
        surprisal aggregate votes.csv -o labels.csv
        surprisal aggregate votes.csv --item task --annotator worker --label answer
        surprisal aggregate wide.csv --annotators 'ann_*' --method one-coin
        surprisal aggregate votes.csv --method counts -o counts.csv

      Reads one vote a row (item, annotator, label), or one item a row with a
      column an annotator. Prints a summary: classes, annotators, log-likelihood,
      the maxima that were found. -o writes a line an item: the posterior of the
      classes as p_<class>, and as e_<class> the evidence, the likelihood of the
      votes for each class. A fit should read the evidence: the posterior has the
      prior of the classes in it already.

      Flags for reading files: --help-all.
      """)

  @Argument(
    help: ArgumentHelp("The votes: CSV or TSV; - for the standard input.", valueName: "file"))
  var file: String

  @OptionGroup(title: "Votes") var columns: VoteOptions
  @OptionGroup(title: "Method") var model: AggregationModelOptions

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write the labels of the items to this file, as CSV.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write the confusion matrices of the annotators to this file, as CSV.", valueName: "file"))
  var annotatorTable: String?

  @Flag(help: "Refuse to replace an existing file.")
  var noClobber = false

  @Flag(help: "Put an apostrophe before names that a spreadsheet would take for a formula.")
  var csvSafe = false

  @Flag(help: "Print every class, annotator and maximum.")
  var all = false

  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var common: OutputOptions

  func run() throws {
    let outputs = try CommandOutputs(
      [output, annotatorTable], noClobber: noClobber, rejects: table.rejects,
      inputs: [InputFile(file)])
    var reader = columns.reader
    reader.delimited = table.delimited(collecting: outputs.collector, threads: threads.count)
    let votes = try reader.read(InputFile(file))
    try requireMemory(votes)
    let aggregation = Aggregation(votes, options: model.options, reducer: threads.count)
    var printer = AggregationPrinter(aggregation, file: InputFile(file).name)
    printer.guardsFormulas = csvSafe
    if all { printer.rowLimit = nil }
    if let output {
      let staged = try outputs.stage(output)
      try printer.writeItems { try staged.write($0) }
    }
    if let annotatorTable { try outputs.stage(printer.annotatorRows, as: annotatorTable) }
    try outputs.finish {
      if common.json {
        try common.print(json: printer.json(listsItems: output == nil))
      } else {
        try common.print(text: printer.text)
      }
    }
  }

  /// Throws `limit.memory` before matrices are made that do not fit.
  private func requireMemory(_ votes: Votes) throws(FileError) {
    let cells = votes.annotatorCount.multipliedSaturating(by: votes.classCount * votes.classCount)
    let rows = votes.itemCount.multipliedSaturating(by: votes.classCount)
    try table.memoryBudget.require(
      cells.multipliedSaturating(by: 8 * 8).addingSaturating(rows.multipliedSaturating(by: 4 * 8)),
      for:
        "confusion matrices of \(votes.annotatorCount) annotators and \(votes.classCount) classes")
  }
}

/// Which columns are votes.
struct VoteOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The column of items. Default: item, task, ...", valueName: "column"))
  var item: String?

  @Option(
    help: ArgumentHelp(
      "The column of annotators. Default: annotator, worker, ...", valueName: "column"))
  var annotator: String?

  @Option(
    help: ArgumentHelp("The column of labels. Default: label, answer, ...", valueName: "column"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "One column an annotator, such as 'ann_*', and one row an item; an empty cell is no vote.",
      valueName: "columns"))
  var annotators: String?

  @Option(
    help: ArgumentHelp(
      "How many equal votes a vote counts for, or each vote of a row.", valueName: "column"))
  var weight: String?

  @Option(
    help: ArgumentHelp(
      "The classes in their order. Default: all labels that occur, sorted.", valueName: "a,b,..."))
  var classes: String?

  @Option(help: ArgumentHelp("The most classes there may be.", valueName: "n"))
  var maxClasses: Int?

  func validate() throws {
    if annotators != nil, annotator ?? label != nil {
      throw ValidationError("--annotators goes with one row an item: no --annotator, no --label")
    }
    if let names = classNames {
      if names.contains("") || names.count < 2 {
        throw ValidationError("--classes takes two names or more with commas between")
      }
      if Set(names).count < names.count { throw ValidationError("--classes names a class twice") }
    }
    if let maxClasses, maxClasses < 2 {
      throw ValidationError("--max-classes takes a number from 2 on")
    }
  }

  private var classNames: [String]? {
    classes?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// The reader of these columns.
  var reader: VoteReader {
    var reader = VoteReader()
    reader.item = item
    reader.annotator = annotator
    reader.label = label
    reader.annotators = annotators.map { ColumnPattern($0) }
    reader.weight = weight
    reader.classes = classNames
    if let maxClasses { reader.classLimit = maxClasses }
    return reader
  }
}

extension AggregationMethod: ExpressibleByArgument {}

/// What is fitted to votes.
struct AggregationModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How labels are made.", valueName: "name"))
  var method = AggregationMethod.dawidSkene

  @Option(
    help: ArgumentHelp(
      """
      Votes that each annotator is taken to have cast before the data, for each class: right ones, \
      and those for each wrong class if they differ. Default: 0, maximum likelihood.
      """,
      valueName: "n[,n]"))
  var pseudoCounts: PseudoCounts?

  @Option(
    help: ArgumentHelp(
      "Further starts. Default: 40 for small data, fewer or none for large ones.", valueName: "n"))
  var restarts: Int?

  @Option(help: ArgumentHelp("The seed of the further starts.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "The gradient, in votes, at which the maximum counts as reached.", valueName: "t"))
  var tolerance = 1e-9

  @Option(help: ArgumentHelp("The most steps from one start.", valueName: "n"))
  var maxIterations = 20_000

  func validate() throws {
    if !method.isModel, pseudoCounts != nil || restarts != nil {
      throw ValidationError(
        "--pseudo-counts and --restarts are for models, not for --method \(method.rawValue)")
    }
    if let restarts, !(0...100_000).contains(restarts) {
      throw ValidationError("--restarts takes a number from 0 to 100000")
    }
    if !(tolerance > 0 && tolerance.isFinite) {
      throw ValidationError("--tolerance takes a positive number")
    }
    if maxIterations < 1 { throw ValidationError("--max-iterations takes a number from 1 on") }
  }

  /// The options of the library.
  var options: AggregationOptions {
    AggregationOptions(
      method: method, pseudoCounts: pseudoCounts ?? PseudoCounts(), restarts: restarts, seed: seed,
      tolerance: tolerance, maximumIterations: maxIterations)
  }
}

extension PseudoCounts: ExpressibleByArgument {
  /// One number, or two with a comma between: right votes, and those for each wrong class.
  public init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0) }.filter { $0 >= 0 && $0.isFinite }
    guard numbers.count == parts.count, (1...2).contains(numbers.count) else { return nil }
    self.init(diagonal: numbers[0], offDiagonal: numbers[numbers.count - 1])
  }
}
