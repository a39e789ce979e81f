import RealModule
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Cross entropy, entropy and divergence of labels and predictions, summed over rows.
struct PredictionSummary: PartialSum {
  var crossEntropy = 0.0
  var entropy = 0.0
  var divergence = 0.0
  var mass = 0.0

  /// Adds a row of `mass` observations with label p and predicted log q.
  mutating func add(_ p: [Double], logProbabilities: [Double], mass: Double) {
    var (cross, own, difference) = (0.0, 0.0, 0.0)
    for (p, log) in zip(p, logProbabilities) where p > 0 {
      let ownLog = Double.log(p)
      cross -= p * log
      own -= p * ownLog
      difference += p * (ownLog - log)
    }
    crossEntropy += mass * cross
    entropy += mass * own
    divergence += mass * difference
    self.mass += mass
  }

  mutating func add(_ other: PredictionSummary) {
    crossEntropy += other.crossEntropy
    entropy += other.entropy
    divergence += other.divergence
    mass += other.mass
  }

  func appendNumbers(to numbers: inout [Double]) {
    numbers += [crossEntropy, entropy, divergence, mass]
  }

  mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    crossEntropy.takeNumbers(from: &numbers)
    entropy.takeNumbers(from: &numbers)
    divergence.takeNumbers(from: &numbers)
    mass.takeNumbers(from: &numbers)
  }
}

extension NegativeLogPosterior {
  /// Compares labels with the predictions at `point`; `rowWeights` are the importance weights.
  func predictionSummary(
    at point: [Double], labels: Labels, rowWeights: [Double]
  ) -> PredictionSummary {
    let prepared = prepare(point)
    return threads.reduce(tree, from: PredictionSummary()) { sum, places in
      for index in blocks[places] {
        let block = features.block(index)
        let tile = logMean(of: block, at: prepared)
        for (example, row) in block.rows.enumerated() {
          let logs = (0..<model.classCount).map { tile[$0, example] }
          sum.add(
            labels.distribution(ofRow: row), logProbabilities: logs,
            mass: rowWeights[row] * labels.multiplicity(ofRow: row))
        }
      }
    }
  }

  /// The predicted mean of each row at `point`.
  func fittedProbabilities(at point: [Double]) -> ClassProbabilities {
    let prepared = prepare(point)
    let tiles = threads.map(count: features.blockCount) { index in
      let block = features.block(index)
      var tile = Tile(unitCount: unitCount, capacity: block.rows.count)
      var workspace = model.makeWorkspace()
      computeUnits(of: block, at: prepared, into: &tile, using: &workspace)
      likelihood.predictMean(
        classCount: model.classCount, examples: block.rows.count, tile: &tile)
      return tile
    }
    return ClassProbabilities(
      trusting: BlockedMatrix(tiles: tiles, units: model.classCount, rowCount: features.rowCount))
  }

  /// Units 0..<C hold the log of the predicted mean; a log-softmax is not taken through exp.
  private func logMean(of block: RowBlock, at point: Prepared) -> Tile {
    var tile = makeTile()
    var workspace = model.makeWorkspace()
    computeUnits(of: block, at: point, into: &tile, using: &workspace)
    tile.replaceByLogMean(
      under: likelihood, classCount: model.classCount, examples: block.rows.count)
    return tile
  }
}

extension Tile {
  /// Replaces logits by the log of the predicted mean; a log-softmax is not taken through exp.
  package mutating func replaceByLogMean(
    under likelihood: any Likelihood, classCount: Int, examples: Int
  ) {
    let stride = stride
    if likelihood.meanIsSoftmax {
      var normalizer = [Double](repeating: 0, count: stride)
      logSumExp(units: classCount, examples: examples, into: &normalizer)
      withUnsafeMutableUnits { start in
        for unit in 0..<classCount {
          for example in 0..<examples { start[unit * stride + example] -= normalizer[example] }
        }
      }
    } else {
      likelihood.predictMean(classCount: classCount, examples: examples, tile: &self)
      withUnsafeMutableUnits { start in
        for unit in 0..<classCount {
          for example in 0..<examples {
            start[unit * stride + example] = Double.log(start[unit * stride + example])
          }
        }
      }
    }
  }
}
