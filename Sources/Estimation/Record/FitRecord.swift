import SurprisalDatasets
import SurprisalLinearAlgebra
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
  public enum Weighting: String, Sendable, Codable, CaseIterable {
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

  /// What was fitted.
  public var specification: Specification
  /// How the solver came to its end.
  public var convergence: Convergence
  /// Likelihood, cross entropy and the rest.
  public var statistics: FitStatistics
  /// Every parameter with its estimate and uncertainty.
  public var parameters: ParameterTable
  /// What a user should know.
  public var warnings: [FitWarning]
  /// The columns without coefficients of their own, as combinations of others on the user's scale;
  /// none if these combinations are too many to keep.
  public var dependencies: [ColumnDependencies.Aliased] = []
  /// Tests and intervals by the profile likelihood; nil if they were not computed.
  public var profile: ProfileRecord?
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

  /// The estimated confusion matrix of noisy labels, true classes down and labels across; nil if
  /// there is none.
  public var confusionMatrix: [[ParameterTable.Auxiliary]]? {
    let entries = parameters.auxiliaryParameters
    let count = entries.prefix { $0.name.hasPrefix("confusion[0,") }.count
    guard count > 1, entries.count == count * count, entries[0].name == "confusion[0,0]" else {
      return nil
    }
    return (0..<count).map { Array(entries[$0 * count..<($0 + 1) * count]) }
  }

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

  /// The most terms of dependencies that are kept.
  static let keptDependencyLimit = 10_000

  /// Whether there are more columns, the intercept included, than rows to tell them apart: the
  /// estimates are then one choice of infinitely many with the same fitted probabilities.
  public var isUnidentified: Bool {
    guard parameters.rows.contains(where: { $0.state == .aliased }) else { return false }
    return Double(Set(coefficients.map(\.feature)).count) > statistics.rowCount
  }
}

extension FitRecord.Specification: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case model, likelihood, reading, labels, prior, weighting, reference
    case hasIntercept = "has_intercept"
  }
}

extension FitRecord.PriorRecord: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case name, precision, lambda
    case isStandardized = "is_standardized"
  }
}

extension FitRecord.Convergence: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case solvers, termination, iterations, passes, tolerance
    case isConverged = "is_converged"
    case setUpPasses = "set_up_passes"
    case curvatureEvaluations = "curvature_evaluations"
  }
}
