/// Which columns of an N x D matrix are linear combinations of columns before them.
///
/// Of several columns that depend on each other the later ones give way, as in R: the columns that
/// stay are the first ones that span everything. With an intercept the column of ones comes before
/// all others, so a constant column is aliased with it. Only rows of positive weight count, and the
/// weights count only by their sign: rank does not depend on them.
///
/// A column is dependent when what the earlier ones leave of it is at most `tolerance` times its
/// length (its length about its mean when there is an intercept), or at most what rounding of the
/// entries and of the combination explains. Scaling a column, or shifting it when there is an
/// intercept, does not change the answer.
public struct ColumnDependencies: Sendable, Equatable {
  /// One column in a linear combination.
  public struct Term: Sendable, Equatable, Codable {
    /// Index of the column.
    public let column: Int
    /// What it is multiplied by.
    public let coefficient: Double

    package init(column: Int, coefficient: Double) {
      self.column = column
      self.coefficient = coefficient
    }
  }

  /// A column that earlier ones determine:
  /// `x[column] = interceptCoefficient + sum of coefficient * x[term.column]`, on the rows that
  /// count.
  public struct Aliased: Sendable, Equatable, Codable {
    /// Index of the column.
    public let column: Int
    /// Independent columns in ascending order; empty for a constant column.
    public let combination: [Term]
    /// The constant of the combination, 0 when there is no intercept.
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

    /// Whether the combination holds in a row, to a millionth of the size of its terms.
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

  /// Residual over length at or under which a column is dependent.
  public static let tolerance = 1e-9

  /// Columns that stay, ascending.
  public let independent: [Int]
  /// Columns that are combinations of those, ascending.
  public let aliased: [Aliased]
  /// The rank of the matrix, the column of ones included when there is an intercept.
  public let rank: Int

  /// Examines the columns of a matrix of finite numbers.
  ///
  /// `weights` holds one weight a row; nil means that all rows count. Full rank is first tried on
  /// the correlation matrix, with a wide margin; what is less clear goes through an orthogonal
  /// reduction of the rows and Gram-Schmidt on columns, applied twice ("twice is enough", Giraud,
  /// Langou & Rozložník, doi:10.1016/j.camwa.2005.08.009).
  /// Complexity: O(N D min(N, D)) time; O(D min(N, D)) memory beside the matrix.
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

/// The rows that count.
struct ActiveRows {
  /// One entry a row.
  let counts: [Bool]
  /// How many rows count.
  let count: Int
  /// The first of them.
  let first: Int?

  init(counts: [Bool]) {
    self.counts = counts
    count = counts.reduce(0) { $0 + ($1 ? 1 : 0) }
    first = counts.firstIndex(of: true)
  }

  /// One for rows that count, zero for others and for the padding of the last block.
  var indicators: [Double] {
    var result = [Double](repeating: 0, count: BlockedMatrix.paddedRowCount(counts.count))
    for (row, isActive) in counts.enumerated() where isActive { result[row] = 1 }
    return result
  }
}
