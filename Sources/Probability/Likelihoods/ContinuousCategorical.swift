import SurprisalLinearAlgebra

/// A distribution over classes as a random point of the simplex (not as a belief about a class).
///
/// - Domain: class probabilities, zeros included; class indices as corners.
/// - Link: the logits are the natural parameters; the predicted mean is the gradient of log C(z),
///   not softmax(z).
/// - Log-likelihood: ℓ = Σₖ pₖ zₖ - log C(z), with C the divided difference of exp at z. It is
///   minus the cross entropy plus [logsumexp(z) - log C(z)], and the bracket depends on z.
/// - Score: pₖ - μₖ.
/// - Information: the covariance of the distribution, observed and expected alike.
/// - Constant: 0. The reference measure is Lebesgue measure on the first C - 1 coordinates, under
///   which the simplex has volume 1 / (C - 1)!.
/// - Edges: a mean on the boundary of the simplex is not attained: the logit tends to -infinity and
///   the density to infinity. Equal logits need no special treatment.
/// - Reference: Gordon-Rodriguez, Loaiza-Ganem and Cunningham, The continuous categorical: a novel
///   simplex-valued exponential family, ICML 2020.
public struct ContinuousCategorical: Likelihood {
  /// Creates the likelihood; it has no options.
  public init() {}

  public var name: String { "continuous-categorical" }

  public var interpretation: String { "continuous categorical (a random point of the simplex)" }

  public var meanIsSoftmax: Bool { false }

  public var limit: LimitAlongDirection { .unboundedOnFaces }

  public var caution: String? {
    "predictions are the mean of the distribution, which is not the softmax of the logits"
  }

  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> ClassProbabilities {
    switch labels {
    case .probabilities(let labels): return labels
    case .classes(let labels): return try ClassProbabilities(oneHot: labels)
    case .counts, .candidates, .evidence:
      throw .kind(likelihood: name, found: labels.kind, expected: [.probabilities, .classes])
    }
  }

  public func evaluate(
    _ responses: ClassProbabilities, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    let (units, count) = (responses.classCount, rows.count)
    let block = responses.values.block(rows.lowerBound / BlockedMatrix.blockSize)
    var normalizer = [Double](repeating: 0, count: tile.stride)
    let stride = tile.stride
    block.withColumns { labels, labelStride in
      tile.withUnsafeMutableUnits { logits in
        Self.setNaturalTerms(
          labels, labelStride, logits, stride, units: units, examples: count, &values)
      }
      tile.simplexMean(units: units, examples: count, logNormalizer: &normalizer)
      tile.withUnsafeMutableUnits { means in
        for unit in 0..<units {
          let (label, mean) = (labels + unit * labelStride, means + unit * stride)
          for example in 0..<count {
            mean[example] = weights[rows.lowerBound + example] * (label[example] - mean[example])
          }
        }
      }
    }
    for example in 0..<count { values[example] -= normalizer[example] }
    tile.clearPadding(from: count)
  }

  /// Σₖ pₖ (zₖ - max z); a zero label contributes zero, even if its logit is -infinity.
  private static func setNaturalTerms(
    _ labels: UnsafePointer<Double>, _ labelStride: Int, _ logits: UnsafeMutablePointer<Double>,
    _ stride: Int, units: Int, examples: Int, _ values: inout [Double]
  ) {
    var top = [Double](repeating: -.infinity, count: examples)
    for unit in 0..<units {
      for example in 0..<examples {
        top[example] = max(top[example], logits[unit * stride + example])
      }
    }
    for example in 0..<examples { values[example] = 0 }
    for unit in 0..<units {
      let (label, logit) = (labels + unit * labelStride, logits + unit * stride)
      for example in 0..<examples where label[example] > 0 {
        values[example] += label[example] * (logit[example] - top[example])
      }
    }
  }

  /// Leaves the logits unchanged.
  public func linearize(_ responses: ClassProbabilities, rows: Range<Int>, tile: inout Tile) {}

  public func information(
    _ kind: Information, of responses: ClassProbabilities, rows: Range<Int>,
    weights: [Double], state: Tile, into pairs: inout Tile
  ) {
    pairs.setSimplexCovariance(of: state, rows: rows, weights: weights)
  }

  public func multiplyInformation(
    of responses: ClassProbabilities, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    directions.multiplySimplexCovariance(of: state, rows: rows, weights: weights)
  }

  public func initialLogits(
    of responses: ClassProbabilities, weights: [Double], classCount: Int
  ) -> [Double] {
    ExponentialSimplex.logits(ofMean: responses.values.columnSums(weights: weights))
  }

  public func predictMean(classCount: Int, examples: Int, tile: inout Tile) {
    var normalizer = [Double](repeating: 0, count: tile.stride)
    tile.simplexMean(units: classCount, examples: examples, logNormalizer: &normalizer)
  }
}
