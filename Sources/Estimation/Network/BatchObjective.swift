import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The objective of a network, evaluated in batches of rows.
///
/// For a batch B of an order drawn anew in each pass the value is
/// `-(N / (|B| W)) Σ_B wᵢ ℓᵢ + penalty / W`; its mean over batches of equal size is the objective.
/// Batches are not normalised by the weights of their rows.
struct BatchObjective<L: Likelihood, P: Prior>: StochasticObjective {
  let full: NetworkObjective<L, P>
  let labels: Labels
  /// The given weights; a likelihood may multiply them by others.
  let rowWeights: RowWeights
  let source: ExampleRows
  let batchSize: Int
  let order: CounterBasedGenerator
  let dropout: Dropout?

  init(
    _ full: NetworkObjective<L, P>, labels: Labels, rowWeights: RowWeights,
    batchSize: Int, seed: UInt64
  ) {
    self.full = full
    self.labels = labels
    self.rowWeights = rowWeights
    self.batchSize = min(batchSize, labels.rowCount)
    source = ExampleRows(full.features, threads: full.threads)
    order = CounterBasedGenerator(seed: seed ^ 0x2545_F491_4F6C_DD1D)
    let share = full.model.network.dropout
    dropout =
      share > 0 && !full.model.layers.dropLast().isEmpty
      ? Dropout(share: share, seed: seed) : nil
  }

  /// One pass: the order of its rows, working memory, and sums so far.
  struct Pass {
    var order: [Int]
    var room: PerceptronBatch
    /// Σ wᵢ ℓᵢ.
    var logLikelihood = 0.0
    /// Σ wᵢ tᵢ of the same rows.
    var weight = 0.0
  }

  var dimension: Int { full.dimension }

  var batchCount: Int { (labels.rowCount + batchSize - 1) / batchSize }

  func pass(_ epoch: Int) -> Pass {
    Pass(
      order: order.child(epoch).permutation(of: labels.rowCount),
      room: PerceptronBatch(model: full.model, source: source, threads: full.threads))
  }

  func evaluate(
    batch: Int, of pass: inout Pass, step: Int, at point: [Double], gradient: inout [Double]
  ) -> Double {
    gradient.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    let first = batch * batchSize
    let rows = pass.order[first..<min(first + batchSize, pass.order.count)]
    let share = full.totalWeight * Double(rows.count) / Double(labels.rowCount)
    var sum = 0.0
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: BlockedMatrix.blockSize) {
      let end = min(start + BlockedMatrix.blockSize, rows.endIndex)
      guard
        let part = add(
          Array(rows[start..<end]), of: &pass, step, at: point, factor: -1 / share, to: &gradient)
      else { return .nan }
      sum += part
    }
    return addPenalty(at: point, to: &gradient) - sum / share
  }

  /// Adds the gradient of up to a block of rows; returns their weighted log-likelihood, or nil for
  /// labels that the likelihood rejects, which were excluded when the data were checked.
  private func add(
    _ rows: [Int], of pass: inout Pass, _ step: Int, at point: [Double], factor: Double,
    to gradient: inout [Double]
  ) -> Double? {
    guard
      let prepared = try? PreparedResponses(
        of: labels.selecting(rows: rows), weights: rowWeights.selecting(rows: rows),
        full.likelihood)
    else { return nil }
    let (responses, weights) = (prepared.responses, prepared.weights)
    let (classes, auxiliary) = (full.model.classCount, full.auxiliaryCount)
    var tile = Tile(unitCount: classes + auxiliary, capacity: rows.count)
    var values = [Double](repeating: 0, count: tile.stride)
    let offsets = full.offsets?.selecting(rows: rows)
    pass.room.addGradient(
      of: rows, from: source, parameters: point, dropout: dropout, step: step, tile: &tile,
      to: &gradient
    ) { tile in
      if let offsets { tile.add(offsets, block: 0) }
      tile.fill(from: classes, with: point[full.model.parameterCount...])
      full.likelihood.evaluate(
        responses, rows: 0..<rows.count, weights: weights, tile: &tile, values: &values)
      tile.scale(by: factor)
    }
    for index in 0..<auxiliary {
      gradient[full.model.parameterCount + index] += tile.sum(
        ofUnit: classes + index, examples: rows.count)
    }
    var sum = 0.0
    for example in rows.indices {
      sum += weights[example] * values[example]
      pass.weight +=
        weights[example] * full.likelihood.multiplicity(of: responses, row: example)
    }
    pass.logLikelihood += sum
    return sum
  }

  /// Adds the gradient of the penalty divided by W; returns the value.
  private func addPenalty(at point: [Double], to gradient: inout [Double]) -> Double {
    guard full.prior.isProper else { return 0 }
    let range = full.model.weights
    var slopes = [Double](repeating: 0, count: range.count)
    let penalty = full.prior.penalty(
      of: Array(point[range]), totalWeight: full.totalWeight, gradient: &slopes)
    let share = 1 / full.totalWeight
    gradient.withUnsafeMutableBufferPointer { gradient in
      for index in slopes.indices { gradient[range.lowerBound + index] += share * slopes[index] }
    }
    return share * penalty
  }
}

extension Tile {
  /// Multiplies every entry.
  mutating func scale(by factor: Double) {
    let count = unitCount * stride
    withUnsafeMutableUnits { start in
      for index in 0..<count { start[index] *= factor }
    }
  }
}
