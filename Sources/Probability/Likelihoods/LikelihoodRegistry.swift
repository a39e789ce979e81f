/// A likelihood that model files can name: converts name and options to the likelihood and back.
///
/// To register a new likelihood, add one line to `all`.
public struct LikelihoodRegistry: Sendable {
  /// The likelihood's own `name`.
  public let name: String
  /// The names of its options, each a list of numbers in model files: values that were fixed before
  /// the fit, such as a known precision or the rows of a confusion matrix. Fitted parameters are
  /// not options.
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

  /// Registers a likelihood without options.
  init(_ likelihood: some Likelihood) {
    self.init(name: likelihood.name, optionNames: []) { _ in
      [:]
    } make: { _, _ in
      likelihood
    }
  }

  /// Registers a likelihood with options. `make` receives a list for each of the names and the
  /// number of classes; it returns nil for values outside their domain, and never traps.
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

  /// The likelihood with the given name; nil if this release has none.
  public static func named(_ name: String) -> LikelihoodRegistry? {
    all.first { $0.name == name }
  }

  /// The options of a likelihood; empty if it has none or is not registered.
  public static func options(of likelihood: any Likelihood) -> [String: [Double]] {
    named(likelihood.name)?.read(likelihood) ?? [:]
  }

  /// The likelihood with these options over C classes; nil if they are outside their domain.
  public func likelihood(options: [String: [Double]], classCount: Int) -> (any Likelihood)? {
    make(options, classCount)
  }
}
