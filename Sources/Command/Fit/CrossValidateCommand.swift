import ArgumentParser
import Surprisal

/// `surprisal cv`
struct CrossValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cv",
    abstract:
      "Cross-validate a path of priors: held-out scores and the best strength.",
    discussion: """
      Examples:
        surprisal cv faces.csv --probs 'p_*' --standardize
        surprisal cv votes.csv --counts 'n_*' --group city --l2 1e-4:1:9
        surprisal cv faces.csv --probs 'p_*' --nested --repeats 10 --metrics ldl
        surprisal cv iris.csv --target class --refit 1se -o model.json
        surprisal cv digits.csv --target class --model mlp --hidden 64 --folds 5

      Each row is predicted by fits to the rows outside its fold; features are
      standardised there. The penalty is that of fit: l2/2 times the squared
      coefficients, beside the mean cross entropy. Results depend on --seed and
      not on --threads.

      Flags for reading files: --help-all.
      """)

  @Argument(help: .data) var file: String

  @OptionGroup(title: "Labels (one kind)") var labels: LabelOptions
  @OptionGroup(title: "Features and weights") var features: FeatureOptions
  @OptionGroup(title: "Validation and model") var validation: ValidationOptions
  @OptionGroup(title: "Network (--model mlp)", visibility: .hidden) var network: TrainingFlags
  @OptionGroup(title: "Reading", visibility: .hidden) var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: .metrics) var metrics: MetricSet?

  @Option(
    "min|1se",
    "Fit all rows with the strength that this rule chooses; -o saves the "
      + "model.")
  var refit: LambdaChoice?

  @Option("file", "Write the model of --refit to this file.", name: .output) var save: String?

  @Option(
    "file",
    """
    Write the probabilities each row got when it was held out, as CSV: those of --nested, or \
    of the strength of --choose.
    """)
  var predictionsOut: String?

  @OptionGroup var replacement: ReplacementOptions

  @Flag(help: "Exit with status 3 if a fit did not converge or rows were dropped.")
  var strict = false

  func validate() throws {
    if (save == nil) != (refit == nil) {
      throw ValidationError("--refit and -o must be given together")
    }
  }

  func run() throws {
    let outputs = try CommandOutputs(
      [save, predictionsOut], noClobber: replacement.noClobber, rejects: table.rejects,
      inputs: ([file] + labels.files
        + [validation.common.config, validation.common.confusion].compactMap { $0 })
        .map { InputFile($0) })
    let columns = try labels.requireColumns(of: table.format(of: InputFile(file)))
    let given = try specification()
    let loaded = try DataLoader(
      labels: labels, features: features, table: table, threads: threads.count,
      collector: outputs.collector
    )
    .load(InputFile(file), labels: columns) { layout in
      given.labels.apply(to: &layout)
      layout.allowsFractionalCounts = given.likelihoodName(for: columns) == Categorical().name
      layout.cluster = validation.group
      layout.clusterPurpose = .folds
    }
    Console.report(loaded.warnings, quiet: output.quiet)
    if let save {
      try ModelFile.requireStorable(loaded.dataset.classNames, name: InputFile(save).name)
    }
    try requireMemory(loaded.dataset, given)
    do {
      var specification = given
      try specification.readConfusion(validation.common.confusion, for: loaded.dataset)
      try run(
        loaded, try specification.likelihood.model(for: loaded.dataset), specification, outputs)
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: loaded.source)
    } catch let error as SpecificationError {
      throw UsageError(error)
    }
  }

  /// The specification: the file given by `--config`, overridden by the options.
  private func specification() throws -> Specification {
    var result = validation.specification(
      over: try Specification.base(config: validation.common.config))
    result.labels = labels.adjustments(over: result.labels)
    if let base = result.model.network {
      result.model = .network(network.network(over: base))
      try requireFolds()
    } else if let name = network.given {
      throw UsageError(forNetworksOnly: name)
    }
    try result.checking()
    return result
  }

  /// Refuses options for held-out rows that conflict with the folds: within the training rows of
  /// each fold, training holds out rows of its own.
  private func requireFolds() throws(UsageError) {
    if validation.common.noIntercept {
      throw UsageError(.notOfModel(property: "intercept", model: .network))
    }
    switch network.held {
    case .none, .off, .share(.some): break
    case .file, .share(nil):
      throw UsageError(
        "with cv, --validation takes a proportion between 0 and 1, or none: the part of the "
          + "training rows of each fold that is held out for early stopping",
        details: [EscapedText(network.validation ?? "").text])
    }
  }

  /// Checks the memory: each thread fits a copy of its rows.
  private func requireMemory(_ data: Dataset, _ specification: Specification) throws {
    let tasks = validation.repeats.multipliedSaturating(by: validation.folds)
      .multipliedSaturating(by: validation.nested ? validation.folds.addingSaturating(1) : 1)
    let strengths = validation.path(for: specification.model).strengths
    var specification = specification
    specification.prior.density = Specification.Prior.l2(strengths.min() ?? 0).density
    try specification.requireMemory(
      forParallelFits: min(threads.count.value, tasks), of: data,
      limit: table.memoryBudget.bytes)
  }

  private func run<L: Likelihood>(
    _ loaded: LoadedData, _ likelihood: L, _ specification: Specification,
    _ outputs: CommandOutputs
  ) throws {
    switch specification.model {
    case .softmax(let hasIntercept):
      let estimator = SoftmaxPath(
        SoftmaxRegression(hasIntercept: hasIntercept), likelihood: likelihood,
        options: specification.fitOptions(threads: .one))
      try run(loaded, estimator, likelihood, specification, outputs)
    case .network:
      let estimator = try specification.networkPath(likelihood)
      try run(loaded, estimator, likelihood, specification, outputs)
    }
  }

  private func run<E: PathEstimator>(
    _ loaded: LoadedData, _ estimator: E, _ likelihood: any Likelihood,
    _ specification: Specification, _ outputs: CommandOutputs
  ) throws {
    let result = try crossValidate(loaded, estimator, specification)
    let printer = CrossValidationPrinter(
      result.summary, setting: setting(loaded, likelihood, specification),
      includesLabelDistribution: metrics == .ldl)
    if !output.quiet {
      for notice in printer.notices { Console.warn(code: notice.code, notice.message) }
    }
    if let predictionsOut {
      try outputs.stage(
        OutOfFoldFile(result, loaded, choice: validation.choose).text(), as: predictionsOut)
    }
    let model = try refit.map {
      try fit(loaded, specification, result.summary, choice: $0)
    }
    if let model, let save { try outputs.stage(model.forKeeping, as: save) }
    try outputs.finish { try print(printer, model, likelihood) }
    let isDropped = loaded.warnings.contains { $0.dropsRows }
    if strict, isDropped || result.summary.unconvergedFits.contains(where: { $0 > 0 }) {
      throw ExitCode(3)
    }
  }

  private func crossValidate<E: PathEstimator>(
    _ loaded: LoadedData, _ estimator: E, _ specification: Specification
  ) throws -> CrossValidated<E.Trained> {
    let procedure = CrossValidation(
      estimator, path: validation.path(for: specification.model), foldCount: validation.folds,
      repeats: validation.repeats, isNested: validation.nested, choice: validation.choose,
      seed: specification.seed, threads: threads.count)
    let progress = FitProgress(isShown: output.showsProgress, canKeepPartial: false)
    defer { progress.finish() }
    Interruption.end {
      progress.finish()
      return progress.loss
    }
    let result = try procedure.run(
      loaded.dataset, groups: loaded.clusters?.indices,
      observing: { step in
        progress.show(step)
        return true
      })
    guard let result else { throw ExitCode(130) }
    return result
  }

  /// Fits the model to all rows; its record states that the strength was chosen on them.
  private func fit(
    _ loaded: LoadedData, _ given: Specification, _ summary: CrossValidationSummary,
    choice: LambdaChoice
  ) throws -> FittedModel {
    let strength = summary.strengths[summary.index(choice)]
    var specification = given
    specification.prior.density = Specification.Prior.l2(strength).density
    var run = FitRun()
    run.threads = threads.count
    run.labelsAreAdjusted = true
    Interruption.end { "the fit of all rows is lost, nothing was written" }
    let isNetwork = specification.model.network != nil
    if isNetwork { run.clusters = loaded.clusters }
    var model = try specification.fit(loaded.dataset, in: run)
    model.record.warnings.append(
      .recorded(
        code: "cv.selected",
        message: "l2 = \(NumberText.significant(strength)) was chosen by "
          + "\(summary.foldCount)-fold cross-validation of these rows (\(choice.rawValue), seed "
          + "\(specification.seed))"
          + (isNetwork ? "" : "; standard errors do not account for that")))
    return model
  }

  private func print(
    _ printer: CrossValidationPrinter, _ model: FittedModel?, _ likelihood: any Likelihood
  ) throws {
    guard output.json else {
      var text = printer.text
      if let refit, let model, let save {
        text +=
          "\n\n  refit   all rows at l2 = "
          + NumberText.significant(model.record.specification.prior.lambda ?? 0)
          + " (\(refit.rawValue)), \(model.record.convergence.termination), saved as "
          + TerminalText.safe(save)
      }
      return try output.print(summary: text)
    }
    guard case .object(var object) = printer.json else { return }
    if let refit, let model {
      object["refit"] = .members([
        "choice": .string(refit.rawValue),
        "l2": JSONValue(model.record.specification.prior.lambda ?? 0),
        "converged": .bool(model.record.isFinished),
        "objective": JSONValue(model.record.statistics.objective),
        "cross_entropy": JSONValue(model.record.statistics.crossEntropy),
        "kl_divergence": JSONValue(model.record.statistics.divergence),
      ])
    }
    try output.print(json: .object(object))
  }

  private func setting(
    _ loaded: LoadedData, _ likelihood: any Likelihood, _ specification: Specification
  ) -> CrossValidationPrinter.Setting {
    let data = loaded.dataset
    return CrossValidationPrinter.Setting(
      dataName: InputFile(file).name,
      rowCount: (0..<data.rowCount).count { data.weights[$0] > 0 },
      featureCount: data.features.columnCount, classNames: data.classNames,
      likelihood: likelihood.name, lossIsCrossEntropy: likelihood.equalsMinusCrossEntropy,
      network: specification.model.network?.layers,
      isStandardized: specification.prior.isStandardized, seed: specification.seed,
      choice: validation.choose)
  }
}
