import SurprisalEstimation
import SurprisalProbability

/// A calibrator and what is known of its fit, as it is printed and kept in a model file: plain
/// values.
public struct CalibrationRecord: Sendable, Equatable {
  /// The map.
  public var calibrator: Calibrator
  /// The kind of label it was fitted to.
  public var labels: LabelKind
  /// The strength λ of a Gaussian prior on the deviations from the identity; nil for none.
  public var lambda: Double?
  /// The rows of positive weight; a row of frequency f counts as f.
  public var rowCount: Double
  /// W.
  public var totalWeight: Double
  /// The fit of the predictions to the rows, before the map.
  public var before: Scores
  /// The same after it, on the very rows it was fitted to.
  public var after: Scores
  /// Estimates with intervals; empty for isotonic regression and for very many.
  public var parameters: [Parameter]
  /// What the standard errors are; nil where there are none.
  public var errors: CovarianceType?
  /// Why these, or why none.
  public var errorsReason: CovarianceReason
  /// The test that the predictions were calibrated already; nil where there is none.
  public var test: Test?
  /// Why this test, or why none.
  public var testReason: CalibrationTestReason
  /// Whether the fit met its stopping rule.
  public var isConverged: Bool
  /// Steps taken.
  public var iterations: Int
  /// What a user should know.
  public var warnings: [FitWarning]

  /// How predictions and labels compare: means over the rows, in nats where they are entropies.
  public struct Scores: Sendable, Equatable {
    /// Label entropy plus divergence.
    public var crossEntropy: Double
    /// The floor.
    public var labelEntropy: Double
    /// What predictions can change.
    public var divergence: Double
    /// The expected calibration error of the most probable class.
    public var calibrationError: Double
    /// The share of rows whose most probable class is the label's.
    public var accuracy: Double

    /// Scores.
    public init(
      crossEntropy: Double, labelEntropy: Double, divergence: Double, calibrationError: Double,
      accuracy: Double
    ) {
      self.crossEntropy = crossEntropy
      self.labelEntropy = labelEntropy
      self.divergence = divergence
      self.calibrationError = calibrationError
      self.accuracy = accuracy
    }
  }

  /// One number of a scaling.
  public struct Parameter: Sendable, Equatable {
    /// What a parameter is.
    public enum Role: String, Sendable, Codable, CaseIterable {
      /// T, by which logits are divided.
      case temperature
      /// 1 / T, or the slope of one class.
      case slope
      /// The intercept of a class: these sum to zero in vector scaling; elsewhere they are
      /// differences from the first class.
      case intercept
      /// By how much the log odds of a class against the first rise with the score of a class, less
      /// what they do without calibration.
      case weight
    }

    /// What it is.
    public var role: Role
    /// The class it belongs to; nil for the temperature.
    public var classIndex: Int?
    /// The class whose score it multiplies, of weights only.
    public var scoreIndex: Int?
    /// The estimate.
    public var estimate: Double
    /// Its standard error; nil where there is none.
    public var standardError: Double?
    /// The 95 % interval; nil where there is none. That of a temperature is symmetric in log T.
    public var interval: ClosedRange<Double>?

    /// A parameter.
    public init(
      _ role: Role, class classIndex: Int? = nil, score scoreIndex: Int? = nil, estimate: Double,
      standardError: Double? = nil, interval: ClosedRange<Double>? = nil
    ) {
      self.role = role
      self.classIndex = classIndex
      self.scoreIndex = scoreIndex
      self.estimate = estimate
      self.standardError = standardError
      self.interval = interval
    }
  }

  /// A test of the identity: temperature 1, slopes 1, intercepts 0.
  public struct Test: Sendable, Equatable {
    /// Which test it is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// Twice the gain in log-likelihood.
      case likelihoodRatio = "likelihood_ratio"
      /// The deviations against their robust covariance.
      case robustWald = "robust_wald"
    }

    /// Which test it is.
    public var kind: Kind
    /// Compared with chi-square.
    public var statistic: Double
    /// How many parameters are tested.
    public var degreesOfFreedom: Int
    /// The probability of a larger statistic if the predictions were calibrated.
    public var pValue: Double

    /// A test.
    public init(kind: Kind, statistic: Double, degreesOfFreedom: Int, pValue: Double) {
      self.kind = kind
      self.statistic = statistic
      self.degreesOfFreedom = degreesOfFreedom
      self.pValue = pValue
    }
  }

  /// A record of its parts.
  public init(
    calibrator: Calibrator, labels: LabelKind, lambda: Double?, rowCount: Double,
    totalWeight: Double, before: Scores, after: Scores, parameters: [Parameter],
    errors: CovarianceType?, errorsReason: CovarianceReason, test: Test?,
    testReason: CalibrationTestReason,
    isConverged: Bool, iterations: Int, warnings: [FitWarning]
  ) {
    self.calibrator = calibrator
    self.labels = labels
    self.lambda = lambda
    self.rowCount = rowCount
    self.totalWeight = totalWeight
    self.before = before
    self.after = after
    self.parameters = parameters
    self.errors = errors
    self.errorsReason = errorsReason
    self.test = test
    self.testReason = testReason
    self.isConverged = isConverged
    self.iterations = iterations
    self.warnings = warnings
  }

  /// Which kind of map it is.
  public var method: CalibrationMethod { calibrator.method }

  /// What the labels were taken to be.
  package var reading: any Likelihood {
    switch labels {
    case .classes, .probabilities: Categorical()
    case .counts: Multinomial()
    case .candidates: CandidateSet()
    case .evidence: Evidence()
    }
  }
}

extension CalibrationRecord: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case labels, before, after, parameters, test, iterations, warnings
    case calibrator = "map"
    case lambda = "l2"
    case rowCount = "rows"
    case totalWeight = "total_weight"
    case errors = "std_errors"
    case errorsReason = "std_errors_reason"
    case testReason = "test_reason"
    case isConverged = "is_converged"
  }
}

extension CalibrationRecord.Scores: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case accuracy
    case crossEntropy = "cross_entropy"
    case labelEntropy = "label_entropy"
    case divergence = "kl_divergence"
    case calibrationError = "ece"
  }
}

extension CalibrationRecord.Parameter: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case role, estimate, interval
    case classIndex = "class"
    case scoreIndex = "score"
    case standardError = "std_error"
  }
}

extension CalibrationRecord.Test: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case kind, statistic
    case degreesOfFreedom = "degrees_of_freedom"
    case pValue = "p_value"
  }
}

/// Why the identity is tested in this way, or not. The sentences are in the module Diagnostics.
public enum CalibrationTestReason: RecordedReason, Equatable {
  /// The labels have a likelihood: a likelihood ratio.
  case likelihood
  /// Labels that are shares, or weighted by importance, have none: a robust Wald test.
  case quasiLikelihood
  /// There are fewer than two rows a parameter.
  case fewRows
  /// With a prior the estimates are drawn towards the identity.
  case prior
  /// The fit did not converge.
  case notConverged
  /// There is no covariance to test with.
  case covariance(CovarianceReason)
  /// Isotonic regression has no parameters to test.
  case isotonic
  /// In the words of a model file.
  case recorded(String)

  public var recordedSentence: String? {
    if case .recorded(let sentence) = self { sentence } else { nil }
  }
}
