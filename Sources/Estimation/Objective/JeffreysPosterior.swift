import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The objective of a likelihood under Jeffreys' penalty: `F(θ) - log det I(θ) / 2W`.
///
/// A prior is a function of weights; this penalty is a function of the whole design, so it is an
/// objective around that of the likelihood. I is the information of the coefficients of all
/// classes but the first. With V its inverse, `H[j, l] = x' V_jl x` of a row of weight m, and q its
/// probabilities, the row's part of the information is `m (diag(q) - q q') ⊗ x x'`, and
///
///     ½ ∂ log det I / ∂η_k = ½ m q_k (u_k - Σ q u),  u_k = H[k, k] - 2 Σ_l H[k, l] q_l,
///
/// the first class having H and u zero. Complexity: that of the information matrix, an evaluation.
struct JeffreysPosterior<L: Likelihood, P: Prior>: ExplicitCurvatureObjective {
  /// The objective of the likelihood alone. Its state tile holds probabilities.
  let plain: AffineObjective<L, P>
  /// Whether `curvature` is that of the whole objective, by differences of its gradient.
  var knowsOwnCurvature = false

  /// The most parameters for which gradients are differenced.
  static var differenceLimit: Int { 120 }

  var dimension: Int { plain.dimension }

  /// -½ log det I in nats; infinite if the information is singular.
  func penalty(at point: [Double]) -> Double {
    factor(at: point).map { -$0.logDeterminant / 2 } ?? .infinity
  }

  func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    let value = plain.evaluate(at: point, gradient: &gradient)
    guard value.isFinite, let factor = factor(at: point) else { return .infinity }
    let inverse = InverseInformation(factor.inverse, of: plain.model)
    let prepared = plain.prepare(point)
    let score = plain.threads.reduce(plain.tree, from: plain.makeScore()) { sum, places in
      for index in plain.blocks[places] {
        let tile = penaltyScore(ofBlock: index, at: prepared, inverse)
        var workspace: Void = plain.model.makeWorkspace()
        plain.pullBack(
          tile, through: plain.features.block(index), at: prepared, to: &sum, using: &workspace)
      }
    }
    score.add(-1 / plain.totalWeight, to: &gradient)
    return value - factor.logDeterminant / (2 * plain.totalWeight)
  }

  /// The curvature of the likelihood alone, with which Fisher scoring converges, or of the whole
  /// objective.
  func curvature(at point: [Double]) -> SymmetricMatrix {
    knowsOwnCurvature ? differencedCurvature(at: point) : plain.curvature(at: point)
  }

  private func differencedCurvature(at point: [Double]) -> SymmetricMatrix {
    var result = curvatureByDifferences(at: point)
    plain.fixShift(&result, isPenalized: { _ in false })
    return result
  }

  /// I on the coefficients of all classes but the first, class by class, intercepts last.
  private func factor(at point: [Double]) -> Cholesky? {
    let free = plain.freePositions(reference: 0)
    return Cholesky(
      plain.information(.expected, at: point).restricted(to: free), tolerance: 1e-15)
  }

  /// ½ ∂ log det I / ∂η for the rows of a block.
  private func penaltyScore(
    ofBlock index: Int, at point: AffineObjective<L, P>.Prepared,
    _ inverse: InverseInformation
  ) -> Tile {
    let block = plain.features.block(index)
    let leverages = inverse.leverages(of: block)
    var tile = plain.linearizedState(ofBlock: index, at: point).tile
    let classes = plain.model.classCount
    var slopes = [Double](repeating: 0, count: classes)
    var shares = slopes
    for (example, row) in block.rows.enumerated() {
      let weight =
        plain.weights[row] * plain.likelihood.multiplicity(of: plain.responses, row: row)
      for unit in 0..<classes { shares[unit] = tile[unit, example] }
      var mean = 0.0
      for unit in 1..<classes {
        var slope = leverages.entry(unit - 1, unit - 1, example)
        for other in 1..<classes {
          slope -= 2 * leverages.entry(unit - 1, other - 1, example) * shares[other]
        }
        slopes[unit] = slope
        mean += slope * shares[unit]
      }
      for unit in 0..<classes {
        tile[unit, example] = weight / 2 * shares[unit] * (slopes[unit] - mean)
      }
    }
    tile.clear(from: block.rows.count)
    return tile
  }
}

/// The inverse of the information with the coefficients of a class contiguous, intercept last.
private struct InverseInformation: Sendable {
  private let classes: Int
  private let columns: Int
  private let hasIntercept: Bool
  /// Row-major; rows and columns run over classes but the first, then columns and intercept.
  private let entries: [[Double]]

  private var width: Int { columns + (hasIntercept ? 1 : 0) }

  init(_ matrix: SymmetricMatrix, of model: LinearPredictor) {
    classes = model.classCount - 1
    columns = model.featureCount
    hasIntercept = model.hasIntercept
    let (count, constant) = (classes, columns)
    let intercept = hasIntercept
    let places = (0..<count).flatMap { unit in
      (0..<constant).map { unit * constant + $0 } + (intercept ? [count * constant + unit] : [])
    }
    entries = places.map { row in places.map { matrix[row, $0] } }
  }

  /// `H[j, l] = x' V_jl x` of the rows of a block.
  func leverages(of block: RowBlock) -> Leverages {
    var result = Leverages(classes: classes, examples: block.rows.count)
    for low in 0..<classes {
      let first = low * width
      let weights = entries.flatMap { $0[first..<first + columns] }
      var tile = Tile(unitCount: classes * width, capacity: block.rows.count)
      tile.fill(0..<tile.unitCount) { hasIntercept ? entries[$0][first + columns] : 0 }
      block.addProduct(with: weights, units: tile.unitCount, to: &tile)
      block.withColumns { values, stride in
        tile.withUnsafeUnits { start in
          for high in low..<classes {
            for example in 0..<block.rows.count {
              var sum = 0.0
              for column in 0..<columns {
                sum +=
                  values[column * stride + example]
                  * start[(high * width + column) * tile.stride + example]
              }
              if hasIntercept { sum += start[(high * width + columns) * tile.stride + example] }
              result.set(high, low, example, sum)
            }
          }
        }
      }
    }
    return result
  }
}

/// H of each row of a block.
private struct Leverages {
  private let examples: Int
  private var values: [Double]

  init(classes: Int, examples: Int) {
    self.examples = examples
    values = [Double](repeating: 0, count: classes * (classes + 1) / 2 * examples)
  }

  mutating func set(_ high: Int, _ low: Int, _ example: Int, _ value: Double) {
    values[(high * (high + 1) / 2 + low) * examples + example] = value
  }

  func entry(_ first: Int, _ second: Int, _ example: Int) -> Double {
    let (high, low) = (max(first, second), min(first, second))
    return values[(high * (high + 1) / 2 + low) * examples + example]
  }
}

extension Tile {
  /// Sets the columns from `example` on to zero in all units.
  fileprivate mutating func clear(from example: Int) {
    let (units, stride) = (unitCount, stride)
    withUnsafeMutableUnits { start in
      for unit in 0..<units {
        for column in example..<stride { start[unit * stride + column] = 0 }
      }
    }
  }
}
