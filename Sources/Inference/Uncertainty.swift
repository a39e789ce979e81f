import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// How uncertain the coefficients of a fit are.
///
/// With the observed information I(θ) = -∂²ℓ/∂θ² of the weighted log-likelihood, H = I plus the
/// second derivatives of the penalty, and s the scores of rows:
///
/// - information: I⁻¹.
/// - Laplace: H⁻¹, the covariance of the normal approximation to the posterior at its mode.
/// - sandwich: n/(n-1) H⁻¹ (Σ s s') H⁻¹, all equations jointly. Importance weights stand in s, so
///   they enter squared, and n counts the rows of positive weight; a row of frequency f is f rows.
///   A row of votes is one unit.
/// - cluster: G/(G-1) H⁻¹ (Σ s_g s_g') H⁻¹ with s_g the sum of the scores of cluster g.
///
/// Coefficients are contrasts with the reference class on the scale of the user's features. The
/// symmetric parametrisation is not identified under a flat prior; the contrasts are, and their
/// covariance is the same whatever pins the others down. References: Huber, Proc. 5th Berkeley
/// Symposium (1967); White, doi:10.2307/1912526; Liang & Zeger, doi:10.1093/biomet/73.1.13.
public struct Uncertainty: Sendable {
  /// What a row and column of the covariance belongs to.
  public enum Parameter: Sendable, Hashable {
    /// The contrast of a class with the reference; `column` nil is the intercept.
    case coefficient(class: Int, column: Int?)
    /// One of the auxiliary parameters, unconstrained.
    case own(Int)
  }

  /// What the standard errors are; nil where there are none.
  public let kind: FitRecord.ErrorKind?
  /// Why these, or why none.
  public let reason: String
  /// The independent units of a sandwich.
  public let unitCount: Double?
  /// The column that names the clusters.
  public let clusterColumn: String?
  /// The class that coefficients are compared with.
  public let reference: Int
  /// What has a standard error: class by class, intercept first; then own parameters. Coefficients
  /// that are aliased or infinite are not listed.
  public let parameters: [Parameter]
  /// One row and column for each of `parameters`.
  public let covariance: SymmetricMatrix
  /// tr(H⁻¹ J) of a robust covariance, J without its factor: what Takeuchi's criterion has in the place
  /// of the number of parameters, and equal to it where the likelihood is right.
  public let effectiveParameterCount: Double?

  /// The standard error of a parameter; nil where it has none.
  public func standardError(of parameter: Parameter) -> Double? {
    parameters.firstIndex(of: parameter).map { covariance[$0, $0].squareRoot() }
  }

  /// No standard errors, for a reason.
  init(unavailable reason: String, reference: Int) {
    self.init(
      kind: nil, reason: reason, unitCount: nil, clusterColumn: nil, reference: reference,
      parameters: [], covariance: SymmetricMatrix(dimension: 0), effectiveParameterCount: nil)
  }

  init(
    kind: FitRecord.ErrorKind?, reason: String, unitCount: Double?, clusterColumn: String?,
    reference: Int, parameters: [Parameter], covariance: SymmetricMatrix,
    effectiveParameterCount: Double?
  ) {
    self.kind = kind
    self.reason = reason
    self.unitCount = unitCount
    self.clusterColumn = clusterColumn
    self.reference = reference
    self.parameters = parameters
    self.covariance = covariance
    self.effectiveParameterCount = effectiveParameterCount
  }
}

extension Uncertainty {
  /// The uncertainty of a fit.
  ///
  /// `reference` is the class of the contrasts. Where the errors asked for do not exist, `kind` is
  /// nil and `reason` says why; that is no error. Complexity: the information matrix, N D² C² / 2
  /// flops, and P³ for P parameters; P² doubles.
  public init<L: Likelihood, P: Prior>(
    of fit: Fit<AffineLogits, L, P>, errors choice: StandardErrorChoice = .automatic,
    reference: Int = 0
  ) {
    precondition(reference >= 0 && reference < fit.classifier.classNames.count)
    let plan = ErrorPlan(choice, for: fit)
    guard case .errors(let kind, let reason) = plan else {
      guard case .none(let reason) = plan else { preconditionFailure() }
      self.init(unavailable: reason, reference: reference)
      return
    }
    do throws(Unavailable) {
      let meat = try Meat(kind, choice, of: fit)
      try meat.require(rank: fit.rank, isPenalized: fit.prior.isProper)
      let problem = try CovarianceProblem(
        fit, reference: reference, isAutomatic: choice == .automatic)
      let found = try problem.covariance(meat: meat)
      self.init(
        kind: kind, reason: reason + meat.caution(rank: fit.rank), unitCount: meat.unitCount,
        clusterColumn: meat.clusterColumn,
        reference: reference, parameters: found.parameters, covariance: found.matrix,
        effectiveParameterCount: found.effectiveParameterCount)
    } catch {
      self.init(unavailable: error.reason, reference: reference)
    }
  }
}

/// Why there are no standard errors.
struct Unavailable: Error {
  let reason: String
}
