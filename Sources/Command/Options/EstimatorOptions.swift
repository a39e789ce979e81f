import ArgumentParser
import Surprisal

/// What is fitted, and how.
struct EstimatorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What a label is. Default: multinomial for --counts, candidate-set for --candidates, categorical otherwise.",
      valueName: "name"))
  var likelihood: LikelihoodName?

  @Option(
    help: ArgumentHelp(
      "A known precision of the dirichlet likelihood. Default: it is estimated.", valueName: "phi"))
  var precision: Double?

  @Option(
    help: ArgumentHelp(
      "A CSV file with the known confusion matrix of the noisy-label likelihood, a row a true class, a column a label. Default: it is estimated.",
      valueName: "file"))
  var confusion: String?

  @Option(
    help: ArgumentHelp(
      "Further starts where the likelihood is not concave. Default: 4 there.", valueName: "n"))
  var restarts: Int?

  @Option(
    help: ArgumentHelp(
      "The seed of random starts, and of everything random in training.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The kind of model; mlp is a network.", valueName: "softmax|mlp"))
  var model = ModelName.softmax

  @Option(
    help: ArgumentHelp(
      "The density of the coefficients; intercepts are free under gaussian. jeffreys (Firth's method) keeps estimates of classes and votes finite and takes no strength.",
      valueName: "flat|gaussian|jeffreys"))
  var prior: PriorName?

  @Option(
    help: ArgumentHelp(
      "A Gaussian prior: adds lambda/2 * (sum of squared coefficients of all classes) to the mean cross entropy; its precision is lambda times the total weight.",
      valueName: "lambda"))
  var l2: Double?

  @Flag(help: "The prior is about the coefficients of standardised features.")
  var standardize = false

  @Flag(help: "Fit no intercepts.")
  var noIntercept = false

  @Option(
    help: ArgumentHelp(
      "The class that coefficients are compared with. Default: the first.", valueName: "class"))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "The method of minimisation; adamw (auto), sgd or lbfgs for networks.",
      valueName: "auto|newton|newton-cg|lbfgs|adamw|sgd"))
  var solver = SolverName.auto

  @Option(
    help: ArgumentHelp(
      "Bound on the largest entry of the mean gradient in standardised coordinates.", valueName: "t"
    ))
  var tolerance = 1e-8

  @Option(
    help: ArgumentHelp(
      "Standard errors; auto takes those that are right for the labels, weights and prior.",
      valueName: "auto|information|sandwich|cluster:COL|none"))
  var stdErrors = StandardErrorName.auto

  @Option(help: ArgumentHelp("The most steps of the solver.", valueName: "n"))
  var maxIterations = 1000

  func validate() throws {
    if let l2, !(l2 >= 0 && l2.isFinite) {
      throw ValidationError("--l2 takes a finite number that is not negative")
    }
    if prior == .gaussian, !(l2.map { $0 > 0 } ?? false) {
      throw ValidationError("--prior gaussian needs --l2 with a positive number")
    }
    if let prior, prior != .gaussian, l2.map({ $0 > 0 }) ?? false {
      throw ValidationError("--prior \(prior.rawValue) and --l2 contradict each other")
    }
    if !(tolerance > 0 && tolerance.isFinite) {
      throw ValidationError("--tolerance takes a positive number")
    }
    if let precision, !(precision > 0 && precision.isFinite) {
      throw ValidationError("--precision takes a positive number")
    }
    if let restarts, restarts < 0 { throw ValidationError("--restarts takes a number from 0 on") }
    if maxIterations < 1 { throw ValidationError("--max-iterations takes a number from 1 on") }
  }

  /// The library's options.
  func fitOptions(threads: ThreadCount) -> FitOptions {
    FitOptions(
      solver: solver.choice ?? .automatic,
      stopping: StoppingRule(tolerance: tolerance, maximumIterations: maxIterations),
      penalizesStandardized: standardize, restarts: restarts, seed: seed, threads: threads)
  }
}

/// The kinds of model, by name.
enum ModelName: String, ExpressibleByArgument, CaseIterable {
  case softmax
  case mlp
}

/// The priors, by name.
enum PriorName: String, ExpressibleByArgument, CaseIterable {
  case flat
  case gaussian
  case jeffreys
}

/// The likelihoods, by name: those that model files know.
struct LikelihoodName: ExpressibleByArgument, Equatable {
  let known: LikelihoodRegistry

  static func == (left: LikelihoodName, right: LikelihoodName) -> Bool {
    left.known.name == right.known.name
  }

  static let categorical = LikelihoodName(Categorical().name)
  static let multinomial = LikelihoodName(Multinomial().name)
  static let candidateSet = LikelihoodName(CandidateSet().name)

  init?(argument: String) {
    guard let known = LikelihoodRegistry.named(argument) else { return nil }
    self.known = known
  }

  private init(_ name: String) {
    guard let known = LikelihoodRegistry.named(name) else {
      preconditionFailure("every likelihood of the library is known")
    }
    self.known = known
  }

  var defaultValueDescription: String { known.name }

  static var allValueStrings: [String] { LikelihoodRegistry.all.map(\.name) }
}

extension SolverChoice: ExpressibleByArgument {}
