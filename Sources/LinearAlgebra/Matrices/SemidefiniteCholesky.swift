import SurprisalKernels

/// The Cholesky factor of a symmetric positive semi-definite matrix on a set of independent rows.
///
/// Rows keep their order: a row whose pivot is rounding error depends on earlier rows and is left
/// out. A Gram matrix contains the lengths of residuals only as squares, so it cannot distinguish
/// dependence from near dependence; `isClear` is false if there are pivots in between.
public struct SemidefiniteCholesky: Sendable {
  /// Pivots up to this, relative to the diagonal, are taken for rounding.
  public static let roundingPivot = 1e-13
  /// Pivots from this on are taken for independent rows.
  public static let clearPivot = 1e-10

  /// Rows that do not depend on earlier rows, ascending.
  public let independent: [Int]
  /// Whether no pivot was between `roundingPivot` and `clearPivot`.
  public let isClear: Bool

  private let matrix: SymmetricMatrix
  /// Row i of the factor on the independent rows, i + 1 entries.
  private let factor: [[Double]]

  /// Factorises. Complexity: O(n r²), r the rank.
  public init(_ matrix: SymmetricMatrix) {
    var independent: [Int] = []
    var factor: [[Double]] = []
    var isClear = true
    for row in 0..<matrix.dimension {
      let diagonal = matrix[row, row]
      guard diagonal > 0 else { continue }
      var entries = independent.map { matrix[row, $0] }
      entries.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        for place in buffer.indices {
          let other = factor[place]
          base[place] = (base[place] - surprisal_dot(place, base, other)) / other[place]
        }
      }
      let pivot = diagonal - surprisal_dot(entries.count, entries, entries)
      guard pivot > Self.roundingPivot * diagonal else { continue }
      if pivot < Self.clearPivot * diagonal { isClear = false }
      entries.append(pivot.squareRoot())
      independent.append(row)
      factor.append(entries)
    }
    self.matrix = matrix
    self.independent = independent
    self.isClear = isClear
    self.factor = factor
  }

  /// The rank.
  public var rank: Int { independent.count }

  /// The null vector that equals `vector` outside the independent rows. Complexity: O(n r).
  public func nullVector(agreeingWith vector: [Double]) -> [Double] {
    precondition(vector.count == matrix.dimension)
    var result = vector
    for row in independent { result[row] = 0 }
    let free = result.indices.filter { result[$0] != 0 }
    var solution = independent.map { row in
      -free.reduce(0) { $0 + matrix[row, $1] * result[$1] }
    }
    for place in solution.indices {
      let known = surprisal_dot(place, factor[place], solution)
      solution[place] = (solution[place] - known) / factor[place][place]
    }
    for place in solution.indices.reversed() {
      solution[place] /= factor[place][place]
      surprisal_add_scaled(place, -solution[place], factor[place], &solution)
    }
    for (place, row) in independent.enumerated() { result[row] = solution[place] }
    return result
  }
}
