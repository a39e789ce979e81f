import SurprisalEstimation
import SurprisalProbability

/// A calibrator and the statistics of its fit, as printed and stored in a model file: plain values.
public struct CalibrationRecord: Sendable, Equatable {
  /// The fitted map.
  public var calibrator: Calibrator
  /// The kind of label that was fitted.
  public var labels: LabelKind
  /// The strength λ of a Gaussian prior on the deviations from the identity; nil for none.
  public var lambda: Double?
  /// The number of rows of positive weight; a row of frequency f counts as f.
  public var rowCount: Double
  /// The total weight, W.
  public var totalWeight: Double
  /// The scores of the predictions before calibration.
  public var before: Scores
  /// The scores after calibration, on the same rows that it was fitted to.
  public var after: Scores
  /// Estimates with intervals; empty for isotonic regression and for very many parameters.
  public var parameters: [Parameter]
  /// The type of the standard errors; nil if there are none.
  public var errors: CovarianceType?
  /// The reason for this type, or for the absence of standard errors.
  public var errorsReason: CovarianceReason
  /// The test of the hypothesis that the predictions were already calibrated; nil if there is none.
  public var test: Test?
  /// The reason for this test, or for its absence.
  public var testReason: CalibrationTestReason
  /// Whether the fit met its convergence criterion.
  public var isConverged: Bool
  /// The number of iterations.
  public var iterations: Int
  /// Warnings for the user.
  public var warnings: [FitWarning]

  /// Scores of predictions for labels: means over the rows, entropies in nats.
  public struct Scores: Sendable, Equatable {
    /// Label entropy plus divergence.
    public var crossEntropy: Double
    /// The smallest possible cross entropy.
    public var labelEntropy: Double
    /// The part of the cross entropy that depends on predictions.
    public var divergence: Double
    /// The expected calibration error of the most probable class.
    public var calibrationError: Double
    /// The proportion of rows whose predicted class is the label's class.
    public var accuracy: Double
  }

  /// One parameter of a scaling.
  public struct Parameter: Sendable, Equatable {
    /// The role of a parameter.
    public enum Role: String, Sendable, Codable, CaseIterable {
      /// T, the divisor of the logits.
      case temperature
      /// 1 / T, or the slope of one class.
      case slope
      /// The intercept of a class: these sum to zero in vector scaling; otherwise they are
      /// differences from the first class.
      case intercept
      /// The increase of the log odds of a class against the first class per unit of the score of a
      /// class, minus its value without calibration.
      case weight
    }

    /// The role of the parameter.
    public var role: Role
    /// The class of the parameter; nil for the temperature.
    public var classIndex: Int?
    /// The class whose score it multiplies; for weights only.
    public var scoreIndex: Int?
    /// The estimate.
    public var estimate: Double
    /// Its standard error; nil if there is none.
    public var standardError: Double?
    /// The 95 % interval; nil if there is none. That of a temperature is symmetric in log T.
    public var interval: ClosedRange<Double>?
  }

  /// A test of the identity: temperature 1, slopes 1, intercepts 0.
  public struct Test: Sendable, Equatable {
    /// The type of test.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// Twice the gain in log-likelihood.
      case likelihoodRatio = "likelihood_ratio"
      /// A Wald test of the deviations with their robust covariance.
      case robustWald = "robust_wald"
    }

    /// The type of test.
    public var kind: Kind
    /// The statistic, compared with chi-square.
    public var statistic: Double
    /// The number of tested parameters.
    public var degreesOfFreedom: Int
    /// The p-value.
    public var pValue: Double
  }

  /// The calibration method.
  public var method: CalibrationMethod { calibrator.method }

  /// The likelihood of the labels.
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
  /// The keys used in files.
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
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case accuracy
    case crossEntropy = "cross_entropy"
    case labelEntropy = "label_entropy"
    case divergence = "kl_divergence"
    case calibrationError = "ece"
  }
}

extension CalibrationRecord.Parameter: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case role, estimate, interval
    case classIndex = "class"
    case scoreIndex = "score"
    case standardError = "std_error"
  }
}

extension CalibrationRecord.Test: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case kind, statistic
    case degreesOfFreedom = "degrees_of_freedom"
    case pValue = "p_value"
  }
}

/// Why the identity is tested in this way, or not tested. Diagnostics has the sentences.
public enum CalibrationTestReason: RecordedReason, Equatable {
  /// The labels have a likelihood: a likelihood-ratio test.
  case likelihood
  /// Labels that are proportions, or have importance weights, have a quasi-likelihood: a robust
  /// Wald test.
  case quasiLikelihood
  /// There are fewer than two rows per parameter.
  case fewRows
  /// With a prior the estimates are shrunk towards the identity.
  case prior
  /// The fit did not converge.
  case notConverged
  /// There is no covariance for the test.
  case covariance(CovarianceReason)
  /// Isotonic regression has no parameters to test.
  case isotonic
  /// The text of a model file.
  case recorded(String)

  public var recordedSentence: String? {
    if case .recorded(let sentence) = self { sentence } else { nil }
  }
}
