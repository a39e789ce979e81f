import SurprisalLinearAlgebra

/// The conditional distribution of labels given logits: the log-likelihood of a row as a function
/// of its logits.
///
/// A likelihood works on *tiles*: units 0..<C hold the logits z of a block of rows and, after them,
/// units C..<C+m hold the likelihood's m auxiliary parameters φ (such as a log precision), the same
/// value in every column. Score and curvature treat all C + m units alike, so an auxiliary
/// parameter is fitted, tested and given a standard error like any other.
///
/// Every likelihood in this module is unchanged if a constant is added to all logits of a row.
public protocol Likelihood: Sendable {
  /// The labels in the form that the likelihood evaluates.
  associatedtype Responses: Sendable

  /// The name used on the command line and in files.
  var name: String { get }

  /// A short description of the label under this likelihood, for reports.
  var interpretation: String { get }

  /// Whether ℓ is minus the cross entropy of the label and softmax(z), times the multiplicity.
  var equalsMinusCrossEntropy: Bool { get }

  /// Whether ℓ is concave in the logits and the auxiliary parameters jointly. Otherwise there may
  /// be several local maxima, and a fit should use several starts.
  var isLogConcave: Bool { get }

  /// Whether `information` of kind `.expected` is defined under the model. It must not be requested
  /// if it is not.
  var definesExpectedInformation: Bool { get }

  /// Whether the information of a row stays bounded however many votes it has. Then the gradient
  /// per vote becomes less informative with more votes, and a fit needs a smaller gradient
  /// tolerance.
  var boundsRowInformation: Bool { get }

  /// A caution that applies to every fit of this likelihood; nil for none.
  var caution: String? { get }

  /// Whether ℓ is a quasi-likelihood and not a log-density of these responses. Standard errors then
  /// need the sandwich, and neither AIC nor a likelihood ratio test applies.
  func isQuasiLikelihood(of responses: Responses) -> Bool

  /// The auxiliary parameters for C classes, in unconstrained form; empty for most likelihoods.
  func auxiliaryParameters(classCount: Int) -> [AuxiliaryParameter]

  /// Probabilities that are reported in addition to the auxiliary parameters, or instead of them.
  func derivedProbabilities(of auxiliary: [Double], classCount: Int) -> [DerivedProbability]

  /// Whether the auxiliary parameters themselves are reported.
  var reportsAuxiliaryParameters: Bool { get }

  /// A short description of the auxiliary parameters (given in unconstrained form) that are at the
  /// boundary of their domain; nil for none. Such an optimum has no Wald standard error.
  func boundary(of parameters: [Double]) -> String?

  /// Checks the labels and converts them to responses.
  ///
  /// `weights` has one importance weight per row; a likelihood whose rows contain several
  /// independent observations multiplies by their number. Row numbers in errors are positions in
  /// `labels`; the caller translates them to rows of its data set.
  func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> Responses

  /// tᵢ, the number of observations in row i, in the total weight W = Σ wᵢ tᵢ by which the
  /// objective is divided: n for a row of n votes, otherwise 1.
  func multiplicity(of responses: Responses, row: Int) -> Double

  /// Replaces a tile of logits by the weighted score.
  ///
  /// On return `values[i]` is ℓ, the unweighted log-likelihood of the i-th row of the block without
  /// its constant, and `tile[u, i]` is wᵢ ∂ℓ/∂z_u, zero in the padding. `weights` has one entry for
  /// each row of the data set and zeros up to the padding of the last block.
  func evaluate(
    _ responses: Responses, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double])

  /// Replaces a tile of logits by the state that `information` is computed from.
  func linearize(_ responses: Responses, rows: Range<Int>, tile: inout Tile)

  /// Writes wᵢ times minus the second derivatives: unit u (u + 1) / 2 + v of `pairs` becomes wᵢ Kᵤᵥ
  /// for v <= u < C + m, zero in the padding. `state` is the tile left by `linearize`.
  func information(
    _ kind: Information, of responses: Responses, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile)

  /// Replaces a tile of directions t by wᵢ K t, with K of kind `.solver`.
  func multiplyInformation(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile)

  /// Writes wᵢ times a bound on the curvature with respect to each logit: unit k < C of `bound`
  /// becomes wᵢ bₖ, zero in the padding, such that diag(b) - K is positive semi-definite. K is the
  /// block of the logits in the information of kind `.solver`; auxiliary parameters are held fixed.
  ///
  /// Used to boost trees: C numbers per row instead of C². `state` is the tile left by `linearize`,
  /// `bound` has C units.
  func curvatureBound(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile)

  /// The log-density of a row minus ℓ; it depends on no parameter.
  func logConstant(of responses: Responses, row: Int) -> Double

  /// The logits of the intercept-only optimum, or a good start if the optimum has no closed form.
  ///
  /// -infinity for a class without weight.
  func initialLogits(
    of responses: Responses, weights: [Double], classCount: Int
  ) -> [Double]

  /// Replaces logits by the predicted mean of the label; by default their softmax. `tile` has the C
  /// + m units of `evaluate`.
  func predictMean(classCount: Int, examples: Int, tile: inout Tile)

  /// Whether the predicted mean is the softmax of the logits.
  var meanIsSoftmax: Bool { get }

  /// The behaviour of the log-likelihood as the logits move along a direction without bound. It
  /// determines the criterion for the existence of a maximum.
  var limit: LimitAlongDirection { get }

  /// The vectors t of the mixtures Σ qₖ tₖ whose log-sum, with positive weights, is ℓ of a row;
  /// empty unless `limit` is `.mixture`.
  func mixtureTerms(of responses: Responses, row: Int, auxiliary: [Double]) -> [[Double]]
}

/// The behaviour of a row's log-likelihood as its logits move along a direction d without bound.
/// The support of a row is the set of classes with positive probability in its label.
public enum LimitAlongDirection: Sendable {
  /// The log-likelihood never decreases if no class in the support has a smaller entry of d than
  /// another class; otherwise it tends to minus infinity. It is bounded. The existence of a maximum
  /// then depends on the supports alone.
  case support
  /// As `support`, but unless all entries of d are equal the log-likelihood increases without
  /// bound, like a density at a face of the simplex.
  case unboundedOnFaces
  /// The log-likelihood is the logarithm of a mixture Σ qₖ tₖ with q = softmax(z). It tends to a
  /// finite limit or to minus infinity; it is not concave.
  case mixture
  /// The behaviour is not known.
  case unknown
}

/// Which matrix of second derivatives is requested.
public enum Information: Sendable, CaseIterable {
  /// A positive semi-definite matrix for solvers: Gauss-Newton or expected, as the likelihood
  /// defines.
  case solver
  /// Minus the Hessian of the log-likelihood.
  case observed
  /// The expectation of the observed information under the model.
  case expected
}

extension Likelihood {
  /// m, the number of auxiliary parameters.
  public func auxiliaryCount(classCount: Int) -> Int {
    auxiliaryParameters(classCount: classCount).count
  }

  public func auxiliaryParameters(classCount: Int) -> [AuxiliaryParameter] { [] }

  public func derivedProbabilities(
    of auxiliary: [Double], classCount: Int
  ) -> [DerivedProbability] { [] }

  public var reportsAuxiliaryParameters: Bool { true }

  public var equalsMinusCrossEntropy: Bool { false }

  public var isLogConcave: Bool { true }

  public var boundsRowInformation: Bool { false }

  public var definesExpectedInformation: Bool { true }

  public var caution: String? { nil }

  public func isQuasiLikelihood(of responses: Responses) -> Bool { false }

  public func boundary(of parameters: [Double]) -> String? { nil }

  public func multiplicity(of responses: Responses, row: Int) -> Double { 1 }

  public func logConstant(of responses: Responses, row: Int) -> Double { 0 }

  /// The default, computed from `information`: C² entries per row. Likelihoods with structure
  /// override it.
  public func multiplyInformation(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    let units = directions.unitCount
    var pairs = Tile(unitCount: units * (units + 1) / 2, capacity: rows.count)
    information(
      .solver, of: responses, rows: rows, weights: weights, state: state, into: &pairs)
    directions.multiply(byPairs: pairs, examples: rows.count)
    directions.clearPadding(from: rows.count)
  }

  /// The default, computed from `information`: bₖ = Σⱼ |Kₖⱼ| over the classes. Then diag(b) - K is
  /// diagonally dominant with a non-negative diagonal, hence positive semi-definite (Horn and
  /// Johnson, Matrix Analysis, 2nd ed. (2013), theorem 6.1.10).
  public func curvatureBound(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile
  ) {
    boundByInformation(of: responses, rows: rows, weights: weights, state: state, into: &bound)
  }

  /// The default of `curvatureBound`, for likelihoods that use a bound of their own in some cases.
  func boundByInformation(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile
  ) {
    let (classes, units) = (bound.unitCount, state.unitCount)
    var pairs = Tile(unitCount: units * (units + 1) / 2, capacity: rows.count)
    information(.solver, of: responses, rows: rows, weights: weights, state: state, into: &pairs)
    for example in 0..<rows.count {
      for unit in 0..<classes {
        var sum = 0.0
        for other in 0..<classes {
          let (high, low) = (max(unit, other), min(unit, other))
          sum += pairs[high * (high + 1) / 2 + low, example].magnitude
        }
        bound[unit, example] = sum
      }
    }
    bound.clearPadding(from: rows.count)
  }

  /// Replaces a tile of logits by the weighted score, as the other `evaluate` does, and writes the
  /// curvature bound at the same logits: the two numbers per class and row used to grow boosted
  /// trees.
  public func evaluate(
    _ responses: Responses, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double], curvatureBound bound: inout Tile
  ) {
    var state = tile
    linearize(responses, rows: rows, tile: &state)
    curvatureBound(of: responses, rows: rows, weights: weights, state: state, into: &bound)
    evaluate(responses, rows: rows, weights: weights, tile: &tile, values: &values)
  }

  public var meanIsSoftmax: Bool { true }

  public var limit: LimitAlongDirection { .unknown }

  public func mixtureTerms(
    of responses: Responses, row: Int, auxiliary: [Double]
  ) -> [[Double]] { [] }

  /// Whether the existence of a maximum depends on the supports alone, and the limiting maximum on
  /// the remaining classes alone.
  public var followsSupport: Bool { limit == .support }

  public func predictMean(classCount: Int, examples: Int, tile: inout Tile) {
    var normalizer = [Double](repeating: 0, count: tile.stride)
    tile.softmax(units: classCount, examples: examples, logSumExp: &normalizer)
  }
}
