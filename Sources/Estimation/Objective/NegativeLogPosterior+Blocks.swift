import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The steps common to all passes over the blocks: from a point to units of a tile, and back.
extension NegativeLogPosterior {
  /// A point in the form that products use, computed once for all blocks.
  package struct Prepared: Sendable {
    package let parameters: M.Prepared
    /// The auxiliary parameters.
    let auxiliary: ArraySlice<Double>
  }

  package func prepare(_ point: [Double]) -> Prepared {
    Prepared(
      parameters: model.prepare(point, for: features.storageKind),
      auxiliary: point[model.parameterCount...])
  }

  /// Fills a tile: logits with offsets, then the auxiliary parameters.
  package func computeUnits(
    of block: RowBlock, at point: Prepared, into tile: inout Tile,
    using workspace: inout M.Workspace
  ) {
    model.computeLogits(of: block, at: point.parameters, into: &tile, using: &workspace)
    if let offsets { tile.add(offsets, block: block.index) }
    tile.fill(from: model.classCount, with: point.auxiliary)
  }

  /// wᵢ ∂ℓᵢ/∂(logits, auxiliary parameters) of the rows of one block.
  package func scoreTile(ofBlock index: Int, at point: Prepared) -> Tile {
    let block = features.block(index)
    var tile = Tile(unitCount: unitCount, capacity: block.rows.count)
    var workspace = model.makeWorkspace()
    var values = [Double](repeating: 0, count: tile.stride)
    computeUnits(of: block, at: point, into: &tile, using: &workspace)
    likelihood.evaluate(
      responses, rows: block.rows, weights: weights, tile: &tile, values: &values)
    return tile
  }

  /// Jᵀ s over blocks; s has units for the auxiliary parameters too. Where the log-likelihood is
  /// computed with it, that is summed beside it.
  struct Score: PartialSum {
    var model: M.GradientSum
    var auxiliary: [Double]
    var logLikelihood = 0.0

    mutating func add(_ other: Score) {
      model.add(other.model)
      auxiliary.add(other.auxiliary)
      logLikelihood += other.logLikelihood
    }

    func appendNumbers(to numbers: inout [Double]) {
      model.appendNumbers(to: &numbers)
      auxiliary.appendNumbers(to: &numbers)
      logLikelihood.appendNumbers(to: &numbers)
    }

    mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
      model.takeNumbers(from: &numbers)
      auxiliary.takeNumbers(from: &numbers)
      logLikelihood.takeNumbers(from: &numbers)
    }

    /// `vector += factor * self`; auxiliary parameters are last.
    func add(_ factor: Double, to vector: inout [Double]) {
      model.add(factor, to: &vector)
      for (index, sum) in zip(vector.indices.suffix(auxiliary.count), auxiliary) {
        vector[index] += factor * sum
      }
    }
  }

  func makeScore() -> Score {
    Score(
      model: model.makeGradientSum(for: features.storageKind),
      auxiliary: [Double](repeating: 0, count: auxiliaryCount))
  }

  /// Adds Jᵀ s of one block to `sum`.
  func pullBack(
    _ tile: Tile, through block: RowBlock, at point: Prepared, to sum: inout Score,
    using workspace: inout M.Workspace
  ) {
    model.pullBack(
      tile, through: block, at: point.parameters, to: &sum.model, using: &workspace)
    for index in sum.auxiliary.indices {
      sum.auxiliary[index] += tile.sum(ofUnit: model.classCount + index, examples: block.rows.count)
    }
  }
}

/// Quantities computed for each row.
extension NegativeLogPosterior {
  /// The log-likelihood of each row without constant and weight, at `point`.
  public func rowLogLikelihoods(at point: [Double]) -> [Double] {
    let prepared = prepare(point)
    return threads.map(count: features.blockCount) { index in
      let block = features.block(index)
      var tile = makeTile()
      var workspace = model.makeWorkspace()
      var values = [Double](repeating: 0, count: tile.stride)
      computeUnits(of: block, at: prepared, into: &tile, using: &workspace)
      likelihood.evaluate(
        responses, rows: block.rows, weights: weights, tile: &tile, values: &values)
      return Array(values[0..<block.rows.count])
    }.flatMap { $0 }
  }

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
            weight: rowWeights[row] * labels.multiplicity(ofRow: row))
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

  /// Units 0..<C are the log of the predicted mean; for a softmax it is computed without exp.
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
  /// Sets each unit from `first` on to its value.
  mutating func fill(from first: Int, with values: ArraySlice<Double>) {
    fill(first..<first + values.count) { values[values.startIndex + $0 - first] }
  }
}
