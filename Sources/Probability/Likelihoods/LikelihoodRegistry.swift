/// A likelihood that model files can name: from its name and options to the likelihood and back.
///
/// A new likelihood joins by one line in `all`.
public struct LikelihoodRegistry: Sendable {
  /// The likelihood's own `name`.
  public let name: String
  /// The names of its options, each a list of numbers in model files: what was fixed before the
  /// fit, such as a known precision or the rows of a confusion matrix. Parameters that were fitted
  /// are no options.
  public let optionNames: [String]

  private let read: @Sendable (any Likelihood) -> [String: [Double]]
  private let make: @Sendable ([String: [Double]], Int) -> (any Likelihood)?

  /// Every likelihood of this release.
  public static let all: [LikelihoodRegistry] = [
    LikelihoodRegistry(Categorical()),
    LikelihoodRegistry(Multinomial()),
    LikelihoodRegistry(CandidateSet()),
    LikelihoodRegistry(Evidence()),
    LikelihoodRegistry(ContinuousCategorical()),
    dirichlet,
    LikelihoodRegistry(DirichletMultinomial()),
    noisyLabel,
  ]

  /// A likelihood without options.
  init(_ likelihood: some Likelihood) {
    self.init(name: likelihood.name, optionNames: []) { _ in
      [:]
    } make: { _, _ in
      likelihood
    }
  }

  /// A likelihood with options. `make` has a list for each of the names and the number of classes;
  /// it returns nil for values outside their domain, and never traps.
  init(
    name: String, optionNames: [String],
    read: @escaping @Sendable (any Likelihood) -> [String: [Double]],
    make: @escaping @Sendable ([String: [Double]], Int) -> (any Likelihood)?
  ) {
    self.name = name
    self.optionNames = optionNames
    self.read = read
    self.make = make
  }

  /// The likelihood of a name; nil where this release has none.
  public static func named(_ name: String) -> LikelihoodRegistry? {
    all.first { $0.name == name }
  }

  /// The options of a likelihood; empty where it has none or is not known.
  public static func options(of likelihood: any Likelihood) -> [String: [Double]] {
    named(likelihood.name)?.read(likelihood) ?? [:]
  }

  /// The likelihood with these options over C classes; nil where they are outside their domain.
  public func likelihood(options: [String: [Double]], classCount: Int) -> (any Likelihood)? {
    make(options, classCount)
  }
}
