import ArgumentParser
import Surprisal

/// The columns of a file of votes.
struct VoteColumns: ParsableArguments {
  @Option(help: .itemColumn) var item: String?

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

  func validate() throws {
    if annotators != nil, annotator ?? label != nil {
      throw ValidationError("--annotators goes with one row an item: no --annotator, no --label")
    }
  }

  /// The first flag that was given; nil for none.
  var given: String? {
    let flags = [
      ("--item", item), ("--annotator", annotator), ("--label", label),
      ("--annotators", annotators),
    ]
    return flags.first { $0.1 != nil }?.0
  }

  /// A reader of these columns.
  var reader: VoteReader {
    var reader = VoteReader()
    (reader.item, reader.annotator, reader.label) = (item, annotator, label)
    reader.annotators = annotators.map { ColumnPattern($0) }
    return reader
  }
}

/// The columns, weights and classes of the votes to aggregate.
struct VoteOptions: ParsableArguments {
  @OptionGroup var columns: VoteColumns

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
    var reader = columns.reader
    reader.weight = weight
    reader.classes = classNames
    if let maxClasses { reader.classLimit = maxClasses }
    return reader
  }
}

extension AggregationMethod: ExpressibleByArgument {}

/// The model of votes and its options.
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

  @Flag(help: "Compute no standard errors.")
  var noStdErrors = false

  func validate() throws {
    if !method.isModel, pseudoCounts != nil || restarts != nil {
      throw ValidationError(
        "--pseudo-counts and --restarts are for models, not for --method \(method.rawValue)")
    }
    if !method.takesPseudoCounts, pseudoCounts != nil {
      throw ValidationError(
        "--pseudo-counts does not go with --method \(method.rawValue), "
          + (method == .glad ? "whose abilities have a prior" : "which estimates them"))
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
      tolerance: tolerance, maximumIterations: maxIterations, hasStandardErrors: !noStdErrors)
  }
}

extension PseudoCounts: ExpressibleByArgument {
  /// One number, or two separated by a comma: correct votes, and votes for each wrong class.
  public init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0) }.filter { (0...1e15).contains($0) }
    guard numbers.count == parts.count, (1...2).contains(numbers.count) else { return nil }
    self.init(diagonal: numbers[0], offDiagonal: numbers[numbers.count - 1])
  }
}
