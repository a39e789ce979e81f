import SurprisalDatasets
import SurprisalProbability

/// A fit as it is reported and kept in a model file: plain values, whatever the types that made it.
public struct FitRecord: Sendable, Equatable {
  /// What was fitted, in the words of the command line.
  public struct Specification: Sendable, Equatable {
    /// The kind of model: `softmax` or `mlp`.
    public var model: String
    /// The likelihood: `categorical`.
    public var likelihood: String
    /// What the labels were taken to be, in a phrase.
    public var reading: String
    /// The kind of label.
    public var labels: LabelKind
    /// The prior.
    public var prior: PriorRecord
    /// How rows were weighted.
    public var weighting: Weighting
    /// Whether classes have intercepts.
    public var hasIntercept: Bool
    /// The position of the reference class.
    public var reference: Int

    /// A specification.
    public init(
      model: String, likelihood: String, reading: String, labels: LabelKind, prior: PriorRecord,
      weighting: Weighting, hasIntercept: Bool, reference: Int
    ) {
      self.model = model
      self.likelihood = likelihood
      self.reading = reading
      self.labels = labels
      self.prior = prior
      self.weighting = weighting
      self.hasIntercept = hasIntercept
      self.reference = reference
    }
  }

  /// How rows were weighted.
  public enum Weighting: String, Sendable, CaseIterable {
    case uniform
    case importance
    case frequency
  }

  /// A prior with its strength in both forms.
  public struct PriorRecord: Sendable, Equatable {
    /// `flat` or `gaussian`.
    public var name: String
    /// τ; nil for a flat prior.
    public var precision: Double?
    /// λ = τ / W, the penalty on the mean cross entropy.
    public var lambda: Double?
    /// Whether it is about the coefficients of standardised features.
    public var isStandardized: Bool

    /// A prior.
    public init(name: String, precision: Double?, lambda: Double?, isStandardized: Bool) {
      self.name = name
      self.precision = precision
      self.lambda = lambda
      self.isStandardized = isStandardized
    }
  }

  /// How the solver came to its end.
  public struct Convergence: Sendable, Equatable {
    /// The solvers that ran, in order.
    public var solvers: [String]
    /// Whether the optimum exists and was reached.
    public var isConverged: Bool
    /// The word for the end: `converged`, `separation`, `iteration_limit` ...
    public var termination: String
    /// Steps taken.
    public var iterations: Int
    /// Passes over the data for value and gradient.
    public var passes: Int
    /// The work on samples and matrices before the solver, in passes over the data.
    public var setUpPasses: Double
    /// Curvature matrices formed or products taken.
    public var curvatureEvaluations: Int
    /// The tolerance asked for.
    public var tolerance: Double

    /// How it ended.
    public init(
      solvers: [String], isConverged: Bool, termination: String, iterations: Int, passes: Int,
      setUpPasses: Double = 0, curvatureEvaluations: Int, tolerance: Double
    ) {
      self.solvers = solvers
      self.isConverged = isConverged
      self.termination = termination
      self.iterations = iterations
      self.passes = passes
      self.setUpPasses = setUpPasses
      self.curvatureEvaluations = curvatureEvaluations
      self.tolerance = tolerance
    }
  }

<<<<<<<< HEAD:Sources/Estimation/Record/FitRecord.swift
========
  /// Whether a coefficient is a number, and if not, why.
  public enum CoefficientState: String, Sendable, CaseIterable {
    /// A finite estimate.
    case estimated
    /// The column is a combination of others.
    case aliased
    /// The likelihood grows without bound along it.
    case infinite
    /// Its size leaves the range of doubles.
    case outOfRange = "out_of_range"
  }

  /// One coefficient of a class against the reference class, on the user's scale.
  public struct Coefficient: Sendable, Equatable {
    /// The position of the class.
    public var classIndex: Int
    /// The name of the design column, or `(Intercept)`.
    public var feature: String
    /// The estimate; nil unless the state is `.estimated`.
    public var estimate: Double?
    /// Why there is none.
    public var state: CoefficientState
    /// The standard error of the estimate; nil where there is none.
    public var standardError: Double?

    /// A coefficient.
    public init(
      classIndex: Int, feature: String, estimate: Double?, state: CoefficientState,
      standardError: Double? = nil
    ) {
      self.classIndex = classIndex
      self.feature = feature
      self.estimate = estimate
      self.state = state
      self.standardError = standardError
    }
  }

  /// One of the auxiliary parameters, in natural units.
  public struct OwnParameter: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Its value.
    public var estimate: Double
    /// Its standard error by the delta method, in the same units; nil where there is none.
    public var standardError: Double?
    /// The 95 % interval, symmetric on the scale on which the parameter is unconstrained.
    public var interval: ClosedRange<Double>?

    /// A parameter.
    public init(
      name: String, estimate: Double, standardError: Double? = nil,
      interval: ClosedRange<Double>? = nil
    ) {
      self.name = name
      self.estimate = estimate
      self.standardError = standardError
      self.interval = interval
    }
  }

>>>>>>>> prepared:Sources/Estimation/Fitting/FitRecord.swift
  /// What was fitted.
  public var specification: Specification
  /// How the solver came to its end.
  public var convergence: Convergence
  /// Likelihood, cross entropy and the rest.
  public var statistics: FitStatistics
<<<<<<<< HEAD:Sources/Estimation/Record/FitRecord.swift
  /// Every parameter with its estimate and uncertainty.
  public var parameters: ParameterTable
  /// What a user should know.
  public var warnings: [FitWarning]
========
  /// Class by class, the reference left out.
  public var coefficients: [Coefficient]
  /// The auxiliary parameters.
  public var ownParameters: [OwnParameter]
  /// What a user should know, in sentences.
  public var warnings: [Notice]
  /// Which standard errors there are, and why.
  public var uncertainty: UncertaintyRecord
>>>>>>>> prepared:Sources/Estimation/Fitting/FitRecord.swift
  /// How a network was trained; nil for other models. One entry a member of an ensemble.
  public var training: [TrainingRecord]?
  /// What validation rows came to under the whole, an ensemble's average for one.
  public var validation: TrainingRecord.Held?

  /// A record of its parts.
  public init(
    specification: Specification, convergence: Convergence, statistics: FitStatistics,
    parameters: ParameterTable, warnings: [FitWarning], training: [TrainingRecord]? = nil
  ) {
    self.specification = specification
    self.convergence = convergence
    self.statistics = statistics
    self.parameters = parameters
    self.warnings = warnings
    self.training = training
  }
}

extension FitRecord {
  /// The coefficients, class by class, the reference left out. Complexity: O(parameters).
  public var coefficients: [ParameterTable.Coefficient] { parameters.coefficients }

  /// Which standard errors there are, and why.
  public var uncertainty: UncertaintyRecord {
    get { parameters.uncertainty }
    set { parameters.uncertainty = newValue }
  }

  /// The record as a model file keeps it: without a covariance that is too large.
  public var forKeeping: FitRecord {
    var result = self
    result.parameters = parameters.forKeeping
    return result
  }

  /// Whether there are more columns, the intercept included, than rows to tell them apart: the
  /// estimates are then one choice of infinitely many with the same fitted probabilities.
  public var isUnidentified: Bool {
    guard parameters.rows.contains(where: { $0.state == .aliased }) else { return false }
    return Double(Set(coefficients.map(\.feature)).count) > statistics.rowCount
  }
}
