import SurprisalEstimation
import SurprisalLinearAlgebra

/// The factorised information matrix.
///
/// In the limit of separated data there is no information along the directions in which the
/// likelihood increases without bound. Coordinates that depend on others are then held fixed, which
/// changes no contrast that is constant along these directions.
package struct Bread: Sendable {
  private let factor: Cholesky
  /// Coordinates with information; nil for all.
  private let independent: [Int]?
  /// Directions without information.
  private let nullVectors: [[Double]]
  private let dimension: Int

  /// Factorises; every pivot must be above `tolerance` times its diagonal entry.
  init(
    _ matrix: SymmetricMatrix, isLimit: Bool, tolerance: Double = 1e-14
  ) throws(CovarianceReason) {
    dimension = matrix.dimension
    guard isLimit else {
      guard let factor = Cholesky(matrix, tolerance: tolerance) else {
        throw .singular
      }
      self.factor = factor
      independent = nil
      nullVectors = []
      return
    }
    let semidefinite = SemidefiniteCholesky(matrix)
    guard semidefinite.isClear,
      let factor = Cholesky(matrix.restricted(to: semidefinite.independent))
    else {
      throw .undecidedSeparation
    }
    self.factor = factor
    independent = semidefinite.independent
    let isIndependent = Set(semidefinite.independent)
    nullVectors = (0..<matrix.dimension).filter { !isIndependent.contains($0) }.map { index in
      var unit = [Double](repeating: 0, count: matrix.dimension)
      unit[index] = 1
      return semidefinite.nullVector(agreeingWith: unit)
    }
  }

  /// Whether the contrast is constant along all directions without information.
  func determines(_ terms: [Contrast.Term]) -> Bool {
    nullVectors.allSatisfy { vector in
      var (sum, size) = (0.0, 0.0)
      for term in terms {
        sum += term.factor * vector[term.place]
        size += term.factor.magnitude * vector.infinityNorm
      }
      return sum.magnitude <= 1e-7 * size
    }
  }

  /// tr(V M) of a matrix on the same coordinates.
  func trace(with matrix: SymmetricMatrix, threads: any Reducer) -> Double {
    threads.map(count: dimension) { index -> Double in
      let column = (0..<dimension).map { matrix[$0, index] }
      return solve([.init(place: index, factor: 1)]).dot(column)
    }.reduce(0, +)
  }

  /// V a, with V the inverse, or a generalised inverse.
  func solve(_ terms: [Contrast.Term]) -> [Double] {
    var right = [Double](repeating: 0, count: dimension)
    for term in terms { right[term.place] += term.factor }
    guard let independent else { return factor.solve(right) }
    var result = [Double](repeating: 0, count: dimension)
    for (index, value) in zip(independent, factor.solve(independent.map { right[$0] })) {
      result[index] = value
    }
    return result
  }
}
