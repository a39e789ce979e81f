import ArgumentParser
import Surprisal

/// The options of cross-validation: those of `fit` that apply here, and the path.
struct ValidationOptions: ParsableArguments {
  @Option(
    "path|lambdas",
    """
    Strengths of the Gaussian prior: path for 15 of them from 1e-6 to 10, FROM:TO:COUNT in \
    equal ratios, numbers with commas between, or one number; 0 is maximum likelihood. \
    Networks: 0,1e-4,1e-3,1e-2,1e-1.
    """, name: [.long, .customLong("l2-path"), .customLong("path")])
  var l2 = Defaulted(PathChoice.standard)

  @Option("k", "How many folds.") var folds = 10
  @Option("n", "How often the rows are dealt to folds anew.") var repeats = 1

  @Option(
    "column", "Rows with the same text in this column stay in one fold: persons, items, places.")
  var group: String?

  @Flag(
    help: "Choose the strength inside the training rows of each fold too: scores that are honest.")
  var nested = false

  @Option(
    "min|1se",
    """
    How the strength is chosen: the smallest loss, or the strongest prior within a standard \
    error of it.
    """)
  var choose = LambdaChoice.minimum

  @OptionGroup var common: EstimatorOptions

  func validate() throws {
    if folds < 2 { throw ValidationError("--folds takes a number from 2 on") }
    if repeats < 1 || repeats > 10_000 {
      throw ValidationError("--repeats takes a number from 1 to 10000")
    }
    try Flags.validating { () throws(SpecificationError) in
      try specification(over: Specification()).validateValues()
    }
  }

  /// The specification of a file, overridden by the given options. Its prior is replaced by each
  /// strength of the path. Standard errors are not by clusters: the column of `--group` groups the
  /// rows of folds.
  func specification(over base: Specification) -> Specification {
    var result = common.specification(over: base)
    result.prior = Specification.Prior(isStandardized: result.prior.isStandardized)
    if case .cluster = result.standardErrors { result.standardErrors = .automatic }
    return result
  }
}

extension ValidationOptions {
  /// The given strengths, or the default ones for the kind of model.
  func path(for model: Specification.Model) -> RegularizationPath {
    model.network == nil || l2.given != nil ? l2.value.path : .ofNetworks
  }
}

extension RegularizationPath {
  /// One strength per decade, and none: training a network takes longer than fitting a softmax
  /// regression.
  fileprivate static let ofNetworks = RegularizationPath([0, 1e-4, 1e-3, 1e-2, 1e-1])
}

/// A path of strengths as written on the command line.
struct PathChoice: ExpressibleByArgument {
  let path: RegularizationPath
  private let text: String

  static let standard = PathChoice(path: .standard, text: "path")
  /// More strengths than this are considered a mistake.
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
