import SurprisalLinearAlgebra

/// What the labels are, given the logits: the log-likelihood of a row as a function of its logits.
///
/// A likelihood works on *tiles*: units 0..<C hold the logits z of a block of rows and, after them,
/// units C..<C+m hold the likelihood's m auxiliary parameters φ (a log precision, say), the same
/// value in every column. Score and curvature treat all C + m units alike, so that an auxiliary
/// parameter is fitted, tested and given a standard error like any other.
///
/// Every likelihood here is unchanged when a constant is added to all logits of a row.
public protocol Likelihood: Sendable {
  /// The labels in the form in which the likelihood evaluates them.
  associatedtype Responses: Sendable

  /// The name used on the command line and in files.
  var name: String { get }

  /// What the likelihood takes a label to be, in a few words, for reports.
  var interpretation: String { get }

  /// Whether ℓ is minus the cross entropy of the label and softmax(z), times the multiplicity.
  var equalsMinusCrossEntropy: Bool { get }

  /// Whether the likelihood is log-concave: ℓ is concave in the logits and the auxiliary parameters
  /// together. Otherwise there may be several local maxima, and a fit should be restarted.
  var isLogConcave: Bool { get }

  /// Whether `information` of kind `.expected` has a meaning under the model. Asking for it where
  /// it has none is a programmer's mistake.
  var definesExpectedInformation: Bool { get }

  /// Whether a row's information stays bounded however many votes it has. A gradient per vote then
  /// says less and less, and a fit has to go on to a smaller one.
  var boundsRowInformation: Bool { get }

  /// What a reader of every fit of this likelihood has to know; nil for nothing.
  var caution: String? { get }

  /// Whether ℓ is no log-density of these responses but a quasi-likelihood: the standard errors
  /// then need the sandwich, and neither AIC nor a likelihood ratio test applies.
  func isQuasiLikelihood(of responses: Responses) -> Bool

  /// The auxiliary parameters for C classes, in unconstrained form. Most have none.
  func auxiliaryParameters(classCount: Int) -> [AuxiliaryParameter]

  /// What is reported beside the auxiliary parameters, or in their place.
  func derivedProbabilities(of auxiliary: [Double], classCount: Int) -> [DerivedProbability]

  /// Whether the auxiliary parameters themselves are reported.
  var reportsAuxiliaryParameters: Bool { get }

  /// Says in a few words which of the auxiliary parameters, given in unconstrained form,
  /// stand at the boundary of their domain; nil for none. Such an optimum has no Wald error.
  func boundary(of parameters: [Double]) -> String?

  /// Checks the labels and turns them into responses.
  ///
  /// `weights` holds one importance weight a row; a likelihood that takes a row for several
  /// independent observations multiplies them in. Rows in an error count from 0 among those of
  /// `labels`: the caller knows which rows of its data set they are.
  func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> Responses

  /// How many unit observations row i counts for in the total weight W = Σ wᵢ tᵢ by which the
  /// objective is divided: n of a row of n votes, one otherwise.
  func multiplicity(of responses: Responses, row: Int) -> Double

  /// Turns a tile of logits into the weighted score.
  ///
  /// On return `values[i]` is ℓ, the log-likelihood of the i-th row of the block without its
  /// constant, unweighted, and `tile[u, i]` is wᵢ ∂ℓ/∂z_u, zero in the padding. `weights` has one
  /// entry for each row of the data set and zeros up to the padding of the last block.
  func evaluate(
    _ responses: Responses, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double])

  /// Turns a tile of logits into the state that `information` is computed from.
  func linearize(_ responses: Responses, rows: Range<Int>, tile: inout Tile)

  /// Writes wᵢ times minus the second derivatives: unit u (u + 1) / 2 + v of `pairs` becomes
  /// wᵢ Kᵤᵥ for v <= u < C + m, zero in the padding. `state` is the tile that `linearize` left.
  func information(
    _ kind: Information, of responses: Responses, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile)

  /// Replaces a tile of directions t by wᵢ K t, K of kind `.solver`.
  func multiplyInformation(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile)

  /// Writes wᵢ times a bound on the curvature of each logit: unit k < C of `bound` becomes wᵢ bₖ,
  /// zero in the padding, such that diag(b) - K is positive semi-definite for K the logits' block
  /// of the information of kind `.solver`, auxiliary parameters being held fixed.
  ///
  /// What trees are boosted with: C numbers a row in place of C². `state` is the tile that
  /// `linearize` left, `bound` has C units.
  func curvatureBound(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile)

  /// What the log-density of a row has in addition to ℓ; free of every parameter.
  func logConstant(of responses: Responses, row: Int) -> Double

  /// Logits of the intercept-only optimum, or a good start where that has no closed form.
  ///
  /// -infinity for a class without weight.
  func initialLogits(
    of responses: Responses, weights: [Double], classCount: Int
  ) -> [Double]

  /// Replaces logits by the predicted mean of the label: softmax unless the likelihood says
  /// otherwise. `tile` has the C + m units of `evaluate`.
  func predictMean(classCount: Int, examples: Int, tile: inout Tile)

  /// Whether the predicted mean is the softmax of the logits.
  var meanIsSoftmax: Bool { get }

  /// What becomes of the log-likelihood as the logits move along a direction without end. It
  /// decides which question the existence of a maximum is.
  var limit: LimitAlongDirection { get }

  /// The vectors t of the mixtures Σ qₖ tₖ whose logarithms add up, with positive weights, to ℓ of
  /// a row; empty unless `limit` is `.mixture`.
  func mixtureTerms(of responses: Responses, row: Int, auxiliary: [Double]) -> [[Double]]
}

/// What becomes of a row's log-likelihood as its logits move along a direction d without end. The
/// classes of a row's support are those to which its label gives a share.
public enum LimitAlongDirection: Sendable {
  /// It never decreases if no class of the support has a smaller entry of d than another class, and
  /// tends to minus infinity otherwise; it is bounded. The existence of a maximum is then a
  /// question about supports alone.
  case support
  /// The same, but unless all entries of d are equal it increases beyond every bound: the density
  /// at a face of the simplex.
  case unboundedOnFaces
  /// It is the logarithm of a mixture Σ qₖ tₖ with q = softmax(z), and tends to a finite limit or
  /// to minus infinity; it is not concave.
  case mixture
  /// Not known.
  case unknown
}

/// Which second derivatives are meant.
public enum Information: Sendable, CaseIterable {
  /// Positive semi-definite, for solvers: Gauss-Newton or expected, whichever the likelihood says.
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

  /// By way of `information`: C² entries a row. Likelihoods with structure do better.
  public func multiplyInformation(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    let units = directions.unitCount
    var pairs = Tile(unitCount: units * (units + 1) / 2, capacity: rows.count)
    information(
      .solver, of: responses, rows: rows, weights: weights, state: state, into: &pairs)
    for example in 0..<rows.count {
      let direction = (0..<units).map { directions[$0, example] }
      for unit in 0..<units {
        var sum = 0.0
        for other in 0..<units {
          let (high, low) = (max(unit, other), min(unit, other))
          sum += pairs[high * (high + 1) / 2 + low, example] * direction[other]
        }
        directions[unit, example] = sum
      }
    }
    directions.clearPadding(from: rows.count)
  }

  /// By way of `information`: bₖ = Σⱼ |Kₖⱼ| over the classes, so that diag(b) - K is diagonally
  /// dominant with a diagonal that is not negative, hence positive semi-definite (Horn and Johnson,
  /// Matrix Analysis, 2nd ed. (2013), theorem 6.1.10).
  public func curvatureBound(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile
  ) {
    boundByInformation(of: responses, rows: rows, weights: weights, state: state, into: &bound)
  }

  /// The default of `curvatureBound`, for likelihoods that have a form of their own in some cases.
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

  /// Turns a tile of logits into the weighted score, as `evaluate` does, and writes the curvature
  /// bound of the same logits: the two numbers a class and row that a boosted tree is grown from.
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

  /// Whether the existence of a maximum is a question about supports, and the maximum in the limit
  /// one about the classes that remain.
  public var followsSupport: Bool { limit == .support }

  public func predictMean(classCount: Int, examples: Int, tile: inout Tile) {
    var normalizer = [Double](repeating: 0, count: tile.stride)
    tile.softmax(units: classCount, examples: examples, logSumExp: &normalizer)
  }
}
