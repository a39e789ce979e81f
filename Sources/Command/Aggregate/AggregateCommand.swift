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
        surprisal aggregate votes.csv --report votes.html

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
    help: ArgumentHelp(
      "True classes of some items, which are taken as known: a file of items and classes.",
      valueName: "file"))
  var gold: String?

  @Option(
    help: ArgumentHelp(
      "True classes that labels are compared with, and that no label is made of.",
      valueName: "file"))
  var truth: String?

  @Option(
    help: ArgumentHelp(
      """
      Test whether pairs of annotators agree as the model expects, by so many draws of votes from \
      it, such as 199.
      """,
      valueName: "n"))
  var fitTest: Int?

  @Option(
    help: ArgumentHelp(
      "Name the n items that another vote would tell most of, and whose vote.", valueName: "n"))
  var next: Int?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write the labels of the items to this file, as CSV.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write the confusion matrices of the annotators to this file, as CSV.", valueName: "file"))
  var annotatorTable: String?

  @Option(
    help: ArgumentHelp(
      "Write a page to this file: items that need another vote, annotators, classes.",
      valueName: "file"))
  var report: String?

  @Flag(help: "Refuse to replace an existing file.")
  var noClobber = false

  @Flag(help: "Put an apostrophe before names that a spreadsheet would take for a formula.")
  var csvSafe = false

  @Flag(help: "Print every class, annotator and maximum.")
  var all = false

  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var common: OutputOptions

  func validate() throws {
    if !model.method.isModel, fitTest != nil || next != nil {
      throw ValidationError(
        "--fit-test and --next are for models, not for --method \(model.method.rawValue)")
    }
    if [.hierarchical, .glad].contains(model.method), fitTest != nil {
      throw ValidationError(
        "--fit-test compares with confusion matrices of all items: use --method dawid-skene")
    }
    if model.method == .counts, gold != nil || truth != nil {
      throw ValidationError("--gold and --truth do not go with --method counts")
    }
    if let fitTest, !(1...100_000).contains(fitTest) {
      throw ValidationError("--fit-test takes a number from 1 to 100000")
    }
    if let next, next < 1 { throw ValidationError("--next takes a number from 1 on") }
  }

  func run() throws {
    let outputs = try CommandOutputs(
      [output, annotatorTable, report], noClobber: noClobber, rejects: table.rejects,
      inputs: [file, gold, truth].compactMap { $0.map { InputFile($0) } })
    var reader = columns.reader
    reader.delimited = table.delimited(collecting: outputs.collector, threads: threads.count)
    let votes = try reader.read(InputFile(file))
    do throws(VoteError) { try model.method.check(votes) } catch {
      throw VoteTableError.votes(error, file: InputFile(file).name)
    }
    try table.requireMemory(forMatricesOf: votes, method: model.method)
    let known = try gold.map { try reader.readTruth(InputFile($0), of: votes) }
    let truth = try truth.map { try reader.readTruth(InputFile($0), of: votes) }
    let aggregation = try Aggregation(
      votes, options: model.options, gold: known?.classes, reducer: threads.count)
    var printer = AggregationPrinter(aggregation, file: InputFile(file).name)
    printer.notices = [known, truth].compactMap { $0?.notice }
    printer.scores = try truth.flatMap { try TruthScores(aggregation, truth: $0.classes) }
    printer.fitTest = fitTest.flatMap {
      PairwiseFitTest(aggregation, draws: $0, seed: model.seed, reducer: threads.count)
    }
    printer.nextVotes = aggregation.nextVotes(next ?? 0)
    printer.guardsFormulas = csvSafe
    if all { printer.rowLimit = nil }
    if let output {
      let staged = try outputs.stage(output)
      try printer.writeItems { try staged.write($0) }
    }
    if let report { try outputs.stage(AggregationReport(printer).html, as: report) }
    if let annotatorTable { try outputs.stage(printer.annotatorRows, as: annotatorTable) }
    try outputs.finish {
      if common.json {
        try common.print(json: printer.json(listsItems: output == nil))
      } else if !common.quiet || [output, report, annotatorTable].allSatisfy({ $0 == nil }) {
        try common.print(text: printer.text)
      }
    }
  }
}
