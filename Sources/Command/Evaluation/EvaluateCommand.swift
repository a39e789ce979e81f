import ArgumentParser
import Surprisal

/// `surprisal evaluate`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare predictions with labels: cross entropy = label entropy + KL divergence.",
    discussion: """
      Examples:
        surprisal evaluate model.json test.csv --probs 'p_*'
        surprisal evaluate test.csv --target class --predictions p.csv
        surprisal evaluate model.json test.csv --counts 'n_*' --fail-if 'kl>0.15'
        surprisal evaluate model.json test.csv --probs 'p_*' --per-class --confusion --reliability

      The label entropy is the floor of these labels. Votes are random: the expected
      noise of the votes is what true predictions would miss on average, and the
      misfit is the rest, with a test that it is zero. The null model
      predicts the mean label of these rows, the uniform one the same probability
      for every class. Nothing is clipped: a class with label mass and prediction
      zero makes the cross entropy infinite.

      Flags for reading files: --help-all.
      """)

  @Argument(
    help: ArgumentHelp(
      "A model file and the data, or the data alone with --predictions.", valueName: "files")
  )
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Score the predictions of this file, which has the same rows.", valueName: "file"))
  var predictions: String?

  @Option(help: ArgumentHelp("The columns of the predictions, one a class.", valueName: "columns"))
  var predictionColumns = "p_*"

  @Option(
    help: ArgumentHelp(
      "Further measures: ldl prints the six label-distribution measures.", valueName: "ldl"))
  var metrics: MetricSet?

  @Option(
    help: ArgumentHelp(
      "Leave with status 3 if this holds, such as 'kl>0.15'; may be given again.",
      valueName: "condition"))
  var failIf: [String] = []

  @OptionGroup(title: "Tables and measures") var tables: EvaluationOptions

  @Flag(help: "Leave out features of a LIBSVM file beyond those of the model.")
  var ignoreUnseen = false

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
    for text in failIf {
      let measure = try parsed(text).measure
      if measure.isOfOrder, !tables.ordered {
        throw ValidationError("\(measure.rawValue) goes with --ordered")
      }
    }
  }

  func run() throws {
    let outputs = try CommandOutputs(
      rejects: table.rejects,
      inputs: (files + labels.files + [predictions].compactMap { $0 }).map { InputFile($0) })
    let scorer = PredictionScorer(
      data: InputFile(files[files.count - 1]), labels: labels, weights: weights, table: table,
      threads: threads.count, cluster: tables.cluster, ignoresUnseen: ignoreUnseen,
      quiet: output.quiet, collector: outputs.collector)
    let scored =
      if let predictions {
        try scorer.score(predictions: predictions, columns: predictionColumns)
      } else {
        try scorer.score(model: files[0])
      }
    var options = tables.options(classNames: scored.classNames, isJSON: output.json)
    options.includesLabelDistribution = metrics == .ldl
    options.clusters = scored.clusters
    options.notes = scored.notes + (try tables.noteOnOrder(of: scored.classNames, labels))
    options.fit = scored.ownFit
    let printer = try EvaluationPrinter(scored.evaluation, options: options)
    try outputs.finish {
      if output.json {
        try output.print(json: printer.json)
      } else {
        try output.print(text: printer.text)
      }
    }
    let broken = try failIf.filter { try parsed($0).holds(for: printer) }
    if broken.isEmpty { return }
    for text in broken { Console.write("condition met: \(text)") }
    throw ExitCode(3)
  }

  private func parsed(_ text: String) throws -> Condition {
    guard let condition = Condition(text) else {
      throw ValidationError(
        "--fail-if takes a measure, < or >, and a number, such as 'kl>0.15'; measures are "
          + EvaluationMeasure.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return condition
  }
}

/// Sets of measures beside the usual ones.
enum MetricSet: String, ExpressibleByArgument, CaseIterable {
  case ldl
}
