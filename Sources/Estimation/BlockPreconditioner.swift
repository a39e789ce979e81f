import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The inverse of the blocks on the diagonal of the curvature at one point, a block a class.
///
/// Where labels are nearly separable the curvature at the optimum lives in the few rows that are
/// hard to tell, and has nothing to do with that at constant predictions. The blocks see it.
/// Memory: C (D + 1)² doubles. Complexity: O(C D²) a product.
struct BlockPreconditioner: Preconditioner {
  private let model: AffineLogits
  private let factors: [Cholesky]

  var estimatesDecrement: Bool { false }

  /// `blocks[k]` is the curvature in the weights of class k and then its intercept. nil if one of
  /// them cannot be factorised.
  init?(model: AffineLogits, blocks: [SymmetricMatrix]) {
    self.model = model
    var factors: [Cholesky] = []
    for block in blocks {
      var matrix = block
      let ridge = 1e-10 * block.diagonal.infinityNorm
      for index in 0..<matrix.dimension { matrix[index, index] += ridge }
      guard let factor = Cholesky(matrix) else { return nil }
      factors.append(factor)
    }
    self.factors = factors
  }

  func multiply(_ vector: [Double]) -> [Double] {
    var result = vector
    for (unit, factor) in factors.enumerated() {
      let first = model.weight(class: unit, feature: 0)
      let weights = first..<first + model.featureCount
      let own = model.hasIntercept ? [vector[model.intercepts.lowerBound + unit]] : []
      let solution = factor.solve(Array(vector[weights]) + own)
      result.replaceSubrange(weights, with: solution[..<model.featureCount])
      if model.hasIntercept {
        result[model.intercepts.lowerBound + unit] = solution[model.featureCount]
      }
    }
    return result
  }
}

extension NegativeLogPosterior where M == AffineLogits {
  /// The preconditioner of the blocks on the diagonal at `point`, from every `step`-th row block.
  func blockPreconditioner(at point: [Double]) -> BlockPreconditioner? {
    let penalty = priorCurvature(at: point)
    let prepared = prepare(point)
    let batch = max(1, 1_000_000 / (unitCount * (unitCount + 1) / 2 * BlockedMatrix.blockSize))
    var sums = [ClassBlock](
      repeating: ClassBlock(model.featureCount, hasIntercept: model.hasIntercept),
      count: model.classCount)
    for start in stride(from: 0, to: blocks.count, by: batch) {
      let current = blocks[start..<min(start + batch, blocks.count)]
      let tiles = threads.map(count: current.count) {
        pairTile(.solver, ofBlock: current[start + $0], at: prepared)
      }
      let before = sums
      sums = threads.map(count: sums.count) { unit in
        var sum = before[unit]
        for (offset, block) in current.enumerated() {
          sum.add(tiles[offset], unit: unit * (unit + 1) / 2 + unit, features.block(block))
        }
        return sum
      }
    }
    let matrices = sums.enumerated().map { unit, sum in
      let first = model.weight(class: unit, feature: 0)
      let own = Array(penalty[first..<first + model.featureCount])
      return sum.matrix(dividedBy: totalWeight, adding: own.map { $0 / penaltyWeight })
    }
    return BlockPreconditioner(model: model, blocks: matrices)
  }
}

/// `Σ h x xᵀ`, `Σ h x` and `Σ h` of one class.
private struct ClassBlock: Sendable {
  var gram: [Double]
  var sums: [Double]
  var total = 0.0
  let hasIntercept: Bool

  init(_ features: Int, hasIntercept: Bool) {
    gram = [Double](repeating: 0, count: features * features)
    sums = [Double](repeating: 0, count: hasIntercept ? features : 0)
    self.hasIntercept = hasIntercept
  }

  mutating func add(_ tile: Tile, unit: Int, _ block: RowBlock) {
    tile.withUnsafeUnits { start in
      let weights = start + unit * tile.stride
      block.addWeightedGram(weights, to: &gram)
      if hasIntercept { block.addWeightedSum(weights, to: &sums) }
    }
    total += tile.sum(ofUnit: unit, examples: block.rows.count)
  }

  func matrix(dividedBy weight: Double, adding penalty: [Double]) -> SymmetricMatrix {
    let features = penalty.count
    var result = SymmetricMatrix(dimension: features + (hasIntercept ? 1 : 0))
    for row in 0..<features {
      for column in 0...row {
        result[row, column] = gram[row * features + column] / weight
      }
      result[row, row] += penalty[row]
    }
    if hasIntercept {
      for column in 0..<features { result[features, column] = sums[column] / weight }
      result[features, features] = total / weight
    }
    return result
  }
}
