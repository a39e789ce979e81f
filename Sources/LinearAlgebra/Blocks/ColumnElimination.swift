import SurprisalKernels

/// Gram-Schmidt over the columns in their order, each orthogonalised twice.
struct ColumnElimination {
  private(set) var independent: [Int] = []
  private(set) var aliased: [ColumnDependencies.Aliased] = []

  private let scales: [ColumnScale]
  /// Unit columns, or their triangular factor, which has the same dependencies.
  private let columns: [[Double]]
  private let rankLimit: Int
  private let includesIntercept: Bool
  /// Orthonormal directions of the independent columns.
  private var basis: [[Double]] = []
  /// Column j holds the independent unit column j in that basis, j + 1 entries.
  private var triangle: [[Double]] = []

  init(of features: BlockedMatrix, rows: ActiveRows, includesIntercept: Bool) {
    let scales = (0..<features.columnCount).map {
      ColumnScale(of: $0, in: features, rows: rows, isCentred: includesIntercept)
    }
    self.scales = scales
    self.includesIntercept = includesIntercept
    rankLimit = rows.count - (includesIntercept ? 1 : 0)
    columns =
      rows.count > features.columnCount
      ? TriangularFactor(of: features, rows: rows, scales: scales).columns
      : (0..<features.columnCount).map { column in
        guard scales[column].length > 0 else { return [] }
        let values = features.column(column)
        return values.indices.filter { rows.counts[$0] }
          .map { scales[column].normalize(values[$0]) }
      }
  }

  mutating func run() {
    for column in columns.indices { examine(column) }
  }

  private mutating func examine(_ column: Int) {
    guard scales[column].length > 0 else {
      alias(column, to: [])
      return
    }
    var rest = columns[column]
    var coordinates = [Double](repeating: 0, count: basis.count)
    for _ in 0..<2 {
      for (index, direction) in basis.enumerated() {
        // Earlier columns of a triangular factor are shorter; the missing entries are zero.
        let count = direction.count
        let projection = surprisal_dot(count, direction, rest)
        coordinates[index] += projection
        surprisal_add_scaled(count, -projection, direction, &rest)
      }
    }
    let residual = rest.euclideanNorm
    if residual > 1e-6, basis.count < rankLimit {
      keep(column, rest, residual, coordinates)
      return
    }
    let combination = solve(coordinates)
    let rounding = combination.reduce(1) { $0 + $1.magnitude } * 64 * .ulpOfOne
    let limit = max(ColumnDependencies.tolerance, scales[column].noise, rounding)
    if residual > limit, basis.count < rankLimit {
      keep(column, rest, residual, coordinates)
    } else {
      alias(column, to: combination)
    }
  }

  private mutating func keep(
    _ column: Int, _ rest: [Double], _ residual: Double, _ coordinates: [Double]
  ) {
    independent.append(column)
    basis.append(rest.map { $0 / residual })
    triangle.append(coordinates + [residual])
  }

  /// The coefficients of the independent unit columns that give these coordinates.
  private func solve(_ coordinates: [Double]) -> [Double] {
    var result = coordinates
    for index in result.indices.reversed() {
      result[index] /= triangle[index][index]
      surprisal_add_scaled(index, -result[index], triangle[index], &result)
    }
    return result
  }

  private mutating func alias(_ column: Int, to combination: [Double]) {
    let target = scales[column]
    var terms: [ColumnDependencies.Term] = []
    var constant = includesIntercept ? target.center : 0
    var size = constant.magnitude
    for (index, coefficient) in combination.enumerated() where coefficient.magnitude > 1e-8 {
      let scale = scales[independent[index]]
      let own = Self.snap(coefficient * target.lengthRatio(to: scale))
      terms.append(ColumnDependencies.Term(column: independent[index], coefficient: own))
      guard includesIntercept else { continue }
      constant -= own * scale.center
      size += (own * scale.center).magnitude
    }
    let isZero = constant.magnitude <= 1e-9 * size || !constant.isFinite
    aliased.append(
      ColumnDependencies.Aliased(
        column: column, combination: terms,
        interceptCoefficient: isZero ? 0 : terms.isEmpty ? constant : Self.snap(constant)))
  }

  /// The nearest fraction with a denominator of at most 12 if the number equals it up to rounding;
  /// otherwise the number.
  private static func snap(_ value: Double) -> Double {
    for denominator in 1...12 {
      let scaled = value * Double(denominator)
      let whole = scaled.rounded()
      if whole != 0, whole.magnitude < 1e6, (scaled - whole).magnitude <= 1e-9 * whole.magnitude {
        return whole / Double(denominator)
      }
    }
    return value
  }
}
