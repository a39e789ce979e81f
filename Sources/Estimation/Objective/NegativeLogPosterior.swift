import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The chain rule from features over model and logits to the likelihood, plus the prior.
///
/// No other type depends on all four. The objective is the mean
/// `F(θ) = -(1/W) Σᵢ wᵢ ℓᵢ + (1/W) penalty`, without constants, W = Σᵢ wᵢ tᵢ, in the coordinates of
/// standardised features; θ holds the model's parameters, then the auxiliary parameters. Sums over
/// row blocks are added along a fixed tree: same bits for any `Reducer`.
public struct NegativeLogPosterior<M: Model, L: Likelihood, P: Prior>: DifferentiableObjective {
  /// The map from parameters to logits.
  public let model: M
  /// The map from logits to the log-likelihood.
  public let likelihood: L
  /// The density of the weights.
  public let prior: P
  /// The standardised features, N x D.
  public let features: BlockedMatrix
  /// The labels in the form that the likelihood evaluates.
  public let responses: L.Responses
  /// The offsets of the logits, N x C.
  public let offsets: BlockedMatrix?
  /// wᵢ, padded with zeros to the padding of the last block.
  public let weights: [Double]
  /// W, over the blocks used.
  public private(set) var totalWeight: Double
  /// The divisor of the penalty: W of all blocks.
  package let penaltyWeight: Double
  /// The blocks used, ascending: all of them, or a sample.
  package private(set) var blocks: [Int]
  /// The factor of each weight that gives the weight to which the prior applies.
  public let priorScales: [Double]
  /// The executor of work on blocks.
  public let threads: any Reducer
  /// m, the number of auxiliary parameters.
  public let auxiliaryCount: Int

  /// Creates an objective from checked parts.
  ///
  /// `weights` are those returned by `Likelihood.responses(of:weights:)`; W is computed from them
  /// here.
  package init(
    model: M, likelihood: L, prior: P, features: BlockedMatrix, responses: L.Responses,
    offsets: BlockedMatrix?, weights: [Double], priorScales: [Double], threads: any Reducer
  ) {
    precondition(weights.count == BlockedMatrix.paddedRowCount(features.rowCount))
    precondition(priorScales.count == model.weights.count)
    self.model = model
    self.likelihood = likelihood
    self.prior = prior
    self.features = features
    self.responses = responses
    self.offsets = offsets
    self.weights = weights
    self.priorScales = priorScales
    self.threads = threads
    auxiliaryCount = likelihood.auxiliaryCount(classCount: model.classCount)
    totalWeight = SummationTree.sum(ofRows: features.rowCount) {
      weights[$0] * likelihood.multiplicity(of: responses, row: $0)
    }
    penaltyWeight = totalWeight
    blocks = Array(0..<features.blockCount)
  }

  /// An objective for prepared data. Without `priorScales` the prior applies to the weights of the
  /// model.
  package init(
    _ data: PreparedData<L>, model: M, prior: P, priorScales: [Double]? = nil,
    offsets: BlockedMatrix? = nil, threads: any Reducer
  ) {
    self.init(
      model: model, likelihood: data.likelihood, prior: prior, features: data.features,
      responses: data.responses, offsets: offsets ?? data.offsets, weights: data.weights,
      priorScales: priorScales ?? [Double](repeating: 1, count: model.weights.count),
      threads: threads)
  }

  /// The objective of a sample: every `step`-th block, with the same strength of the prior relative
  /// to the mean.
  func sampled(every step: Int) -> NegativeLogPosterior {
    var result = self
    result.blocks = Array(stride(from: 0, to: features.blockCount, by: step))
    result.totalWeight = result.tree.sum(from: 0.0) { sum, places in
      for index in result.blocks[places] {
        sum += features.block(index).rows.reduce(0) {
          $0 + weights[$1] * likelihood.multiplicity(of: responses, row: $1)
        }
      }
    }
    return result
  }

  /// The order in which sums over `blocks` are added.
  package var tree: SummationTree { SummationTree(blockCount: blocks.count) }

  public var dimension: Int { model.parameterCount + auxiliaryCount }

  /// Units of a tile: C logits and the auxiliary parameters.
  package var unitCount: Int { model.classCount + auxiliaryCount }

  public func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    // Released first: the partial sums are as large.
    gradient = []
    let prepared = prepare(point)
    let total = threads.reduce(tree, from: makeScore()) { sum, places in
      add(blocks[places], at: prepared, to: &sum)
    }
    gradient = [Double](repeating: 0, count: dimension)
    total.add(-penaltyWeight / totalWeight, to: &gradient)
    let penalty = addPenalty(at: point, to: &gradient)
    gradient.scale(by: 1 / penaltyWeight)
    return penalty / penaltyWeight - total.logLikelihood / totalWeight
  }

  /// The penalty of the prior at `point`, in nats; its gradient is added to `gradient`.
  func addPenalty(at point: [Double], to gradient: inout [Double]) -> Double {
    // Each access to a field of a generic type costs a look-up: avoid it in the loop.
    let range = model.weights
    let scales = priorScales
    var scaled = Array(point[range])
    for index in scaled.indices { scaled[index] *= scales[index] }
    var slopes = [Double](repeating: 0, count: scaled.count)
    let penalty = prior.penalty(of: scaled, totalWeight: penaltyWeight, gradient: &slopes)
    for index in slopes.indices {
      gradient[range.lowerBound + index] += slopes[index] * scales[index]
    }
    return penalty
  }

  func makeTile() -> Tile {
    Tile(unitCount: unitCount, capacity: BlockedMatrix.blockSize)
  }

  private func add(_ blocks: ArraySlice<Int>, at point: Prepared, to sum: inout Score) {
    let weights = weights
    var logLikelihood = 0.0
    var tile = makeTile()
    var workspace = model.makeWorkspace()
    var values = [Double](repeating: 0, count: tile.stride)
    for index in blocks {
      let block = features.block(index)
      computeUnits(of: block, at: point, into: &tile, using: &workspace)
      likelihood.evaluate(
        responses, rows: block.rows, weights: weights, tile: &tile, values: &values)
      let rows = block.rows
      for (example, row) in rows.enumerated() {
        logLikelihood += weights[row] * values[example]
      }
      pullBack(tile, through: block, at: point, to: &sum, using: &workspace)
    }
    sum.logLikelihood += logLikelihood
  }
}

/// The objective of affine logits.
public typealias AffineObjective<L: Likelihood, P: Prior> = NegativeLogPosterior<
  LinearPredictor, L, P
>

/// The objective of a multilayer perceptron.
public typealias NetworkObjective<L: Likelihood, P: Prior> = NegativeLogPosterior<
  PerceptronLogits, L, P
>
