import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The uncertainty of the coefficients of a fit.
///
/// With the observed information I(θ) = -∂²ℓ/∂θ² of the weighted log-likelihood, H = I plus the
/// second derivatives of the penalty, and s the scores of rows:
///
/// - information: I⁻¹.
/// - Laplace: H⁻¹, the covariance of the normal approximation to the posterior at its mode.
/// - sandwich: n/(n-1) H⁻¹ (Σ s s') H⁻¹, all equations jointly. Importance weights are factors of
///   s, so they enter squared, and n counts the rows of positive weight; a row of frequency f is f
///   rows. A row of votes is one unit.
/// - cluster: G/(G-1) H⁻¹ (Σ s_g s_g') H⁻¹ with s_g the sum of the scores of cluster g.
/// - quasi: φ I⁻¹ for votes, with φ Pearson's X² over the degrees of freedom of the deviance.
///
/// Coefficients are contrasts with the reference class on the scale of the user's features. The
/// symmetric parametrisation is not identified under a flat prior; the contrasts are, and their
/// covariance does not depend on the constraint that identifies the others. References: Huber,
/// Proc. 5th Berkeley Symposium (1967); White, doi:10.2307/1912526; Liang & Zeger,
/// doi:10.1093/biomet/73.1.13; McCullagh & Nelder, Generalized Linear Models, 2nd ed. (1989),
/// section 5.5, for φ.
public struct Uncertainty: Sendable {
  /// The type of the standard errors; nil if there are none.
  public let kind: CovarianceType?
  /// The reason for this type, or for having no standard errors.
  public let reason: CovarianceReason
  /// The number of independent units of a sandwich, or the degrees of freedom of a dispersion.
  public let unitCount: Double?
  /// The column of cluster identifiers.
  public let clusterColumn: String?
  /// The reference class of the coefficients.
  public let reference: Int
  /// The parameters with standard errors: class by class, intercept first; then auxiliary
  /// parameters. Coefficients that are aliased or infinite are not listed.
  public let parameters: [ParameterTable.Identity]
  /// One row and column for each of `parameters`.
  public let covariance: SymmetricMatrix
  /// tr(H⁻¹ J) of a robust covariance, J without its factor: the number of parameters in Takeuchi's
  /// criterion; it equals the actual number if the likelihood is correct.
  public let effectiveParameterCount: Double?

  /// The standard error of a parameter; nil if it has none.
  public func standardError(of parameter: ParameterTable.Identity) -> Double? {
    parameters.firstIndex(of: parameter).map { covariance[$0, $0].squareRoot() }
  }
}

extension Uncertainty {
  /// No standard errors, with a reason.
  init(unavailable reason: CovarianceReason, reference: Int) {
    self.init(
      kind: nil, reason: reason, unitCount: nil, clusterColumn: nil, reference: reference,
      parameters: [], covariance: SymmetricMatrix(dimension: 0), effectiveParameterCount: nil)
  }

  /// The uncertainty of a fit.
  ///
  /// `reference` is the class of the contrasts; that it is an index of a class is a precondition.
  /// If the requested errors do not exist, `kind` is nil and `reason` explains why; this is not an
  /// error. Complexity: the information matrix, N D² C² / 2 flops, and P³ for P parameters; P²
  /// doubles.
  public init<L: Likelihood, P: Prior>(
    of fit: Fit<LinearPredictor, L, P>, errors choice: StandardErrorChoice = .automatic,
    reference: Int = 0
  ) {
    precondition(
      reference >= 0 && reference < fit.classifier.classNames.count, "the reference is a class")
    let kind: CovarianceType
    let reason: CovarianceReason
    switch CovarianceTypeChoice(choice, for: fit) {
    case .errors(let chosen, let why): (kind, reason) = (chosen, why)
    case .none(let why):
      self.init(unavailable: why, reference: reference)
      return
    }
    do throws(CovarianceReason) {
      let meat = try Meat(kind, choice, of: fit)
      let absorbed = fit.absorbedColumns(by: meat)
      let rank = absorbed.isEmpty ? fit.rank : fit.kept.count - absorbed.count
      try meat.require(rank: rank, isPenalized: fit.prior.isProper)
      let problem = try CovarianceProblem(
        fit, reference: reference, isAutomatic: choice == .automatic)
      let dispersion = try kind == .quasi ? fit.dispersion() : nil
      var found = try problem.covariance(meat: meat, leaving: absorbed)
      if let dispersion { found.matrix.elements.scale(by: dispersion.value) }
      self.init(
        kind: kind,
        reason: meat.cautioned(absorbed.isEmpty ? reason : .absorbed(reason), rank: rank),
        unitCount: dispersion?.freedom ?? meat.unitCount,
        clusterColumn: meat.clusterColumn,
        reference: reference, parameters: found.parameters, covariance: found.matrix,
        effectiveParameterCount: found.effectiveParameterCount)
    } catch {
      self.init(unavailable: error, reference: reference)
    }
  }
}

extension Uncertainty {
  /// The covariance of the coefficients of all classes in the symmetric parametrisation, in which
  /// those of a column sum to zero over the classes.
  public struct Symmetric: Sendable {
    /// Class by class, all of them, the intercept first; then auxiliary parameters.
    public let parameters: [ParameterTable.Identity]
    /// One row and column for each of `parameters`. Its rank is (C - 1) / C of full rank: it is the
    /// pseudo-inverse of the information in these coordinates if the errors are `information`.
    public let covariance: SymmetricMatrix

    /// The variance of the difference of two parameters: the same as in any other parametrisation.
    public func varianceOfDifference(
      _ first: ParameterTable.Identity, _ second: ParameterTable.Identity
    ) -> Double? {
      guard let row = parameters.firstIndex(of: first),
        let column = parameters.firstIndex(of: second)
      else { return nil }
      return covariance[row, row] + covariance[column, column] - 2 * covariance[row, column]
    }
  }

  /// The same uncertainty in the symmetric parametrisation, whose coefficients are
  /// `γ_k = β_k - (1/C) Σ β_j`, the reference class having β zero.
  ///
  /// nil if some column has a standard error for some classes only, as in separated data.
  /// Complexity: O(P²) for P coefficients.
  public func symmetric(classCount: Int) -> Symmetric? {
    var places: [ParameterTable.Identity: Int] = [:]
    for (place, parameter) in parameters.enumerated() { places[parameter] = place }
    var columns: [Int?] = []
    var auxiliary: [ParameterTable.Identity] = []
    for parameter in parameters {
      switch parameter {
      case .coefficient(_, let column): if !columns.contains(column) { columns.append(column) }
      case .auxiliary: auxiliary.append(parameter)
      }
    }
    var result: [ParameterTable.Identity] = []
    var rows: [[(place: Int, factor: Double)]] = []
    for unit in 0..<classCount {
      for column in columns {
        var row: [(place: Int, factor: Double)] = []
        for other in 0..<classCount where other != reference {
          guard let place = places[.coefficient(class: other, column: column)] else { return nil }
          row.append((place, (other == unit ? 1 : 0) - 1 / Double(classCount)))
        }
        result.append(.coefficient(class: unit, column: column))
        rows.append(row)
      }
    }
    for parameter in auxiliary {
      guard let place = places[parameter] else { return nil }
      result.append(parameter)
      rows.append([(place, 1)])
    }
    return Symmetric(parameters: result, covariance: mapped(by: rows))
  }

  /// `A V A'`, A given by the entries of its rows.
  private func mapped(by rows: [[(place: Int, factor: Double)]]) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: rows.count)
    var vector = [Double](repeating: 0, count: covariance.dimension)
    for (index, row) in rows.enumerated() {
      for term in row { vector[term.place] = term.factor }
      let product = covariance.multiply(vector)
      for other in 0...index {
        result[index, other] = rows[other].reduce(0) { $0 + product[$1.place] * $1.factor }
      }
      for term in row { vector[term.place] = 0 }
    }
    return result
  }
}
