import SurprisalLinearAlgebra

/// What the labels are, given the logits: the log-likelihood of a row as a function of its logits.
///
/// A likelihood works on *tiles*: units 0..<C hold the logits z of a block of rows and, after them,
/// units C..<C+m hold the likelihood's own m parameters φ (a log precision, say), the same value in
/// every column. Score and curvature treat all C + m units alike, so that a parameter of the
/// likelihood is fitted, tested and given a standard error like any other.
///
/// Every likelihood here is unchanged when a constant is added to all logits of a row.
public protocol Likelihood: Sendable {
  /// Labels in the form this likelihood reads.
  associatedtype Observations: Sendable

  /// The name used on the command line and in files.
  var name: String { get }

  /// How reports name what one row's value is, in a few words.
  var reading: String { get }

  /// Whether ℓ is minus the cross entropy of the label and softmax(z), times the multiplicity.
  var equalsMinusCrossEntropy: Bool { get }

  /// Whether ℓ is concave in the logits and the likelihood's own parameters together. Otherwise
  /// there may be several local maxima, and a fit should be restarted.
  var isConvex: Bool { get }

  /// Whether `information` of kind `.expected` has a meaning under the model. Asking for it where it
  /// has none is a programmer's mistake.
  var definesExpectedInformation: Bool { get }

  /// Whether a row's information stays bounded however many votes it has. A gradient per vote then says
  /// less and less, and a fit has to go on to a smaller one.
  var boundsRowInformation: Bool { get }

  /// What a reader of every fit of this likelihood has to know; nil for nothing.
  var caution: String? { get }

  /// Whether ℓ is no log-density of these observations but a quasi-likelihood: the standard errors
  /// then need the sandwich, and neither AIC nor a likelihood ratio test applies.
  func isQuasiLikelihood(of observations: Observations) -> Bool

  /// The likelihood's own parameters for C classes, in unconstrained form. Most have none.
  func parameters(classCount: Int) -> [LikelihoodParameter]

  /// Says in a few words which of the likelihood's own parameters, given in unconstrained form,
  /// stand at the boundary of their domain; nil for none. Such an optimum has no Wald error.
  func boundary(of parameters: [Double]) -> String?

  /// Checks that the labels can be read, and reads them.
  ///
  /// `weights` holds one importance weight a row; a reading in which a row stands for several
  /// independent observations multiplies them in.
  func observations(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> Observations

  /// How many unit observations row i stands for in the total weight W = Σ wᵢ tᵢ by which the
  /// objective is divided: n of a row of n votes, one otherwise.
  func multiplicity(of observations: Observations, row: Int) -> Double

  /// Turns a tile of logits into the weighted score.
  ///
  /// On return `values[i]` is ℓ, the log-likelihood of the i-th row of the block without its
  /// constant, unweighted, and `tile[u, i]` is wᵢ ∂ℓ/∂z_u, zero in the padding. `weights` has one
  /// entry for each row of the data set and zeros up to the padding of the last block.
  func evaluate(
    _ observations: Observations, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double])

  /// Turns a tile of logits into whatever `information` wants to know of them.
  func linearize(_ observations: Observations, rows: Range<Int>, tile: inout Tile)

  /// Writes wᵢ times minus the second derivatives: unit u (u + 1) / 2 + v of `pairs` becomes
  /// wᵢ Kᵤᵥ for v <= u < C + m, zero in the padding. `state` is the tile that `linearize` left.
  func information(
    _ kind: Information, of observations: Observations, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile)

  /// Replaces a tile of directions t by wᵢ K t, K of kind `.solver`.
  func multiplyInformation(
    of observations: Observations, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile)

  /// What the log-density of a row has in addition to ℓ; free of every parameter.
  func logConstant(of observations: Observations, row: Int) -> Double

  /// Logits of the intercept-only optimum, or a good start where that has no closed form.
  ///
  /// -infinity for a class without mass.
  func initialLogits(
    of observations: Observations, weights: [Double], classCount: Int
  ) -> [Double]

  /// Replaces logits by the predicted mean of the label: softmax unless the likelihood says
  /// otherwise. `tile` has the C + m units of `evaluate`.
  func predictMean(classCount: Int, examples: Int, tile: inout Tile)

  /// Whether the predicted mean is the softmax of the logits.
  var meanIsSoftmax: Bool { get }

  /// Whether the log-likelihood is bounded, and rises without end exactly along directions in which
  /// no class of a label's support falls behind: then existence of a maximum is a question about
  /// supports alone.
  var followsSupport: Bool { get }
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

/// One parameter of a likelihood in unconstrained form.
public struct LikelihoodParameter: Sendable, Equatable {
  /// How a parameter is shown to its reader.
  public enum Scale: String, Sendable { case identity, logarithm, logit }

  /// Its name in summaries, in natural units: `precision`, not `log precision`.
  public let name: String
  /// The value where a fit starts, unconstrained.
  public let start: Double
  /// How the unconstrained value maps to the natural one.
  public let scale: Scale

  /// A parameter.
  public init(name: String, start: Double, scale: Scale) {
    self.name = name
    self.start = start
    self.scale = scale
  }
}

extension Likelihood {
  /// The number m of the likelihood's own parameters.
  public func parameterCount(classCount: Int) -> Int { parameters(classCount: classCount).count }

  public func parameters(classCount: Int) -> [LikelihoodParameter] { [] }

  public var equalsMinusCrossEntropy: Bool { false }

  public var isConvex: Bool { true }

  public var boundsRowInformation: Bool { false }

  public var definesExpectedInformation: Bool { true }

  public var caution: String? { nil }

  public func isQuasiLikelihood(of observations: Observations) -> Bool { false }

  public func boundary(of parameters: [Double]) -> String? { nil }

  public func multiplicity(of observations: Observations, row: Int) -> Double { 1 }

  public func logConstant(of observations: Observations, row: Int) -> Double { 0 }

  /// By way of `information`: C² entries a row. Likelihoods with structure do better.
  public func multiplyInformation(
    of observations: Observations, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    let units = directions.unitCount
    var pairs = Tile(unitCount: units * (units + 1) / 2, capacity: rows.count)
    information(
      .solver, of: observations, rows: rows, weights: weights, state: state, into: &pairs)
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

  public var meanIsSoftmax: Bool { true }

  public var followsSupport: Bool { false }

  public func predictMean(classCount: Int, examples: Int, tile: inout Tile) {
    var normalizer = [Double](repeating: 0, count: tile.stride)
    tile.softmax(units: classCount, examples: examples, logSumExp: &normalizer)
  }
}
