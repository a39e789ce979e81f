import ArgumentParser
import Foundation
import Surprisal

/// What is cross-validated, and how: the options of `fit` that have a meaning here, and the path.
struct ValidationOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("l2-path"), .customLong("path")],
    help: ArgumentHelp(
      "Strengths of the Gaussian prior: path for 15 of them from 1e-6 to 10, FROM:TO:COUNT in equal ratios, numbers with commas between, or one number; 0 is maximum likelihood.",
      valueName: "path|lambdas"))
  var l2 = PathChoice.standard

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
      "How the strength is chosen: the smallest loss, or the strongest prior within a standard error of it.",
      valueName: "min|1se"))
  var choose = StrengthChoice.minimum

  @Option(help: ArgumentHelp("The seed of the folds and of random starts.", valueName: "n"))
  var seed: UInt64 = 1

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
    help: ArgumentHelp("The method of minimisation.", valueName: "auto|newton|newton-cg|lbfgs"))
  var solver = SolverChoice.automatic

  @Option(
    help: ArgumentHelp(
      "Bound on the largest entry of the mean gradient in standardised coordinates.", valueName: "t"
    ))
  var tolerance = 1e-8

  @Option(help: ArgumentHelp("The most steps of the solver.", valueName: "n"))
  var maxIterations = 1000

  func validate() throws {
    if folds < 2 { throw ValidationError("--folds takes a number from 2 on") }
    if repeats < 1 || repeats > 10_000 {
      throw ValidationError("--repeats takes a number from 1 to 10000")
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

  /// The same as options of a fit of strength `lambda`.
  func estimator(strength lambda: Double) throws -> EstimatorOptions {
    var options = try EstimatorOptions.parse([])
    options.likelihood = likelihood
    options.precision = precision
    options.confusion = confusion
    options.restarts = restarts
    options.seed = seed
    options.l2 = lambda > 0 ? lambda : nil
    options.standardize = standardize
    options.noIntercept = noIntercept
    options.solver = SolverName(rawValue: solver.rawValue) ?? .auto
    options.tolerance = tolerance
    options.maxIterations = maxIterations
    return options
  }
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

extension StrengthChoice: ExpressibleByArgument {}
