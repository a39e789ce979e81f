import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// How the columns of a smaller model are combinations of those of a larger one.
struct Nesting {
  /// A row for each column of the smaller model, then one for its intercept if it has one; an entry
  /// for each column of the larger model, then one for its intercept if it has one.
  private let rows: [[Double]]
  /// A basis of the vectors that are orthogonal to all rows: what the smaller model lacks.
  let complement: [[Double]]

  /// Throws where a column is no combination, or the features are too many to find out.
  init<L: Likelihood, P: Prior>(
    of smaller: AffineObjective<L, P>,
    in larger: AffineObjective<L, P>
  ) throws(Unavailable) {
    guard let small = smaller.features.inFull, let large = larger.features.inFull else {
      throw Unavailable(reason: "the features are too many to see whether the models are nested")
    }
    let notNested = Unavailable(
      reason: "the features of the smaller model are no combinations of those of the larger one")
    guard small.rowCount == large.rowCount,
      larger.model.hasIntercept || !smaller.model.hasIntercept
    else { throw notNested }
    let hasIntercept = larger.model.hasIntercept
    let width = large.columnCount + (hasIntercept ? 1 : 0)
    let columns =
      (0..<large.columnCount).map { large.column($0) }
      + (0..<small.columnCount).map { small.column($0) }
    let dependencies = ColumnDependencies(
      of: BlockedMatrix(columns: columns, rowCount: large.rowCount),
      includesIntercept: hasIntercept, threads: larger.threads)
    var rows: [[Double]] = []
    for column in large.columnCount..<columns.count {
      guard let aliased = dependencies.aliased.first(where: { $0.column == column }) else {
        throw notNested
      }
      var row = [Double](repeating: 0, count: width)
      for term in aliased.combination { row[term.column] = term.coefficient }
      if hasIntercept { row[width - 1] = aliased.interceptCoefficient }
      rows.append(row)
    }
    if smaller.model.hasIntercept {
      rows.append((0..<width).map { $0 == width - 1 ? 1 : 0 })
    }
    self.rows = rows
    complement = Self.complement(of: rows, width: width)
  }

  /// The point of the larger model with the same logits; own parameters stay.
  func embed(_ point: [Double], of smaller: AffineLogits, in larger: AffineLogits) -> [Double] {
    var result = [Double](repeating: 0, count: larger.parameterCount)
    for unit in 0..<larger.classCount {
      for (index, row) in rows.enumerated() {
        let value =
          index < smaller.featureCount
          ? point[smaller.weight(class: unit, feature: index)]
          : point[smaller.intercepts.lowerBound + unit]
        for (column, factor) in row.enumerated() {
          let position =
            column < larger.featureCount
            ? larger.weight(class: unit, feature: column) : larger.intercepts.lowerBound + unit
          result[position] += factor * value
        }
      }
    }
    return result + point[smaller.parameterCount...]
  }

  /// By Gauss-Jordan elimination with the largest pivot of each row.
  private static func complement(of rows: [[Double]], width: Int) -> [[Double]] {
    var rows = rows
    var pivots: [Int] = []
    for index in rows.indices {
      let size = rows[index].infinityNorm
      guard size > 1e-9,
        let pivot = rows[index].firstIndex(where: { $0.magnitude == size })
      else { continue }
      rows[index].scale(by: 1 / rows[index][pivot])
      for other in rows.indices where other != index {
        let factor = rows[other][pivot]
        rows[other].add(-factor, times: rows[index])
        rows[other][pivot] = 0
      }
      rows[index][pivot] = 1
      pivots.append(pivot)
    }
    let used = rows.filter { $0.infinityNorm > 1e-9 }
    return (0..<width).filter { !pivots.contains($0) }.map { column in
      var vector = [Double](repeating: 0, count: width)
      vector[column] = 1
      for (row, pivot) in zip(used, pivots) { vector[pivot] = -row[column] }
      return vector
    }
  }
}
