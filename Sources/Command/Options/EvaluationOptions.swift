import ArgumentParser
import Surprisal

/// The tables that an evaluation prints, and the options of its measures.
struct EvaluationOptions: ParsableArguments {
  @Flag(help: "Print a line for each class.") var perClass = false
  @Flag(help: "Print the confusion matrix, expected over soft labels.") var confusion = false

  @Flag(help: "Print the bins of the reliability diagram with bands, and debiased errors.")
  var reliability = false

  @Flag(
    inversion: .prefixedNo,
    help: "Draw the reliability diagram in characters. Default: where the output is a terminal.")
  var plot: Bool?

  @Flag(help: "The classes stand in their order: add the ranked probability score.")
  var ordered = false

  @Option(
    "column", "Standard errors by clusters: rows with the same text in this column belong together."
  )
  var cluster: String?

  @Option("n", "Bins of equal mass in reliability diagrams.")
  var bins = ReliabilityDiagram.defaultBinCount

  @Option("share", "The coverage of bands and intervals.") var level = 0.95
  @Option("k", "How many classes of largest probability count as a hit in top-k.") var topK = 3

  func validate() throws {
    if topK < 1 { throw ValidationError("--top-k takes a number from 1 on") }
    if bins < 1 || bins > 1_000_000 {
      throw ValidationError("--bins takes a number from 1 to 1000000")
    }
    try IntervalOptions.check(level)
  }

  /// The order of the classes; alphabetical order of names is refused.
  func noteOnOrder(of classNames: [String], _ labels: LabelOptions) throws -> [String] {
    guard ordered else { return [] }
    if labels.target != nil, labels.classes == nil, ClassNames.areSortedTexts(classNames) {
      throw UsageError(
        "--ordered needs the order of the classes: they stand in that of words, "
          + classNames.prefix(20).map { EscapedText($0).text }.joined(separator: ", "),
        suggestion:
          "name all of them in their order with --classes, such as --classes low,medium,high")
    }
    return [
      "the ranked probability score takes the classes in the order "
        + classNames.prefix(20).map { EscapedText($0).text }.joined(separator: ", ")
        + (classNames.count > 20 ? ", ..." : "")
    ]
  }

  /// The library's options.
  func options(classNames: [String], isJSON: Bool) -> EvaluationPrinter.Options {
    var result = EvaluationPrinter.Options(classNames: classNames)
    result.topK = topK
    result.isOrdered = ordered
    result.binCount = bins
    result.level = level
    if perClass { result.parts.insert(.classes) }
    if confusion { result.parts.insert(.confusion) }
    if reliability { result.parts.insert(.reliability) }
    let terminal = Terminal.output
    if !isJSON, plot ?? terminal.isInteractive { result.parts.insert(.plot) }
    result.hasColor = terminal.hasColor
    return result
  }
}
