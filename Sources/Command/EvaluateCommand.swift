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

      The label entropy is the floor: no prediction goes below it. The null model predicts the
      mean label of these rows, the uniform one the same probability for every class. Nothing is
      clipped: a class with label mass and prediction zero makes the cross entropy infinite.
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
    for text in failIf {
      if try parsed(text).measure == .rps, !tables.ordered {
        throw ValidationError("rps goes with --ordered")
      }
    }
  }

  func run() throws {
    let scored = try predictions == nil ? evaluateModel() : evaluatePredictions()
    var options = tables.options(classNames: scored.classNames, isJSON: output.json)
    options.includesLabelDistribution = metrics == .ldl
    options.clusters = scored.clusters
    options.notes = scored.notes
    let printer = EvaluationPrinter(scored.evaluation, options: options)
    if output.json {
      try output.print(json: printer.json)
    } else {
      try output.print(text: printer.text)
    }
    let broken = try failIf.filter { try parsed($0).holds(for: printer) }
    if broken.isEmpty { return }
    for text in broken { Talk.say("condition met: \(text)") }
    throw ExitCode(3)
  }

  /// What was scored, and what the printing has to know.
  private struct Scored {
    let evaluation: Evaluation
    let classNames: [String]
    let clusters: Clusters?
    var notes: [String] = []
  }

  private func parsed(_ text: String) throws -> Condition {
    guard let condition = Condition(text) else {
      throw ValidationError(
        "--fail-if takes a measure, < or >, and a number, such as 'kl>0.15'; measures are "
          + EvaluationMeasure.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return condition
  }

  private func evaluateModel() throws -> Scored {
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
    do throws(DatasetError) {
      let logs = try classifier.logProbabilities(
        for: loaded.dataset.features, offsets: loaded.dataset.offsets, threads: threads.count)
      let evaluation = Evaluation(
        ofLogProbabilities: logs, against: loaded.dataset.labels,
        weights: loaded.dataset.weights, threads: threads.count)
      return Scored(
        evaluation: evaluation, classNames: classifier.classNames, clusters: loaded.clusters,
        notes: Self.notes(classifier.likelihood))
    } catch {
      throw DataDiagnosis(error, in: loaded.source)
    }
  }

  private func evaluatePredictions() throws -> Scored {
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
    return Scored(evaluation: evaluation, classNames: classes, clusters: loaded.clusters)
  }

  /// What a model means by its predictions, where labels are something else.
  private static func notes(_ likelihood: any Likelihood) -> [String] {
    switch likelihood {
    case is NoisyLabel:
      [
        "the model predicts the class behind a noisy label; the labels are scored as they stand, "
          + "noise included"
      ]
    default: []
    }
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
    layout.cluster = tables.cluster
    layout.clusterFlag = "--cluster"
    adjust(&layout)
    try table.checkRejects(
      notSameAs: files.map { InputFile($0) } + (layout.labelFile.map { [$0] } ?? [])
        + (predictions.map { [InputFile($0)] } ?? []))
    let collector = RejectCollector()
    let loaded = try DatasetReader(
      layout: layout, delimited: table.delimited(collecting: collector)
    ).read(file)
    try collector.write(to: table.rejects)
    Talk.report(loaded.notices, quiet: output.quiet)
    return loaded
  }
}

/// Sets of measures beside the usual ones.
enum MetricSet: String, ExpressibleByArgument, CaseIterable {
  case ldl
}
