import ArgumentParser
import Foundation
import Surprisal

/// What is cross-validated, and how: the options of `fit` that have a meaning here, and the path.
struct ValidationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A JSON file with a specification of the fits; flags given override it, and --l2 its prior.",
      valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("The kind of model; mlp is a network.", valueName: "softmax|mlp"))
  var model = Defaulted(Specification.Model.Kind.softmax)

  @Option(
    name: [.long, .customLong("l2-path"), .customLong("path")],
    help: ArgumentHelp(
      """
      Strengths of the Gaussian prior: path for 15 of them from 1e-6 to 10, FROM:TO:COUNT in \
      equal ratios, numbers with commas between, or one number; 0 is maximum likelihood. \
      Networks: 0,1e-4,1e-3,1e-2,1e-1.
      """,
      valueName: "path|lambdas"))
  var l2 = Defaulted(PathChoice.standard)

  @Flag(help: "The prior is about the coefficients of standardised features.")
  var standardize = false

  @Option(help: ArgumentHelp("How many folds.", valueName: "k"))
  var folds = 10

  @Option(help: ArgumentHelp("How often the rows are dealt to folds anew.", valueName: "n"))
  var repeats = 1

  @Option(
    help: ArgumentHelp(
      "Rows with the same text in this column stay in one fold: persons, items, places.",
      valueName: "column"))
  var group: String?

  @Flag(
    help: "Choose the strength inside the training rows of each fold too: scores that are honest.")
  var nested = false

  @Option(
    help: ArgumentHelp(
      """
      How the strength is chosen: the smallest loss, or the strongest prior within a standard \
      error of it.
      """,
      valueName: "min|1se"))
  var choose = LambdaChoice.minimum

  @Option(help: ArgumentHelp("The seed of the folds and of random starts.", valueName: "n"))
  var seed = Defaulted<UInt64>(1)

  @Option(
    help: ArgumentHelp(
      """
      What a label is. Default: multinomial for --counts, candidate-set for --candidates, \
      evidence for --evidence, categorical otherwise.
      """,
      valueName: "name"))
  var likelihood: LikelihoodRegistry?

  @Option(
    help: ArgumentHelp(
      "A known precision of the dirichlet likelihood. Default: it is estimated.", valueName: "phi"))
  var precision: Double?

  @Option(
    help: ArgumentHelp(
      "A CSV file with the known confusion matrix of the noisy-label likelihood.",
      valueName: "file"))
  var confusion: String?

  @Option(
    help: ArgumentHelp(
      "Further starts where the likelihood is not concave. Default: 4 there.", valueName: "n"))
  var restarts: Int?

  @Flag(help: "Fit no intercepts.")
  var noIntercept = false

  @Option(
    help: ArgumentHelp(
      "The method of minimisation; adamw (auto), sgd or lbfgs for networks.",
      valueName: "auto|newton|newton-cg|lbfgs|adamw|sgd"))
  var solver = Defaulted(Specification.Solver.automatic)

  @Option(
    help: ArgumentHelp(
      "Bound on the largest entry of the mean gradient in standardised coordinates.", valueName: "t"
    ))
  var tolerance = Defaulted(1e-8)

  @Option(help: ArgumentHelp("The most steps of the solver.", valueName: "n"))
  var maxIterations = Defaulted(1000)

  func validate() throws {
    if folds < 2 { throw ValidationError("--folds takes a number from 2 on") }
    if repeats < 1 || repeats > 10_000 {
      throw ValidationError("--repeats takes a number from 1 to 10000")
    }
    try Flags.validating { () throws(SpecificationError) in
      try specification(over: Specification()).validateValues()
    }
    if let precision, !(precision > 0 && precision.isFinite) {
      throw ValidationError("--precision takes a positive number")
    }
  }

  /// The specification of a file with what was typed in the place of what it has. Its prior is that
  /// of a strength of the path. Standard errors are not by clusters: the column of `--group` names
  /// the rows of folds.
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
    result.prior = Specification.Prior(isStandardized: base.prior.isStandardized || standardize)
    if let restarts { result.restarts = restarts }
    if let seed = seed.given { result.seed = seed }
    if let solver = solver.given { result.solver = solver }
    if let tolerance = tolerance.given { result.tolerance = tolerance }
    if let maxIterations = maxIterations.given { result.maximumIterations = maxIterations }
    if case .cluster = result.standardErrors { result.standardErrors = .automatic }
    return result
  }
}

extension ValidationOptions {
  /// The strengths that were typed, or those that suit the kind of model.
  func path(for model: Specification.Model) -> RegularizationPath {
    model.network == nil || l2.given != nil ? l2.value.path : .ofNetworks
  }
}

extension RegularizationPath {
  /// One strength a decade, and none: a network takes longer than a fit of softmax regression.
  fileprivate static let ofNetworks = RegularizationPath([0, 1e-4, 1e-3, 1e-2, 1e-1])
}

/// A path of strengths as it is typed.
struct PathChoice: ExpressibleByArgument {
  let path: RegularizationPath
  private let text: String

  static let standard = PathChoice(path: .standard, text: "path")
  /// More strengths than this are a slip of the pen.
  private static let mostStrengths = 1000

  private init(path: RegularizationPath, text: String) {
    self.path = path
    self.text = text
  }

  init?(argument: String) {
    text = argument
    if argument == "path" {
      path = .standard
      return
    }
    let ends = argument.split(separator: ":", omittingEmptySubsequences: false)
    if ends.count == 3 {
      guard let first = Double(ends[0]), let last = Double(ends[1]), let count = Int(ends[2]),
        first > 0, last > 0, first.isFinite, last.isFinite, (1...Self.mostStrengths).contains(count)
      else { return nil }
      path = RegularizationPath(from: first, to: last, count: count)
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Double($0) }
    guard values.count == parts.count, (1...Self.mostStrengths).contains(values.count),
      values.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { return nil }
    path = RegularizationPath(values)
  }

  var defaultValueDescription: String { text }
}

extension LambdaChoice: ExpressibleByArgument {}
