import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// What is fitted, and how: everything that decides the result of a fit but the data.
///
/// A value without generic parameters. It is built in code, from the options of the command, or
/// from JSON, in which every member may be left out:
///
///     {"model": "softmax", "prior": {"l2": 0.01}, "standard_errors": "sandwich"}
///
/// `fit(_:in:)` turns its words into types. Strengths are kept as they were given; nothing in it is
/// derived from data.
public struct Specification: Sendable, Equatable {
  /// The kind of model, with what it alone has.
  public enum Model: Sendable, Equatable {
    /// Softmax regression, with or without intercepts.
    case softmax(hasIntercept: Bool)
    /// A feed-forward network.
    case network(Network)
  }

  /// The likelihood of the labels.
  public struct Likelihood: Sendable, Equatable {
    /// One of `LikelihoodRegistry`'s names; nil for the default of the kind of label: multinomial
    /// for counts, candidate-set for candidates, evidence for evidence, categorical otherwise.
    public var name: String?
    /// What is known before the fit, by name, each a list of numbers: `precision` of the Dirichlet
    /// likelihood; `confusion`, C x C numbers row by row, or `starting_diagonal` of noisy labels.
    public var options: [String: [Double]]

    /// A likelihood; the default is that of the kind of label.
    public init(name: String? = nil, options: [String: [Double]] = [:]) {
      self.name = name
      self.options = options
    }
  }

  /// The density of the coefficients; intercepts are free under a Gaussian one.
  public struct Prior: Sendable, Equatable {
    /// Which density.
    public enum Density: Sendable, Equatable {
      /// None: maximum likelihood.
      case flat
      /// Gaussian of the strength that was given.
      case gaussian(PriorStrength)
      /// Jeffreys: Firth's method.
      case jeffreys
    }

    /// The density.
    public var density: Density
    /// Whether it is about the coefficients of standardised features.
    public var isStandardized: Bool

    /// A prior; flat by default.
    public init(_ density: Density = .flat, isStandardized: Bool = false) {
      self.density = density
      self.isStandardized = isStandardized
    }

    /// The penalty λ/2 Σ u² on the mean cross entropy; 0 for none.
    public static func l2(_ lambda: Double, isStandardized: Bool = false) -> Prior {
      Prior(lambda == 0 ? .flat : .gaussian(.lambda(lambda)), isStandardized: isStandardized)
    }

    /// λ of a Gaussian prior that was given as such; 0 for a flat one.
    public var lambda: Double? {
      switch density {
      case .flat: 0
      case .gaussian(.lambda(let lambda)): lambda
      case .gaussian(.precision), .jeffreys: nil
      }
    }
  }

  /// A method of minimisation. The first is every model's; the next three are those of softmax
  /// regression; networks are trained by `adamW`, `sgd` and `lbfgs`.
  public enum Solver: String, Sendable, CaseIterable {
    case automatic = "auto"
    case newton
    case newtonCG = "newton-cg"
    case lbfgs
    case adamW = "adamw"
    case sgd
  }

  /// Which standard errors are computed. As text: `auto`, `information`, `sandwich`, `quasi`,
  /// `none`, or `cluster:COLUMN`.
  public enum StandardErrors: Sendable, Equatable {
    /// Those that are right for the labels, the likelihood, the weights and the prior.
    case automatic
    /// From the inverse of the observed information.
    case information
    /// Robust.
    case sandwich
    /// From the information, times the root of the dispersion of votes.
    case quasi
    /// Robust, with rows dependent within the clusters that this column of the data names.
    case cluster(column: String)
    /// None.
    case none
  }

  /// What is done to labels before they are fitted, in this order.
  public struct Labels: Sendable, Equatable {
    /// What a row of counts weighs.
    public var countWeight: CountWeight
    /// Labels p become p^(1/T), divided by their sum.
    public var temperature: Double?
    /// Labels p become (1 - ε) p + ε/C.
    public var smoothing: Double?
    /// What classes count in the likelihood.
    public var classWeights: ClassWeights?

    /// Labels as they are, unless told otherwise.
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
  /// The most steps of the solver.
  public var maximumIterations: Int
  /// Further starts if the likelihood is not concave; nil for four of them.
  public var restarts: Int?
  /// The seed of random starts, and of everything random in training.
  public var seed: UInt64
  /// Which standard errors are computed.
  public var standardErrors: StandardErrors
  /// The class that coefficients are compared with; nil for the first.
  public var reference: String?
  /// What is done to labels before they are fitted.
  public var labels: Labels

  /// A specification; every member has a default.
  public init(
    model: Model = .softmax(hasIntercept: true), likelihood: Likelihood = Likelihood(),
    prior: Prior = Prior(), solver: Solver = .automatic, tolerance: Double = 1e-8,
    maximumIterations: Int = 1000, restarts: Int? = nil, seed: UInt64 = 1,
    standardErrors: StandardErrors = .automatic, reference: String? = nil,
    labels: Labels = Labels()
  ) {
    self.model = model
    self.likelihood = likelihood
    self.prior = prior
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

extension Specification.StandardErrors: RawRepresentable {
  private static let prefix = "cluster:"

  /// The forms that the text may have.
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

  /// The column of the clusters, if there are any.
  public var clusterColumn: String? {
    if case .cluster(let column) = self { column } else { nil }
  }
}

extension Specification.Model {
  /// The word for the kind: `softmax` or `mlp`.
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

  /// What a network has; nil for other models.
  public var network: Specification.Network? {
    if case .network(let network) = self { network } else { nil }
  }
}
