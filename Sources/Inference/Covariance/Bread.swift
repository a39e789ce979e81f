import SurprisalEstimation
import SurprisalLinearAlgebra

/// The information, factorised.
///
/// In the limit of separated data some directions have no information at all: those along which
/// the likelihood keeps rising. Coordinates that depend on others are then held fixed, which
/// changes nothing for a contrast that these directions leave alone.
package struct Bread: Sendable {
  private let factor: Cholesky
  /// Coordinates with information; nil for all.
  private let independent: [Int]?
  /// Directions without information.
  private let nullVectors: [[Double]]
  private let dimension: Int

  /// A pivot of the matrix is above `tolerance` times its diagonal entry, or there is no bread.
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

  /// Whether no direction without information changes the contrast.
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
