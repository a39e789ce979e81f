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
        surprisal fit digits.csv --target digit --model mlp --hidden 256 --validation 0.1

      What is minimised is the mean cross entropy of labels p and predictions q,
      plus a penalty:
        (1/W) sum_i w_i sum_k -p_ik log q_ik  +  l2/2 * (sum of squared coefficients)
      over all classes, intercepts not penalised. See surprisal explain-error CODE
      for any error.
      """)

  @Argument(
    help: ArgumentHelp(
      "The data: CSV, TSV, NPY or LIBSVM; - for the standard input.", valueName: "file"))
  var file: String

  @OptionGroup(title: "Labels (one kind)") var labels: LabelOptions
  @OptionGroup(title: "Features and weights") var features: FeatureOptions
  @OptionGroup(title: "Model") var estimator: EstimatorOptions
  @OptionGroup(title: "Network (--model mlp)") var network: NetworkOptions
  @OptionGroup(title: "Reading") var table: TableOptions
  @OptionGroup(title: "Running") var threads: ThreadOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write the model to this file.", valueName: "file"))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "Write the covariance of the coefficients to this file, as CSV.", valueName: "file"))
  var vcov: String?

  @Flag(
    help:
      "Add average marginal effects over the rows of the fit, weighted alike; they are not saved with the model."
  )
  var effects = false

  @Flag(help: "Refuse to replace an existing file.")
  var noClobber = false

  @Flag(help: "Print every coefficient.")
  var all = false

  @Flag(
    help:
      "Leave with status 3 where the fit did not converge, is separated or has aliased columns, or rows were dropped."
  )
  var strict = false

  @Flag(help: "Add the seconds of reading and fitting to the result.")
  var timing = false

  func run() throws {
    let destination = save.map { AtomicFile($0, noClobber: noClobber) }
    try destination?.checkWritable(notSameAs: inputs)
    try vcov.map { AtomicFile($0, noClobber: noClobber) }?.checkWritable(notSameAs: inputs)
    try requireOptionsOfTheModel()
    for path in network.outputs {
      try AtomicFile(path).checkWritable(notSameAs: inputs)
    }
    try requireDistinctOutputs()
    let clock = ContinuousClock()
    let start = clock.now
    let loaded = try load()
    let readSeconds = (clock.now - start).seconds
    let notices = loaded.warnings
    let storage = loaded.dataset.features.matrix.storageKind
    Talk.report(notices, quiet: output.quiet)
    let rows = effects ? EffectRows(loaded.dataset) : nil
    let fitted = try fit(consume loaded)
    let model = fitted.model
    // The model comes after everything else that may fail, but before the print: a reader of the
    // summary who stops early must not cost the model.
    if let vcov { try write(covarianceOf: model, to: vcov) }
    if let destination { try ModelFile.write(model.forKeeping, to: destination) }
    let times = timing ? [("read_seconds", readSeconds), ("wall_seconds", fitted.seconds)] : []
    let table = try rows?.table(of: model)
    try print(model, storage: storage, times: times, notices: notices, effects: table)
    if strict, !isClean(model.record, notices) { throw ExitCode(3) }
  }

  /// Two results under one name would leave one of them; no standard errors have no covariance.
  private func requireDistinctOutputs() throws {
    let outputs = [save, vcov, table.rejects].compactMap { $0 } + network.outputs
    if Set(outputs).count < outputs.count {
      throw UsageError("two outputs have the same name", cure: "give each a name of its own")
    }
    try requireClassesOrVotes()
    if vcov != nil, estimator.stdErrors == .none {
      throw UsageError(
        "--std-errors none leaves no covariance for --vcov", cure: "leave one of them out")
    }
  }

  /// The prior of Jeffreys is a function of the information of classes and votes.
  private func requireClassesOrVotes() throws {
    guard estimator.prior == .jeffreys else { return }
    let likelihood = try Estimator.likelihood(
      estimator, for: labels.requireColumns(of: table.format(of: InputFile(file))), labels)
    let hasShares = labels.probs != nil || labels.candidates != nil || labels.countWeight == .row
    guard !hasShares, likelihood == .categorical || likelihood == .multinomial else {
      throw UsageError(
        "--prior jeffreys is for known classes and votes",
        cure: "give the labels with --target or --counts, or take --l2 LAMBDA in its place")
    }
    guard features.weight == nil else {
      throw UsageError(
        "--prior jeffreys does not go with importance weights, which have no information",
        cure: "repeated rows are --frequency")
    }
  }

  private var inputs: [InputFile] {
    ([file] + (labels.labels.map { [$0] } ?? [])).map { InputFile($0) }
      + (network.validationFile.map { [$0] } ?? [])
  }

  private func load() throws -> LoadedData { try load(InputFile(file)) }

  private func load(_ input: InputFile) throws -> LoadedData {
    let loader = DataLoader(
      labels: labels, features: features, table: table, threads: threads.count)
    let columns = try labels.requireColumns(of: table.format(of: input))
    return try loader.load(input, labels: columns) { layout in
      layout.allowsFractionalCounts =
        Estimator.likelihood(estimator, for: columns, labels) == .categorical
      layout.cluster = estimator.stdErrors.clusterColumn
    }
  }

  /// The data are given away: standardised features take the place of the raw ones.
  private func fit(_ loaded: consuming LoadedData) throws -> TimedModel {
    let (source, clusters) = (loaded.source, loaded.clusters)
    let dataset = loaded.takeDataset()
    let names = dataset.classNames
    let (options, omission) = try affordable(for: dataset)
    if let reference = estimator.reference, !names.contains(reference) {
      throw UsageError(
        "--reference names no class: \(EscapedText(reference))",
        cure: EditDistance.nearest(to: reference, among: names)
          .map { "did you mean \(EscapedText($0))?" }
          ?? "the classes are \(names.prefix(20).joined(separator: ", "))")
    }
    let progress = FitProgress(quiet: output.quiet)
    let interruption = Interruption()
    defer { progress.finish() }
    do {
      var fitted = try Estimator(
        options: options, threads: threads.count, clusters: clusters,
        trainer: try trainer(progress, interruption)
      ).fit(
        consume dataset,
        likelihood: Estimator.likelihood(
          estimator, for: labels.requireColumns(of: table.format(of: InputFile(file))), labels)
      ) { step in
        progress.show(step)
        return !interruption.isRequested
      }
      if let status = interruption.exitStatus {
        progress.finish()
        Talk.say("interrupted: nothing was saved")
        throw ExitCode(status)
      }
      if let omission { fitted.model.record.uncertainty.reason = .recorded(omission) }
      return fitted
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: source)
    }
  }

  /// What trains a network; nil for other models.
  private func trainer(
    _ progress: FitProgress, _ interruption: Interruption
  ) throws -> NetworkTrainer? {
    guard estimator.model == .mlp else { return nil }
    return NetworkTrainer(
      options: network, estimator: estimator, threads: threads.count, progress: progress,
      interruption: interruption,
      validation: try network.validationFile.map { try load($0) })
  }

  /// Options of one kind of model mean nothing for another.
  private func requireOptionsOfTheModel() throws {
    if estimator.model == .mlp {
      if vcov != nil {
        throw UsageError(
          "--vcov means nothing for a network, which has no coefficients", cure: "leave it out")
      }
      return try NetworkRules(options: network, estimator: estimator).check()
    }
    if let name = network.given {
      throw UsageError("\(name) is an option of networks", cure: "add --model mlp, or leave it out")
    }
    guard estimator.solver.choice != nil else {
      throw UsageError(
        "--solver \(estimator.solver.rawValue) is for networks",
        cure: "add --model mlp, or take auto, newton, newton-cg or lbfgs")
    }
  }

  private func print(
    _ model: FittedModel, storage: MatrixStorage, times: [(String, Double)],
    notices: [DataWarning], effects: EffectTable?
  ) throws {
    let printer = ModelPrinter(model: model, dataName: InputFile(file).name, storage: storage)
    if output.json {
      let value = printer.json(adding: times, notices: notices)
      try output.print(json: effects.map { $0.added(to: value) } ?? value)
    } else {
      let text = printer.text(all: all, times: times, quiet: output.quiet)
      try output.print(text: [text, effects?.text].compactMap { $0 }.joined(separator: "\n\n"))
    }
  }

  private func write(covarianceOf model: FittedModel, to path: String) throws {
    try CovarianceFile(model).write(to: AtomicFile(path, noClobber: noClobber))
  }

  private func isClean(_ record: FitRecord, _ notices: [DataWarning]) -> Bool {
    let dropped = notices.contains { $0.dropsRows }
    let ended = record.training != nil && record.convergence.termination != "diverged"
    return (record.convergence.isConverged || ended) && !dropped
      && !record.coefficients.contains { $0.state != .estimated }
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
