import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// What all passes over the blocks share: units of a tile from a point, and back.
extension NegativeLogPosterior {
  /// A point as the products read it: made once, used for all blocks.
  package struct Prepared: Sendable {
    package let parameters: M.Prepared
    /// The likelihood's own parameters.
    let own: ArraySlice<Double>
  }

  package func prepare(_ point: [Double]) -> Prepared {
    Prepared(
      parameters: model.prepare(point, for: features.storageKind),
      own: point[model.parameterCount...])
  }

  /// Fills a tile: logits with offsets, then the likelihood's own parameters.
  package func computeUnits(
    of block: RowBlock, at point: Prepared, into tile: inout Tile,
    using workspace: inout M.Workspace
  ) {
    model.computeLogits(of: block, at: point.parameters, into: &tile, using: &workspace)
    if let offsets { tile.add(offsets, block: block.index) }
    tile.fill(from: model.classCount, with: point.own)
  }

  /// Jᵀ s over blocks, s having a unit for each of the likelihood's own parameters too.
  struct Score: PartialSum {
    var model: M.GradientSum
    var own: [Double]

    mutating func add(_ other: Score) {
      model.add(other.model)
      own.add(other.own)
    }

    func appendNumbers(to numbers: inout [Double]) {
      model.appendNumbers(to: &numbers)
      own.appendNumbers(to: &numbers)
    }

    mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
      model.takeNumbers(from: &numbers)
      own.takeNumbers(from: &numbers)
    }

    /// `vector += factor * self`; own parameters stand last.
    func add(_ factor: Double, to vector: inout [Double]) {
      model.add(factor, to: &vector)
      for (index, sum) in zip(vector.indices.suffix(own.count), own) {
        vector[index] += factor * sum
      }
    }
  }

  func makeScore() -> Score {
    Score(
      model: model.makeGradientSum(for: features.storageKind),
      own: [Double](repeating: 0, count: ownParameterCount))
  }

  /// Adds Jᵀ s of one block to `sum`.
  func pullBack(
    _ tile: Tile, through block: RowBlock, at point: Prepared, to sum: inout Score,
    using workspace: inout M.Workspace
  ) {
    model.pullBack(
      tile, through: block, at: point.parameters, to: &sum.model, using: &workspace)
    for index in sum.own.indices {
      sum.own[index] += tile.sum(ofUnit: model.classCount + index, examples: block.rows.count)
    }
  }
}

extension Tile {
  /// Sets the units from `first` on to one value each.
  mutating func fill(from first: Int, with values: ArraySlice<Double>) {
    fill(first..<first + values.count) { values[values.startIndex + $0 - first] }
  }
}
