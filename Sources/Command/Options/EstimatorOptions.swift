import ArgumentParser
import Surprisal

/// Model, likelihood and solver: the options common to `fit` and `cv`.
struct EstimatorOptions: ParsableArguments {
  @Option(
    "file",
    """
    A JSON file with a specification of the fit; flags given override it. fit --json prints one.
    """)
  var config: String?

  @Option("softmax|mlp", "The kind of model; mlp is a network.")
  var model = Defaulted(Specification.Model.Kind.softmax)

  @Option(
    "name",
    """
    What a label is. Default: multinomial for --counts, candidate-set for --candidates, \
    evidence for --evidence, categorical otherwise.
    """)
  var likelihood: LikelihoodRegistry?

  @Option("phi", "A known precision of the dirichlet likelihood. Default: it is estimated.")
  var precision: Double?

  @Option(
    "file",
    """
    A CSV file with the known confusion matrix of the noisy-label likelihood, a row a true \
    class, a column a label. Default: it is estimated.
    """)
  var confusion: String?

  @Option(
    "n",
    "Further starts where the likelihood is not concave. "
      + "Default: 4 there, 24 for small mixtures.")
  var restarts: Int?

  @Option("n", "The seed of random starts, of folds, and of everything random in training.")
  var seed = Defaulted<UInt64>(1)

  @Flag(help: "Fit no intercepts.") var noIntercept = false

  @Flag(help: "The prior is about the coefficients of standardised features.")
  var standardize = false

  @Option(
    "auto|newton|newton-cg|lbfgs|adamw|sgd",
    "The method of minimisation; adamw (auto), sgd or lbfgs for networks.")
  var solver = Defaulted(Specification.Solver.automatic)

  @Option("t", "Bound on the largest entry of the mean gradient in standardised coordinates.")
  var tolerance = Defaulted(1e-8)

  @Option("n", "The most steps of the solver.") var maxIterations = Defaulted(1000)

  func validate() throws {
    if let precision, !(precision > 0 && precision.isFinite) {
      throw ValidationError("--precision takes a positive number")
    }
  }

  /// The specification `base` of a file, overridden by the given options. The prior is unchanged
  /// except for its coordinates; the options of networks and labels, and a matrix in a file, are
  /// added by the command.
  func specification(over base: Specification) -> Specification {
    var result = base
    switch model.given ?? base.model.kind {
    case .softmax:
      var hasIntercept = true
      if case .softmax(let value) = base.model { hasIntercept = value }
      result.model = .softmax(hasIntercept: hasIntercept && !noIntercept)
    case .network: result.model = .network(base.model.network ?? Specification.Network())
    }
    if let likelihood, likelihood.name != base.likelihood.name {
      result.likelihood = .init(name: likelihood.name)
    }
    if let precision { result.likelihood.options["precision"] = [precision] }
    if standardize { result.prior.isStandardized = true }
    if let restarts { result.restarts = restarts }
    if let seed = seed.given { result.seed = seed }
    if let solver = solver.given { result.solver = solver }
    if let tolerance = tolerance.given { result.tolerance = tolerance }
    if let maxIterations = maxIterations.given { result.maximumIterations = maxIterations }
    return result
  }
}

extension Specification {
  /// The specification in the file of `--config`, or all defaults.
  ///
  /// Throws `UsageError` for the standard input, and what reading the file throws.
  static func base(config: String?) throws -> Specification {
    guard let config else { return Specification() }
    let file = InputFile(config)
    guard !file.isStandardInput else {
      throw UsageError(
        "--config - is no file: the standard input is for data",
        suggestion: "name a file, such as --config run.json")
    }
    return try Specification(contentsOf: file)
  }

  /// The likelihood of label columns: the named one, or the default of their kind. Votes whose rows
  /// have weight one are proportions: they have no multinomial likelihood.
  func likelihoodName(for columns: LabelColumns) -> String {
    if let name = likelihood.name { return name }
    let kind: LabelKind =
      switch columns {
      case .target: .classes
      case .probabilities: .probabilities
      case .counts: labels.countWeight == .row ? .probabilities : .counts
      case .candidates: .candidates
      case .evidence, .votes: .evidence
      }
    return Likelihood.defaultName(for: kind)
  }

  /// Adds the confusion matrix of a file to the options of the likelihood, in the order of the
  /// classes of the data.
  mutating func readConfusion(_ path: String?, for data: Dataset) throws {
    guard let path else { return }
    let name = likelihood.name ?? Likelihood.defaultName(for: data.labels.kind)
    guard LikelihoodRegistry.named(name)?.optionNames.contains("confusion") ?? false else {
      throw UsageError(.likelihoodOption("confusion", likelihood: name))
    }
    likelihood.options["confusion"] =
      try ConfusionFile(path, classNames: data.classNames).entries()
    likelihood.options["starting_diagonal"] = nil
  }
}
