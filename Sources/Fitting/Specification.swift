import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The complete description of a fit except the data: everything that determines its result.
///
/// A value without generic parameters. It is built in code, from the options of the command, or
/// from JSON, in which every member is optional:
///
///     {"model": "softmax", "prior": {"l2": 0.01}, "standard_errors": "sandwich"}
///
/// `fit(_:in:)` translates its words to types. Strengths are stored as given; nothing in it is
/// derived from data.
public struct Specification: Sendable, Equatable {
  /// The kind of model, with the options of that kind.
  public enum Model: Sendable, Equatable {
    /// Softmax regression, with or without intercepts.
    case softmax(hasIntercept: Bool)
    /// A feed-forward network.
    case network(Network)
  }

  /// The likelihood of the labels.
  public struct Likelihood: Sendable, Equatable {
    /// One of the names in `LikelihoodRegistry`; nil for the default of the kind of label:
    /// multinomial for counts, candidate-set for candidates, evidence for evidence, categorical
    /// otherwise.
    public var name: String?
    /// The options that are known before the fit, by name, each a list of numbers: `precision` of
    /// the Dirichlet likelihood; `confusion`, C x C numbers row by row, or `starting_diagonal` of
    /// noisy labels.
    public var options: [String: [Double]]

    /// Creates a likelihood; by default that of the kind of label.
    public init(name: String? = nil, options: [String: [Double]] = [:]) {
      self.name = name
      self.options = options
    }
  }

  /// The density of the coefficients; a Gaussian one leaves intercepts unpenalised.
  public struct Prior: Sendable, Equatable {
    /// The kinds of density.
    public enum Density: Sendable, Equatable {
      /// None: maximum likelihood.
      case flat
      /// Gaussian with the given strength.
      case gaussian(PriorStrength)
      /// Gaussian, for networks: the λ among `PriorChoice.standard` with the smallest divergence on
      /// held-out rows, or the smallest λ if none are held out or training takes long.
      case automatic
      /// Jeffreys: Firth's method.
      case jeffreys

      /// The strength as it was given; nil for a density without one.
      package var strength: PriorStrength? {
        switch self {
        case .gaussian(let strength): strength
        case .flat, .automatic, .jeffreys: nil
        }
      }
    }

    /// The density.
    public var density: Density
    /// Whether it applies to the coefficients of standardised features.
    public var isStandardized: Bool

    /// Creates a prior; flat by default.
    public init(_ density: Density = .flat, isStandardized: Bool = false) {
      self.density = density
      self.isStandardized = isStandardized
    }

    /// The penalty λ/2 Σ u² on the mean cross entropy; 0 for none.
    public static func l2(_ lambda: Double, isStandardized: Bool = false) -> Prior {
      Prior(lambda == 0 ? .flat : .gaussian(.lambda(lambda)), isStandardized: isStandardized)
    }

    /// λ of a Gaussian prior if given in this form; 0 for a flat prior; otherwise nil.
    public var lambda: Double? {
      switch density {
      case .flat: 0
      case .gaussian(.lambda(let lambda)): lambda
      case .gaussian(.precision), .automatic, .jeffreys: nil
      }
    }
  }

  /// A method of minimisation. The first selects a default for any model; the next three are for
  /// softmax regression; networks are trained by `adamW`, `sgd` and `lbfgs`.
  public enum Solver: String, Sendable, CaseIterable {
    case automatic = "auto"
    case newton
    case newtonCG = "newton-cg"
    case lbfgs
    case adamW = "adamw"
    case sgd
  }

  /// The type of standard errors. As text: `auto`, `information`, `sandwich`, `quasi`,
  /// `none`, or `cluster:COLUMN`.
  public enum StandardErrors: Sendable, Equatable {
    /// The type that suits the labels, the likelihood, the weights and the prior.
    case automatic
    /// From the inverse of the observed information.
    case information
    /// Robust, from the sandwich estimator.
    case sandwich
    /// From the information, times the root of the dispersion of votes.
    case quasi
    /// Cluster-robust; the column identifies clusters of dependent rows.
    case cluster(column: String)
    /// None.
    case none
  }

  /// The adjustments of labels before the fit, in this order.
  public struct Labels: Sendable, Equatable {
    /// The weight of a row of counts.
    public var countWeight: CountWeight
    /// Labels p become p^(1/T), divided by their sum.
    public var temperature: Double?
    /// Labels p become (1 - ε) p + ε/C.
    public var smoothing: Double?
    /// The weights of classes in the likelihood.
    public var classWeights: ClassWeights?

    /// Creates adjustments; none by default.
    public init(
      countWeight: CountWeight = .votes, temperature: Double? = nil, smoothing: Double? = nil,
      classWeights: ClassWeights? = nil
    ) {
      self.countWeight = countWeight
      self.temperature = temperature
      self.smoothing = smoothing
      self.classWeights = classWeights
    }
  }

  /// The kind of model.
  public var model: Model
  /// The likelihood of the labels.
  public var likelihood: Likelihood
  /// The density of the coefficients.
  public var prior: Prior
  /// The method of minimisation.
  public var solver: Solver
  /// The bound on the largest entry of the mean gradient in standardised coordinates.
  public var tolerance: Double
  /// The largest number of solver iterations.
  public var maximumIterations: Int
  /// The number of further starts if the likelihood is not concave; nil to choose by the size of
  /// the problem.
  public var restarts: Int?
  /// The seed of random starts and of all random numbers in training.
  public var seed: UInt64
  /// The type of standard errors.
  public var standardErrors: StandardErrors
  /// The reference class for coefficients; nil for the first class.
  public var reference: String?
  /// The adjustments of labels before the fit.
  public var labels: Labels
  /// The pseudo-counts of each annotator, in a joint fit of features and votes.
  public var pseudoCounts: PseudoCounts?

  /// Creates a specification; every member has a default. A prior of nil is the standard one of the
  /// model and the solver.
  public init(
    model: Model = .softmax(hasIntercept: true), likelihood: Likelihood = Likelihood(),
    prior: Prior? = nil, solver: Solver = .automatic, tolerance: Double = 1e-8,
    maximumIterations: Int = 1000, restarts: Int? = nil, seed: UInt64 = 1,
    standardErrors: StandardErrors = .automatic, reference: String? = nil,
    labels: Labels = Labels()
  ) {
    self.model = model
    self.likelihood = likelihood
    self.prior = prior ?? .standard(for: model, solver)
    self.solver = solver
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.restarts = restarts
    self.seed = seed
    self.standardErrors = standardErrors
    self.reference = reference
    self.labels = labels
  }
}

extension Specification.Prior {
  /// The densities, by name.
  public enum Name: String, Sendable, CaseIterable {
    case flat
    case gaussian
    case automatic = "auto"
    case jeffreys

    /// The density of this name; nil if it needs a strength and there is none, or if it takes none
    /// and there is one.
    package func density(_ strength: PriorStrength?) -> Density? {
      switch self {
      case .flat: strength == nil ? .flat : nil
      case .gaussian: strength.map { .gaussian($0) }
      case .automatic: strength == nil ? .automatic : nil
      case .jeffreys: strength == nil ? .jeffreys : nil
      }
    }
  }

  /// The name of the density.
  public var name: Name {
    switch density {
    case .flat: .flat
    case .gaussian: .gaussian
    case .automatic: .automatic
    case .jeffreys: .jeffreys
    }
  }
}

extension Specification.StandardErrors: RawRepresentable {
  private static let prefix = "cluster:"

  /// The accepted forms of the text.
  public static let forms = ["auto", "information", "sandwich", "quasi", "cluster:COL", "none"]

  public init?(rawValue: String) {
    switch rawValue {
    case "auto": self = .automatic
    case "information": self = .information
    case "sandwich": self = .sandwich
    case "quasi": self = .quasi
    case "none": self = .none
    default:
      let column = rawValue.dropFirst(Self.prefix.count)
      guard rawValue.hasPrefix(Self.prefix), !column.isEmpty else { return nil }
      self = .cluster(column: String(column))
    }
  }

  public var rawValue: String {
    switch self {
    case .automatic: "auto"
    case .information: "information"
    case .sandwich: "sandwich"
    case .quasi: "quasi"
    case .cluster(let column): Self.prefix + column
    case .none: "none"
    }
  }

  /// The cluster column, if there is one.
  public var clusterColumn: String? {
    if case .cluster(let column) = self { column } else { nil }
  }
}

extension Specification.Model {
  /// The name of the kind: `softmax` or `mlp`.
  public var name: String { kind.rawValue }

  /// The kinds of model, by name.
  public enum Kind: String, Sendable, CaseIterable {
    case softmax
    case network = "mlp"
  }

  /// The kind.
  public var kind: Kind {
    switch self {
    case .softmax: .softmax
    case .network: .network
    }
  }

  /// The options of a network; nil for other models.
  public var network: Specification.Network? {
    if case .network(let network) = self { network } else { nil }
  }
}
