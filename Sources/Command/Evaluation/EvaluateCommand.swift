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
        surprisal evaluate model.json test.csv --probs 'p_*' --per-class --confusion

      The label entropy is the floor of these labels. Votes are random: the expected
      noise of the votes is what true predictions would miss on average, and the
      misfit is the rest, with a test that it is zero. The null model
      predicts the mean label of these rows, the uniform one the same probability
      for every class. Nothing is clipped: a class with label mass and prediction
      zero makes the cross entropy infinite.

      Flags for reading files: --help-all.
      """)

  @OptionGroup var input: ScoredRows

  @Option(help: .metrics) var metrics: MetricSet?

  @Option("condition", "Exit with status 3 if this holds, such as 'kl>0.15'; may be repeated.")
  var failIf: [String] = []

  @OptionGroup(title: "Tables and measures") var tables: EvaluationOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    for text in failIf {
      let measure = try parsed(text).measure
      if measure.isOfOrder, !tables.ordered {
        throw ValidationError("\(measure.rawValue) goes with --ordered")
      }
    }
  }

  func run() throws {
    let outputs = try CommandOutputs(
      rejects: input.rows.table.rejects, inputs: input.inputs)
    let scored = try input.score(
      input.rows.scorer(
        of: input.data, cluster: tables.cluster, quiet: output.quiet, collector: outputs.collector))
    var options = tables.options(classNames: scored.classNames, isJSON: output.json)
    options.includesLabelDistribution = metrics == .ldl
    options.clusters = scored.clusters
    options.notes =
      scored.notes + (try tables.noteOnOrder(of: scored.classNames, input.rows.labels))
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

/// Optional sets of measures.
enum MetricSet: String, ExpressibleByArgument, CaseIterable {
  case ldl
}
