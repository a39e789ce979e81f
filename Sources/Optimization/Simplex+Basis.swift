import SurprisalLinearAlgebra

extension Simplex {
  /// Makes single-entry columns basic if their value is within bounds.
  mutating func chooseFirstBasis() {
    var residual = program.rightSide
    for column in values.indices where values[column] != 0 {
      program.add(-values[column], timesColumn: column, to: &residual)
    }
    for column in values.indices {
      guard let (row, entry) = program.singleEntry(ofColumn: column), basis[row] < 0 else {
        continue
      }
      let value = values[column] + residual[row] / entry
      guard value >= program.lower[column], value <= program.upper[column] else { continue }
      basis[row] = column
      isBasic[column] = true
    }
    artificialSigns = residual.map { $0 < 0 ? -1 : 1 }
    isFirstPhase = basis.contains { $0 < 0 }
    _ = invert()
  }

  /// Recomputes the inverse of the basis and all dependent values; false if the basis is singular
  /// to working precision. Complexity: O(m³), less for a basis close to diagonal.
  mutating func invert() -> Bool {
    let count = basis.count
    var rows = basisRows()
    var inverse = (0..<count).map { row in
      var unit = [Double](repeating: 0, count: count)
      unit[row] = 1
      return unit
    }
    for pivot in 0..<count {
      var best = pivot
      for row in pivot..<count where rows[row][pivot].magnitude > rows[best][pivot].magnitude {
        best = row
      }
      let entry = rows[best][pivot]
      guard entry.magnitude > 1e-13 else { return false }
      rows.swapAt(best, pivot)
      inverse.swapAt(best, pivot)
      rows[pivot].scale(by: 1 / entry)
      inverse[pivot].scale(by: 1 / entry)
      let (pivotRow, pivotInverse) = (rows[pivot], inverse[pivot])
      for row in 0..<count where row != pivot && rows[row][pivot] != 0 {
        let factor = -rows[row][pivot]
        rows[row].add(factor, times: pivotRow)
        inverse[row].add(factor, times: pivotInverse)
      }
    }
    self.inverse = inverse
    stepsSinceInversion = 0
    computeBasicValues()
    computeMultipliers()
    return true
  }

  /// The costs of basic variables times the inverse.
  mutating func computeMultipliers() {
    multipliers = [Double](repeating: 0, count: basis.count)
    for row in basis.indices {
      let cost = cost(ofBasic: basis[row])
      if cost != 0 { multipliers.add(cost, times: inverse[row]) }
    }
  }

  /// Whether equations and multipliers still hold up to rounding after many updates.
  var isAccurate: Bool {
    var residual = restResidual()
    for (row, column) in basis.enumerated() {
      if column < 0 {
        residual[-1 - column] -= artificialSigns[-1 - column] * basicValues[row]
      } else {
        program.add(-basicValues[row], timesColumn: column, to: &residual)
      }
    }
    let limit = 1e-12 * (1 + program.rightSide.infinityNorm)
    guard residual.infinityNorm <= limit else { return false }
    return basis.allSatisfy { column in
      guard column >= 0 else { return true }
      let product = program.product(ofColumn: column, with: multipliers)
      let error = (cost(ofBasic: column) - product).magnitude
      return error <= 1e-12 * program.lengths[column] * (1 + multipliers.infinityNorm)
    }
  }

  private func cost(ofBasic column: Int) -> Double {
    if isFirstPhase { return column < 0 ? 1 : 0 }
    return column < 0 ? 0 : program.costs[column]
  }

  private mutating func computeBasicValues() {
    let residual = restResidual()
    basicValues = inverse.map { $0.dot(residual) }
  }

  /// The right-hand side minus the contribution of nonbasic variables.
  private func restResidual() -> [Double] {
    var residual = program.rightSide
    for column in values.indices where !isBasic[column] && values[column] != 0 {
      program.add(-values[column], timesColumn: column, to: &residual)
    }
    return residual
  }

  /// The basis as a dense matrix: entry `[row][place]` of the variable that is basic at `place`.
  private func basisRows() -> [[Double]] {
    let count = basis.count
    var result = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for (place, column) in basis.enumerated() {
      if column < 0 {
        result[-1 - column][place] = artificialSigns[-1 - column]
        continue
      }
      for entry in program.starts[column]..<program.starts[column + 1] {
        result[Int(program.rows[entry])][place] += program.values[entry]
      }
    }
    return result
  }
}
