import SurprisalLinearAlgebra
import SurprisalProbability

extension RecessionCone {
  /// The smallest margin that counts as a proof; the rounding error of the margin itself is far
  /// smaller.
  private static let requiredMargin = 2.0

  /// Proves by the fitted probabilities q that there is no direction of recession left, with a
  /// margin.
  ///
  /// Let B be such a direction, `s_ij >= 0` the decrease of the logit of class j relative to the
  /// support of row i, and g the gradient `sum_i w_i (q_i - p_i) ⊗ x_i`. Then `-g · B = sum w_i
  /// q_ij s_ij`, while the curvature H satisfies `B' H B = sum_i w_i Var_q(x_i · B) <= max_ij s_ij
  /// · sum w_i q_ij s_ij`. With `reach` the largest change of a difference of logits per unit of B,
  /// `λ |B|² <= reach |g| |B|²`: there is no such B if the smallest eigenvalue λ of H exceeds
  /// `reach |g|`. This holds for any q; if Newton's method has converged, g is small enough.
  /// Coefficients are scaled by the diagonal of H.
  func margin(
    at fitted: ClassProbabilities, _ constraints: LogitConstraints, _ space: DirectionSpace
  ) -> Double? {
    guard space.isClear else { return nil }
    precondition(fitted.rowCount == constraints.rowCount && fitted.classCount == classCount)
    let rows = (0..<constraints.rowCount).map { conditional(fitted, constraints, $0) }
    let softmax = SoftmaxCurvature(rowCount: rows.count, classCount: classCount) { row in
      rows[row].map { ($0.weight, $0.probabilities[...]) }
    }
    let curvature = design.curvature(softmax, threads: threads, isCancelled)
    let gradient = ScoreSum(design, classCount: classCount) { row, index in
      guard let fit = rows[row] else { return 0 }
      return fit.weight * (fit.probabilities[index] - fit.label[index])
    }
    return margin(curvature, gradient, constraints, space)
  }

  /// `λ / (reach |g|)`, if that suffices for a proof.
  func margin(
    _ curvature: SymmetricMatrix, _ gradient: ScoreSum, _ constraints: LogitConstraints,
    _ space: DirectionSpace
  ) -> Double? {
    let independent = space.independent
    let diagonal = independent.map { curvature[$0, $0] }
    guard diagonal.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    guard let eigenvalue = smallestEigenvalueBound(curvature, independent, diagonal) else {
      return nil
    }
    var inverseDiagonal = [Double](repeating: 0, count: parameterCount)
    var square = 0.0
    for (index, size) in zip(independent, diagonal) {
      inverseDiagonal[index] = 1 / size
      let entry = gradient.sum[index].magnitude + gradient.rounding(index)
      square += entry * entry / size
    }
    let margin = eigenvalue / (reach(inverseDiagonal, constraints) * square.squareRoot())
    return margin > Self.requiredMargin ? margin : nil
  }

  /// A lower bound for the smallest eigenvalue of the curvature scaled to a unit diagonal: the
  /// reciprocal of the Frobenius norm of its inverse, minus a bound on rounding.
  private func smallestEigenvalueBound(
    _ curvature: SymmetricMatrix, _ independent: [Int], _ diagonal: [Double]
  ) -> Double? {
    let scales = diagonal.map { 1 / $0.squareRoot() }
    var scaled = SymmetricMatrix(dimension: independent.count)
    for row in independent.indices {
      for column in 0...row {
        scaled[row, column] =
          curvature[independent[row], independent[column]] * scales[row] * scales[column]
      }
    }
    guard let factor = Cholesky(scaled, tolerance: 1e-12) else { return nil }
    let inverse = factor.inverse
    var square = 0.0
    for row in 0..<inverse.dimension {
      for column in 0...row {
        square += inverse[row, column] * inverse[row, column] * (column == row ? 1 : 2)
      }
    }
    let rounding = Double(independent.count + 1000) * 64 * .ulpOfOne
    let bound = 1 / square.squareRoot() - rounding
    return bound > 0 ? bound : nil
  }

  /// The largest change of a difference of logits along directions with `sum B² / inverseDiagonal =
  /// 1`.
  private func reach(_ inverseDiagonal: [Double], _ constraints: LogitConstraints) -> Double {
    var top = 0.0
    design.squared.forEachLogitBlock(of: inverseDiagonal, classCount: classCount) {
      rows, units, stride in
      for (place, row) in rows.enumerated() where constraints.leaders[row] != nil {
        var (first, second) = (0.0, 0.0)
        for index in 0..<classCount where constraints[row, class: index] != .free {
          let value = units[index * stride + place]
          if value > first { (first, second) = (value, first) } else { second = max(second, value) }
        }
        top = max(top, first + second)
      }
    }
    return top.squareRoot()
  }

  private struct ConditionalRow: Sendable {
    let weight: Double
    let probabilities: [Double]
    let label: [Double]
  }

  /// A row's fitted probabilities conditional on its classes that are not free; nil if only one
  /// remains.
  private func conditional(
    _ fitted: ClassProbabilities, _ constraints: LogitConstraints, _ row: Int
  ) -> ConditionalRow? {
    guard constraints.leaders[row] != nil else { return nil }
    var probabilities = [Double](repeating: 0, count: classCount)
    var (total, count) = (0.0, 0)
    for index in 0..<classCount where constraints[row, class: index] != .free {
      probabilities[index] = fitted.values[row, index]
      total += probabilities[index]
      count += 1
    }
    guard count > 1, total > 0 else { return nil }
    probabilities.scale(by: 1 / total)
    let weight = (weights.map { $0[row] } ?? 1) * labels.multiplicity(ofRow: row)
    return ConditionalRow(
      weight: weight, probabilities: probabilities, label: labels.distribution(ofRow: row))
  }
}

/// `sum_i s_i ⊗ x_i` for scores s, with a bound on its rounding.
struct ScoreSum {
  /// C E entries, class by class.
  private(set) var sum: [Double]
  private let scoreLengths: [Double]
  private let columnLengths: [Double]
  private let roundings: Double

  init(_ design: ExistenceDesign, classCount: Int, _ score: (_ row: Int, _ class: Int) -> Double) {
    let matrix = design.matrix
    sum = [Double](repeating: 0, count: classCount * design.columnCount)
    var squares = [Double](repeating: 0, count: classCount)
    var tile = Tile(unitCount: classCount, capacity: BlockedMatrix.blockSize)
    for index in 0..<matrix.blockCount {
      let block = matrix.block(index)
      tile.fill(0..<classCount) { _ in 0 }
      for (place, row) in block.rows.enumerated() {
        for unit in 0..<classCount {
          let value = score(row, unit)
          tile[unit, place] = value
          squares[unit] += value * value
        }
      }
      block.addOuterProduct(with: tile, units: classCount, to: &sum)
    }
    scoreLengths = squares.map { $0.squareRoot() }
    columnLengths = (0..<design.columnCount).map { matrix.column($0).euclideanNorm }
    roundings = Double(BlockedMatrix.blockSize + matrix.blockCount + 64)
  }

  /// A bound on the rounding error of an entry.
  func rounding(_ index: Int) -> Double {
    let (unit, column) = index.quotientAndRemainder(dividingBy: columnLengths.count)
    return roundings * .ulpOfOne * scoreLengths[unit] * columnLengths[column]
  }

  /// Adds to one entry.
  mutating func add(_ value: Double, at index: Int) { sum[index] += value }
}
