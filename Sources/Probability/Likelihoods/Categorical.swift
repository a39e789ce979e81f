import RealModule
import SurprisalLinearAlgebra

/// A known class, or a distribution that is a belief about the class.
///
/// - Domain: class indices; class probabilities; counts, treated as proportions with the number of
///   votes as weight.
/// - Link: softmax, q = softmax(z).
/// - Log-likelihood: ℓ = Σₖ pₖ log qₖ. For a known class this is log q_y, the log-likelihood. For a
///   distribution it is minus the cross entropy H(p, q), which can be seen as the expected
///   log-likelihood of the unknown class, as a quasi-likelihood of proportions, or as minus KL(p,
///   q) up to H(p); the fit is the same.
/// - Score: pₖ - qₖ.
/// - Information: [j = k] qₖ - qⱼ qₖ, observed and expected alike.
/// - Constant: 0.
/// - Edges: 0 log 0 = 0 also for a logit of -infinity; pₖ > 0 there gives -infinity.
/// - Reference: Papke and Wooldridge, J. Appl. Econometrics 11 (1996), for proportions.
public struct Categorical: Likelihood {
  /// Labels as classes or as distributions.
  public enum Responses: Sendable {
    /// The class of each row, -1 in the padding of the last block.
    case classes(padded: [Int32])
    case probabilities(ClassProbabilities)
  }

  /// Creates the likelihood; it has no options.
  public init() {}

  public var name: String { "categorical" }

  public var interpretation: String { "categorical (expected log-likelihood)" }

  public var limit: LimitAlongDirection { .support }

  public var equalsMinusCrossEntropy: Bool { true }

  /// True for distributions; false for known classes, for which ℓ is the log-likelihood.
  public func isQuasiLikelihood(of responses: Responses) -> Bool {
    if case .probabilities = responses { true } else { false }
  }

  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> Responses {
    switch labels {
    case .classes(let labels): return .classes(padded: labels.paddedIndices)
    case .probabilities(let labels): return .probabilities(labels)
    case .counts(let labels):
      for row in 0..<labels.rowCount { weights[row] *= labels.totals[row] }
      return .probabilities(try ClassProbabilities(normalizing: labels.values))
    case .candidates, .evidence:
      throw .kind(
        likelihood: name, found: labels.kind, expected: [.classes, .probabilities, .counts])
    }
  }

  public func evaluate(
    _ responses: Responses, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    let first = rows.lowerBound
    let classCount = tile.unitCount
    weights.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      switch responses {
      case .classes(let padded):
        padded.withUnsafeBufferPointer { classes in
          guard let classes = classes.baseAddress else { return }
          tile.classScore(
            of: classes + first, units: classCount, examples: rows.count,
            weights: weights + first, values: &values)
        }
      case .probabilities(let labels):
        tile.crossEntropyScore(
          against: labels.values.block(first / BlockedMatrix.blockSize),
          weights: weights + first, values: &values)
      }
    }
  }

  public func linearize(_ responses: Responses, rows: Range<Int>, tile: inout Tile) {
    tile.softmaxInPlace(examples: rows.count)
  }

  public func information(
    _ kind: Information, of responses: Responses, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile
  ) {
    pairs.setSoftmaxCovariance(of: state, rows: rows, weights: weights, totals: nil)
  }

  /// 2 qₖ (1 - qₖ), the sum of the absolute values of a row of the information.
  public func curvatureBound(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile
  ) {
    bound.setSoftmaxCurvatureBound(of: state, rows: rows, weights: weights, totals: nil)
  }

  public func multiplyInformation(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    directions.multiplySoftmaxCovariance(of: state, rows: rows, weights: weights, totals: nil)
  }

  public func initialLogits(
    of responses: Responses, weights: [Double], classCount: Int
  ) -> [Double] {
    switch responses {
    case .classes(let padded):
      var classWeights = [Double](repeating: 0, count: classCount)
      for (row, index) in padded.enumerated() where index >= 0 {
        classWeights[Int(index)] += weights[row]
      }
      return classWeights.map { Double.log($0) }
    case .probabilities(let labels):
      return labels.values.columnSums(weights: weights).map { Double.log($0) }
    }
  }
}
