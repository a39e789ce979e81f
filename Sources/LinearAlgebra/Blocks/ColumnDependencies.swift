/// The columns of an N x D matrix that are linear combinations of earlier columns.
///
/// As in R, of several dependent columns the first ones are kept. With an intercept the column of
/// ones comes first, so a constant column is aliased with it. Only rows of positive weight are
/// used, and otherwise weights do not matter: rank does not depend on them.
///
/// A column is dependent if its residual after projection on the earlier ones is at most
/// `tolerance` times its length (its length about its mean if there is an intercept), or at most
/// what rounding of the entries and of the combination explains. Scaling a column, or shifting it
/// if there is an intercept, does not change the result.
public struct ColumnDependencies: Sendable, Equatable {
  /// One column in a linear combination.
  public struct Term: Sendable, Equatable, Codable {
    /// Index of the column.
    public let column: Int
    /// Its coefficient.
    public let coefficient: Double

    package init(column: Int, coefficient: Double) {
      self.column = column
      self.coefficient = coefficient
    }
  }

  /// A column that is determined by earlier ones: `x[column] = interceptCoefficient + sum of
  /// coefficient * x[term.column]`, on the rows of positive weight.
  public struct Aliased: Sendable, Equatable, Codable {
    /// Index of the column.
    public let column: Int
    /// Independent columns in ascending order; empty for a constant column.
    public let combination: [Term]
    /// The constant of the combination; 0 if there is no intercept.
    public let interceptCoefficient: Double

    package init(column: Int, combination: [Term], interceptCoefficient: Double) {
      self.column = column
      self.combination = combination
      self.interceptCoefficient = interceptCoefficient
    }

    private enum CodingKeys: String, CodingKey {
      case column
      case combination = "terms"
      case interceptCoefficient = "constant"
    }

    /// Whether the combination holds in a row, up to a millionth of the size of its terms.
    package func holds(in row: [Double]) -> Bool {
      var sum = interceptCoefficient - row[column]
      var size = max(interceptCoefficient.magnitude, row[column].magnitude)
      for term in combination {
        let part = term.coefficient * row[term.column]
        sum += part
        size = max(size, part.magnitude)
      }
      return sum.magnitude <= 1e-6 * size
    }
  }

  /// A column is dependent if residual / length is at most this.
  public static let tolerance = 1e-9

  /// The independent columns, ascending.
  public let independent: [Int]
  /// The columns that are combinations of those, ascending.
  public let aliased: [Aliased]
  /// The rank of the matrix, including the column of ones if there is an intercept.
  public let rank: Int

  /// Examines the columns of a matrix of finite numbers.
  ///
  /// `weights` has one weight per row, which is a precondition; nil means that all rows are used.
  /// Full rank is first checked with the correlation matrix, with a wide margin. If that is not
  /// conclusive, the rows are reduced orthogonally and Gram-Schmidt is applied to the columns,
  /// twice ("twice is enough", Giraud, Langou & Rozložník, doi:10.1016/j.camwa.2005.08.009).
  /// Complexity: O(N D min(N, D)) time; O(D min(N, D)) memory besides the matrix.
  public init(
    of features: BlockedMatrix, weights: [Double]? = nil, includesIntercept: Bool,
    threads: any Reducer = .one
  ) {
    precondition(weights.map { $0.count >= features.rowCount } ?? true)
    let counts = (0..<features.rowCount).map { row in weights.map { $0[row] > 0 } ?? true }
    let rows = ActiveRows(counts: counts)
    let all = Array(0..<features.columnCount)
    if rows.count > all.count,
      Self.isClearlyIndependent(features, rows, includesIntercept, threads)
    {
      self.init(independent: all, aliased: [], rank: all.count + (includesIntercept ? 1 : 0))
      return
    }
    var elimination = ColumnElimination(
      of: features, rows: rows, includesIntercept: includesIntercept)
    elimination.run()
    self.init(
      independent: elimination.independent, aliased: elimination.aliased,
      rank: elimination.independent.count + (includesIntercept && rows.count > 0 ? 1 : 0))
  }

  private init(independent: [Int], aliased: [Aliased], rank: Int) {
    self.independent = independent
    self.aliased = aliased
    self.rank = rank
  }
}

/// The rows of positive weight.
struct ActiveRows {
  /// One entry per row.
  let counts: [Bool]
  /// The number of active rows.
  let count: Int
  /// The first active row.
  let first: Int?

  init(counts: [Bool]) {
    self.counts = counts
    count = counts.reduce(0) { $0 + ($1 ? 1 : 0) }
    first = counts.firstIndex(of: true)
  }

  /// 1 for active rows, 0 for others and for the padding of the last block.
  var indicators: [Double] {
    var result = [Double](repeating: 0, count: BlockedMatrix.paddedRowCount(counts.count))
    for (row, isActive) in counts.enumerated() where isActive { result[row] = 1 }
    return result
  }
}
