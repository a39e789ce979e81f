import RealModule
import SurprisalLinearAlgebra

/// Anderson mixing for a fixed-point map: combines the last few points and what the map makes of
/// them so that the residual `f = map(x) - x` of the combination is least.
///
/// With the changes ΔX of the points and ΔF of the residuals, γ minimises `|f - ΔF γ|²`, and the
/// next point is `map(x) - (ΔX + ΔF) γ`. For a linear map this is GMRES, which needs far fewer
/// steps than the map itself. Reference: Walker and Ni, doi:10.1137/10078356X; for expectation
/// maximisation Henderson and Varadhan, doi:10.1080/10618600.2019.1594835.
struct AndersonMixing {
  /// The largest number of changes that are kept.
  let depth: Int
  private var last: (point: [Double], residual: [Double])?
  /// ΔX + ΔF and ΔF, the oldest first.
  private var targets: [[Double]] = []
  private var changes: [[Double]] = []
  /// The inner products of the changes.
  private var products: [[Double]] = []

  /// Of the matrix of inner products, relative to its diagonal.
  private static let ridge = 1e-12

  init(depth: Int) { self.depth = depth }

  /// Forgets all points.
  mutating func reset() {
    last = nil
    targets.removeAll()
    changes.removeAll()
    products.removeAll()
  }

  /// Adds a point and its image; returns the change of the image to the mixed point, nil for the
  /// first point.
  mutating func change(at point: [Double], image: [Double]) -> [Double]? {
    let residual = zip(image, point).map { $0 - $1 }
    if let last { append(point, residual, after: last) }
    last = (point, residual)
    guard let weights = weights(of: residual) else { return nil }
    var result = [Double](repeating: 0, count: point.count)
    for (weight, target) in zip(weights, targets) {
      for index in result.indices { result[index] -= weight * target[index] }
    }
    return result
  }

  private mutating func append(
    _ point: [Double], _ residual: [Double], after last: (point: [Double], residual: [Double])
  ) {
    if changes.count == depth {
      targets.removeFirst()
      changes.removeFirst()
      products.removeFirst()
      for row in products.indices { products[row].removeFirst() }
    }
    let change = zip(residual, last.residual).map { $0 - $1 }
    targets.append(
      point.indices.map { (point[$0] - last.point[$0]) + change[$0] })
    changes.append(change)
    let own = changes.map { Self.product($0, change) }
    for row in products.indices { products[row].append(own[row]) }
    products.append(own)
  }

  /// γ; nil if there are no changes, or they are dependent.
  private func weights(of residual: [Double]) -> [Double]? {
    guard !changes.isEmpty else { return nil }
    let scales = changes.indices.map { products[$0][$0].squareRoot() }
    guard scales.allSatisfy({ $0 > 0 }) else { return nil }
    var matrix = SymmetricMatrix(dimension: changes.count)
    for row in changes.indices {
      for column in 0...row {
        matrix[row, column] =
          products[row][column] / (scales[row] * scales[column])
          + (row == column ? Self.ridge : 0)
      }
    }
    let right = changes.indices.map { Self.product(changes[$0], residual) / scales[$0] }
    return Cholesky(matrix)?.solve(right).enumerated().map { $1 / scales[$0] }
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    SummationTree.sum(ofRows: left.count) { left[$0] * right[$0] }
  }
}
