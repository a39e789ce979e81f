import SurprisalLinearAlgebra

/// Directions modulo those that change no relevant difference of logits.
///
/// Uses the Gram matrix of the differences between the leader of a row and its other classes that
/// are not free; its null space contains the directions that keep all of these logits equal.
struct DirectionSpace {
  /// C E x C E.
  let gram: SymmetricMatrix
  private let factor: SemidefiniteCholesky
  private let hasExpectedRank: Bool

  init(_ cone: RecessionCone, _ constraints: LogitConstraints) {
    let (design, threads, isCancelled) = (cone.design, cone.threads, cone.isCancelled)
    gram = design.curvature(
      classCount: constraints.classCount, threads: threads, isCancelled
    ) { row in
      guard let leader = constraints.leaders[row] else { return nil }
      return ClassCurvature.star(leader, constraints, row)
    }
    factor = SemidefiniteCholesky(gram)
    // Before any class is free, the null space contains only the common shift of all classes.
    hasExpectedRank =
      constraints.hasFreedClasses
      || factor.rank == (constraints.classCount - 1) * design.columnCount
  }

  /// Coefficients that determine the others up to the null space.
  var independent: [Int] { factor.independent }
  /// The number of directions.
  var rank: Int { factor.rank }
  /// Whether the rank is certain despite rounding.
  var isClear: Bool { factor.isClear && hasExpectedRank }

  /// A direction near the given one that keeps all of these logits equal.
  func project(_ direction: [Double]) -> [Double] {
    factor.nullVector(agreeingWith: direction)
  }
}

/// The weight of `x x'` for each pair of classes of one row: a symmetric C x C matrix.
enum ClassCurvature {
  /// Weight 1 for each edge between the leader and another class that is not free.
  case star(Int, LogitConstraints, Int)
  /// `weight (diag q - q q')`.
  case softmax(weight: Double, probabilities: [Double])

  subscript(first: Int, second: Int) -> Double {
    switch self {
    case .star(let leader, let constraints, let row):
      let isEdge = { (index: Int) in constraints[row, class: index] != .free }
      if first != second {
        let other = first == leader ? second : second == leader ? first : nil
        return other.map(isEdge) ?? false ? -1 : 0
      }
      guard first == leader else { return isEdge(first) ? 1 : 0 }
      return Double((0..<constraints.classCount).reduce(-1) { $0 + (isEdge($1) ? 1 : 0) })
    case .softmax(let weight, let q):
      return first == second ? weight * q[first] * (1 - q[first]) : -weight * q[first] * q[second]
    }
  }
}

extension ExistenceDesign {
  /// `sum_i K_i ⊗ x_i x_i'`, classes first; undefined after `isCancelled` returned true.
  /// Complexity: O(N C² E²) if K is dense.
  func curvature(
    classCount: Int, threads: any Reducer, _ isCancelled: @Sendable () -> Bool,
    _ row: @Sendable (Int) -> ClassCurvature?
  ) -> SymmetricMatrix {
    let rows = (0..<matrix.rowCount).map(row)
    let pairs = (0..<classCount).flatMap { first in (0...first).map { (first, $0) } }
    let grams = threads.map(count: pairs.count) { place in
      isCancelled() ? [] : weightedGram(rows, pairs[place].0, pairs[place].1)
    }
    var result = SymmetricMatrix(dimension: classCount * columnCount)
    for ((first, second), gram) in zip(pairs, grams) where !gram.isEmpty {
      for row in 0..<columnCount {
        for column in 0..<(first == second ? row + 1 : columnCount) {
          let entry = gram[Swift.max(row, column) * columnCount + Swift.min(row, column)]
          result[first * columnCount + row, second * columnCount + column] = entry
        }
      }
    }
    return result
  }

  /// The block of one pair of classes, lower triangle; empty if all its weights are zero.
  private func weightedGram(_ rows: [ClassCurvature?], _ first: Int, _ second: Int) -> [Double] {
    var weights = [Double](
      repeating: 0, count: BlockedMatrix.paddedRowCount(matrix.rowCount))
    for (row, curvature) in rows.enumerated() { weights[row] = curvature?[first, second] ?? 0 }
    guard weights.contains(where: { $0 != 0 }) else { return [] }
    return matrix.weightedGram(weights)
  }
}
