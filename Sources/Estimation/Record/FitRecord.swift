import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// A fit as it is reported and stored in a model file: plain values, independent of the generic
/// types of the fit.
public struct FitRecord: Sendable, Equatable {
  /// The specification of the fit.
  public var specification: Specification
  /// The convergence of the solver.
  public var convergence: Convergence
  /// Likelihood, cross entropy and other statistics.
  public var statistics: FitStatistics
  /// Every parameter with its estimate and uncertainty.
  public var parameters: ParameterTable
  /// Warnings for the user.
  public var warnings: [FitWarning]
  /// The columns without coefficients of their own, as combinations of others on the user's scale;
  /// empty if there are too many combinations to store.
  public var dependencies: [ColumnDependencies.Aliased] = []
  /// The annotators of a joint fit of features and votes; nil for other fits.
  public var votes: VoteRecord?
  /// Tests and intervals by the profile likelihood; nil if they were not computed.
  public var profile: ProfileRecord?
  /// The training records of a network, one per member of an ensemble; nil for other models.
  public var training: [TrainingRecord]?
  /// The scores of the whole model on the validation rows; for an ensemble those of its average.
  public var validation: TrainingRecord.Held?

  /// Creates a record from its parts.
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
  /// The specification of the fit, in the terms of the command line.
  public struct Specification: Sendable, Equatable {
    /// The kind of model: `softmax` or `mlp`.
    public var model: String
    /// The likelihood: `categorical`.
    public var likelihood: String
    /// A short description of the labels under the likelihood.
    public var reading: String
    /// The kind of label.
    public var labels: LabelKind
    /// The prior.
    public var prior: PriorRecord
    /// The kind of row weights.
    public var weighting: Weighting
    /// Whether classes have intercepts.
    public var hasIntercept: Bool
    /// The position of the reference class.
    public var reference: Int
  }

  /// The kind of row weights.
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
    /// Whether it applies to the coefficients of standardised features.
    public var isStandardized: Bool
  }

  /// The convergence of the solver.
  public struct Convergence: Sendable, Equatable {
    /// The solvers that ran, in order.
    public var solvers: [String]
    /// Whether the optimum exists and was reached.
    public var isConverged: Bool
    /// The reason for stopping: `converged`, `separation`, `iteration_limit` ...
    public var termination: String
    /// The number of steps.
    public var iterations: Int
    /// The number of passes over the data for value and gradient.
    public var passes: Int
    /// The work before the solver, on samples and matrices, in passes over the data.
    public var setUpPasses = 0.0
    /// The number of curvature matrices or products.
    public var curvatureEvaluations: Int
    /// The requested tolerance.
    public var tolerance: Double
  }
}

extension FitRecord {
  /// The coefficients, class by class, without the reference. Complexity: O(parameters).
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

  /// The type of standard errors, and the reason for it.
  public var uncertainty: UncertaintyRecord {
    get { parameters.uncertainty }
    set { parameters.uncertainty = newValue }
  }

  /// The record as stored in a model file: without a covariance that is too large.
  public var forKeeping: FitRecord {
    var result = self
    result.parameters = parameters.forKeeping
    return result
  }

  /// The largest number of stored terms of dependencies.
  static let keptDependencyLimit = 10_000

  /// Whether there are more columns, including the intercept, than rows: the estimates are then one
  /// of infinitely many choices with the same fitted probabilities.
  public var isUnidentified: Bool {
    guard parameters.rows.contains(where: { $0.state == .aliased }) else { return false }
    return Double(Set(coefficients.map(\.feature)).count) > statistics.rowCount
  }
}

extension FitRecord.Specification: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case model, likelihood, reading, labels, prior, weighting, reference
    case hasIntercept = "has_intercept"
  }
}

extension FitRecord.PriorRecord: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case name, precision, lambda
    case isStandardized = "is_standardized"
  }
}

extension FitRecord.Convergence: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case solvers, termination, iterations, passes, tolerance
    case isConverged = "is_converged"
    case setUpPasses = "set_up_passes"
    case curvatureEvaluations = "curvature_evaluations"
  }
}
