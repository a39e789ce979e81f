import ArgumentParser
import Surprisal

/// `surprisal fit`
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a classifier to labels that may be soft, and summarise it.",
    discussion: """
      Examples:
        surprisal fit iris.csv --target class --l2 1e-3
        surprisal fit faces.csv --probs 'p_*' -o model.json
        surprisal fit votes.csv --counts 'n_*' --base size=small --json
        surprisal fit features.npy --labels probabilities.npy --probs '*'
        surprisal fit digits.csv --target digit --model mlp --validation 0.1
        surprisal fit features.csv --votes votes.csv --key item

      What is minimised is the mean cross entropy of labels p and predictions q,
      plus a penalty:
        (1/W) sum_i w_i sum_k -p_ik log q_ik  +  l2/2 * (sum of squared coefficients)
      over all classes, intercepts not penalised. With --votes it is minus the
      log-likelihood of the votes, classes summed out: coefficients and a confusion
      matrix for each annotator are fitted together. See surprisal explain-error CODE
      for any error.

      Flags for reading files and for networks: --help-all.
      """)

  @Argument(help: .data) var file: String

  @OptionGroup(title: "Labels (one kind)") var labels: LabelOptions
  @OptionGroup(title: "Votes of annotators (in place of labels)") var votes: JointVoteOptions
  @OptionGroup(title: "Features and weights") var features: FeatureOptions
  @OptionGroup(title: "Model") var estimator: ModelOptions
  @OptionGroup(title: "Network (--model mlp)", visibility: .hidden) var network: NetworkOptions
  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    "n[,n]",
    """
    With --votes: right votes that each annotator is taken to have cast before the data for each \
    class, and those for each wrong class if they differ. Default: 0.
    """)
  var pseudoCounts: PseudoCounts?

  @Option("file", "Write the model to this file.", name: .output) var save: String?

  @Option("file", "Write the covariance of the coefficients to this file, as CSV.")
  var vcov: String?

  @Option(
    "file",
    """
    Write fitted values, residuals, leverage and influence of each row to this file, as CSV by \
    broom's column names.
    """)
  var augment: String?

  @Flag(
    help:
      """
      Test and bound coefficients by the profile likelihood; for classes and votes without l2. \
      Small fits under jeffreys do so by themselves.
      """
  )
  var profile = false

  @Option(
    "columns",
    """
    Test that all coefficients of these columns, with their interactions, are zero: likelihood \
    ratio, Wald and score test. May be given again.
    """)
  var test: [String] = []

  @OptionGroup var intervals: IntervalOptions

  @Flag(
    help:
      """
      Add average marginal effects over the rows of the fit, weighted alike; they are not saved \
      with the model.
      """
  )
  var effects = false

  @OptionGroup var replacement: ReplacementOptions

  @Flag(
    help:
      """
      Save the model of a fit that is interrupted, with the status interrupted; the exit status \
      is that of the signal.
      """
  )
  var keepPartial = false

  @Flag(help: "Print every coefficient.") var all = false

  @Flag(
    help:
      """
      Leave with status 3 if the fit did not converge, is separated, existence is not decided, \
      it has aliased columns, \
      or rows were dropped.
      """
  )
  var strict = false

  @Flag(help: "Add the seconds of reading and fitting to the result.") var timing = false

  func validate() throws {
    if pseudoCounts != nil, votes.votes == nil {
      throw ValidationError("--pseudo-counts goes with --votes")
    }
  }

  func run() throws {
    let specification = try specification()
    try requireOptionsOfTheModel(specification)
    let outputs = try CommandOutputs(
      [save, vcov, augment], noClobber: replacement.noClobber,
      running: network.outputs(specification.model.network?.members ?? 1), rejects: table.rejects,
      inputs: inputs)
    try requireOptionsOfVotes(specification)
    try requireClassesOrVotes(specification)
    if vcov != nil, specification.standardErrors == .none {
      throw UsageError(
        "--vcov needs standard errors, not --std-errors none", suggestion: "leave out one of them")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let loaded = try load(
      InputFile(file), specification, outputs.collector, group: network.group)
    if let save {
      try ModelFile.requireStorable(loaded.dataset.classNames, name: InputFile(save).name)
    }
    let readSeconds = (clock.now - start).seconds
    let notices = loaded.warnings
    let storage = loaded.dataset.features.matrix.storageKind
    Console.report(notices, quiet: output.quiet)
    let rows = effects || augment != nil ? EffectRows(loaded) : nil
    let tested = try loaded.testedColumns(test)
    let fitted = try fit(consume loaded, specification, outputs.collector, testing: tested)
    let model = fitted.model
    let lacksCovariance =
      try vcov.map { try !CovarianceFile(model).stage(in: outputs, as: $0, isVital: save == nil) }
      ?? false
    if let augment, let rows {
      let table = try rows.augmented(by: model, seed: specification.seed, threads: threads.count)
      try outputs.stage(table, as: augment)
    }
    if let save { try outputs.stage(model.forKeeping, as: save) }
    let times = timing ? [("read_seconds", readSeconds), ("wall_seconds", fitted.seconds)] : []
    let table = try effects ? rows?.table(of: model, level: intervals.level) : nil
    var printer = ModelPrinter(model: model, dataName: InputFile(file).name, storage: storage)
    printer.specification = fitted.specification
    printer.level = intervals.level
    try outputs.finish { try print(printer, times: times, notices: notices, effects: table) }
    try Interruption.endKeepingResult()
    if lacksCovariance || strict && !model.record.isClean(notices) { throw ExitCode(3) }
  }

  /// The specification: the file given by `--config`, overridden by the options.
  private func specification() throws -> Specification {
    var result = estimator.specification(
      over: try Specification.base(config: estimator.common.config))
    if let base = result.model.network {
      result.model = .network(network.training.network(over: base))
      if estimator.l2 == nil, estimator.prior == nil, estimator.common.config == nil {
        result.prior.density =
          Specification.Prior.standard(for: result.model, result.solver).density
      }
    }
    result.labels = labels.adjustments(over: result.labels)
    if let pseudoCounts { result.pseudoCounts = pseudoCounts }
    return result
  }

  private var inputs: [InputFile] {
    ([file] + labels.files
      + [votes.votes, estimator.common.config, estimator.common.confusion].compactMap { $0 }).map {
        InputFile($0)
      }
      + (network.training.validationFile.map { [$0] } ?? [])
  }

  private func load(
    _ input: InputFile, _ specification: Specification, _ collector: RejectCollector,
    group: String? = nil
  ) throws -> LoadedData {
    let loader = DataLoader(
      labels: labels, features: features, table: table, threads: threads.count,
      collector: collector)
    let cast = try votes.read(
      table.delimited(collecting: nil, threads: threads.count), classes: labels.declaredClasses,
      classLimit: labels.maxClasses)
    if let cast { try table.requireMemory(forMatricesOf: cast) }
    let columns =
      try cast.map { .votes($0) } ?? labels.requireColumns(of: table.format(of: input))
    return try loader.load(input, labels: columns) { layout in
      if cast != nil {
        layout.key = votes.key(labels.key)
        layout.voteFile = votes.votes
      }
      specification.labels.apply(to: &layout)
      layout.allowsFractionalCounts =
        specification.likelihoodName(for: columns) == Categorical().name
      layout.cluster = specification.standardErrors.clusterColumn
      if let group {
        layout.cluster = group
        layout.clusterPurpose = .folds
      }
    }
  }

  /// The results of a fit, its specification, and the time of the fit alone.
  private struct Fitted {
    var model: FittedModel
    let specification: Specification
    let seconds: Double
  }

  /// Fits the data, which are consumed: standardised features replace the raw ones.
  private func fit(
    _ loaded: consuming LoadedData, _ given: Specification, _ collector: RejectCollector,
    testing columns: [[String]]
  ) throws -> Fitted {
    let source = loaded.source
    let stopwatch = Stopwatch()
    var run = fitRun(loaded, testing: columns)
    let dataset = loaded.takeDataset()
    let progress = FitProgress(
      isShown: output.showsProgress, canKeepPartial: given.model.network == nil)
    defer { progress.finish() }
    prepareInterruption(progress)
    run.observer = { step in
      progress.show(step)
      return !Interruption.isRequested
    }
    run.optimumFound = { stopwatch.stop() }
    do {
      var specification = given
      let (affordable, omitted) = try specification.affordable(for: dataset, in: run)
      if let omitted, !output.quiet {
        Console.warn(code: "limit.memory", "no standard errors: " + omitted.omissionReason.sentence)
      }
      _ = try specification.referenceIndex(among: dataset.classNames)
      try specification.readConfusion(estimator.common.confusion, for: dataset)
      specification.standardErrors = affordable.standardErrors
      var model =
        given.model.network == nil
        ? try specification.fit(consume dataset, in: run)
        : try train(consume dataset, specification, run, progress, collector)
      progress.finish()
      if keepPartial { Interruption.keepResult() }
      try Interruption.check(progress.loss)
      if let omitted { model.record.uncertainty.reason = omitted.omissionReason }
      specification.standardErrors = given.standardErrors
      return Fitted(model: model, specification: specification, seconds: stopwatch.seconds)
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: source)
    } catch let error as SpecificationError {
      throw UsageError(error)
    }
  }

  /// A result that is not kept is abandoned at once, whatever the state of the fit; a checkpoint
  /// has the state after the last pass.
  private func prepareInterruption(_ progress: FitProgress) {
    guard !keepPartial else { return Interruption.poll() }
    let checkpoint = network.checkpoint
    Interruption.end {
      progress.finish()
      return NetworkObserver.advice(checkpoint) ?? progress.loss
    }
  }

  /// Trains a network, with progress, log and checkpoints.
  private func train(
    _ data: consuming Dataset, _ specification: Specification, _ run: FitRun,
    _ progress: FitProgress, _ collector: RejectCollector
  ) throws -> FittedModel {
    var run = run
    if let held = try network.training.validationFile.map({
      try load($0, specification, collector)
    }) {
      try held.requireResponses(to: specification.likelihood.model(for: data))
      run.validation = held.dataset
    }
    if let bytes = specification.networkMemory(of: data) {
      // The rows are in memory as read and in the layout of the layers.
      let rows = data.features.matrix.storageSize.multipliedSaturating(by: 3)
      let predictions = data.rowCount.multipliedSaturating(by: 16 * data.classCount + 60)
      try table.memoryBudget.require(
        bytes.addingSaturating(rows).addingSaturating(predictions),
        for: "the training of the network")
    }
    let observer = try NetworkObserver(
      specification, network, data: copy data, validation: run.validation,
      groups: run.clusters, progress: progress)
    run.states = try observer.resumedStates()
    run.trainingObserver = { observer.see($0) }
    let model = try specification.fit(consume data, in: run)
    try observer.throwProblem()
    return model
  }

  private func print(
    _ printer: ModelPrinter, times: [(String, Double)], notices: [DataWarning],
    effects: EffectTable?
  ) throws {
    let tests = ColumnTestTable(printer.model.columnTests)
    if output.json {
      var value = printer.json(adding: times, notices: notices)
      if let tests { value = tests.added(to: value) }
      try output.print(json: effects.map { $0.added(to: value) } ?? value)
    } else {
      let text = printer.text(all: all, times: times, quiet: output.quiet)
      let parts = [text, tests?.text, effects?.text].compactMap { $0 }
      try output.print(summary: parts.joined(separator: "\n\n"))
    }
  }
}
