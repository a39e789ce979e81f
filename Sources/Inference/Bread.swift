import SurprisalLinearAlgebra

/// The information, factorised.
///
/// In the limit of separated data some directions have no information at all: those along which
/// the likelihood keeps rising. Coordinates that depend on others are then held fixed, which
/// changes nothing for a contrast that these directions leave alone.
struct Bread: Sendable {
  static let singular =
    "the information matrix is singular or indefinite at the solution: the data do not determine "
    + "the coefficients"

  private let factor: Cholesky
  /// Coordinates with information; nil for all.
  private let independent: [Int]?
  /// Directions without information.
  private let nullVectors: [[Double]]
  private let dimension: Int

  init(_ matrix: SymmetricMatrix, isLimit: Bool) throws(Unavailable) {
    dimension = matrix.dimension
    guard isLimit else {
      guard let factor = Cholesky(matrix) else { throw Unavailable(reason: Self.singular) }
      self.factor = factor
      independent = nil
      nullVectors = []
      return
    }
    let semidefinite = SemidefiniteCholesky(matrix)
    guard semidefinite.isClear,
      let factor = Cholesky(matrix.restricted(to: semidefinite.independent))
    else {
      throw Unavailable(reason: "rounding decides which coefficients are infinite")
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
