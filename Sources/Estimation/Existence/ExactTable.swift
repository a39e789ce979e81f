import SurprisalLinearAlgebra

/// A matrix of rational numbers with a common denominator, for elimination and the simplex method
/// without fractions: entries remain whole numbers, which are minors of the original matrix
/// (Edmonds 1967; Bareiss, doi:10.1090/S0025-5718-1968-0226829-0).
struct ExactTable {
  private(set) var rows: [[BigInteger]]
  /// The common denominator, positive: the entries of the matrix are those of `rows` divided by it.
  private(set) var denominator = BigInteger.one
  /// An estimate of the work done so far, in products of words.
  private(set) var work = 0.0

  init(_ rows: [[BigInteger]]) { self.rows = rows }

  mutating func negate(row: Int) { rows[row] = rows[row].map { -$0 } }

  /// Keeps only some rows.
  mutating func keep(rows kept: [Int]) { rows = kept.map { rows[$0] } }

  /// Makes a column of all rows a unit vector, by adding multiples of a row in which it is not
  /// zero. The row is negated if the entry is negative.
  mutating func pivot(row pivot: Int, column: Int) {
    if rows[pivot][column].isNegative { negate(row: pivot) }
    let line = rows[pivot]
    let entry = line[column]
    let size = Double(entry.words.count * (entry.words.count + 4) + 20)
    for row in rows.indices where row != pivot {
      let factor = rows[row][column]
      for place in line.indices {
        let value = rows[row][place]
        if value.isZero, line[place].isZero || factor.isZero { continue }
        let product = value * entry - factor * line[place]
        rows[row][place] = product.dividedExactly(by: denominator)
      }
      work += Double(line.count) * size
    }
    denominator = entry
  }
}

/// Decides exactly whether `a · B >= 0` for all `inequalities` and `a · B = 0` for all `equations`
/// has a solution with `a · B > 0` for some inequality.
///
/// If not, and only then, minus the sum of the inequalities is a combination of them, with factors
/// that are not negative, and of the equations (Farkas). The simplex method searches for these
/// factors; if there are none, its multipliers are a solution.
struct ExactProgram {
  enum Result {
    /// There is no solution.
    case proof
    /// A solution, and the values `a · B` of the inequalities up to a common positive factor.
    case direction([BigInteger], values: [BigInteger])
    /// The work limit was reached.
    case stopped
  }

  private var table: ExactTable
  private let inequalityCount: Int
  private let dimension: Int
  /// The column of each row's basic variable; nil while it is the row's artificial one.
  private var basis: [Int?]

  init(inequalities: [[BigInteger]], equations: [[BigInteger]], dimension: Int) {
    inequalityCount = inequalities.count
    self.dimension = dimension
    let vectors = inequalities + equations
    table = ExactTable(
      (0..<dimension).map { place in
        let entries = vectors.map { $0[place] }
        let unit = (0..<dimension).map { $0 == place ? BigInteger.one : .zero }
        let sum = inequalities.reduce(BigInteger.zero) { $0 + $1[place] }
        return entries + unit + [-sum]
      })
    basis = []
    var open = Array(0..<dimension)
    for column in inequalities.count..<vectors.count {
      guard let row = open.first(where: { !table.rows[$0][column].isZero }) else { continue }
      table.pivot(row: row, column: column)
      open.removeAll { $0 == row }
    }
    table.keep(rows: open)
    for row in open.indices where table.rows[row].last?.isNegative ?? false {
      table.negate(row: row)
    }
    basis = open.map { _ in nil }
  }

  mutating func solve(workLimit: Double, isCancelled: () -> Bool) -> Result {
    var stalled = 0
    while true {
      let artificial = basis.indices.filter { basis[$0] == nil }
      if artificial.allSatisfy({ table.rows[$0].last?.isZero ?? true }) { return .proof }
      guard table.work <= workLimit, !isCancelled() else { return .stopped }
      let sums = (0..<inequalityCount).map { column in
        artificial.reduce(BigInteger.zero) { $0 + table.rows[$1][column] }
      }
      // The largest entry converges fast; the first entry (Bland's rule) never cycles.
      let isBland = stalled > dimension
      var entering: Int?
      for column in sums.indices where sums[column].isPositive {
        if let best = entering, isBland || !(sums[best] < sums[column]) { continue }
        entering = column
      }
      guard let column = entering, let row = leaving(column) else {
        let start = table.rows.first.map { $0.count - 1 - dimension } ?? 0
        let direction = (0..<dimension).map { place in
          artificial.reduce(BigInteger.zero) { $0 - table.rows[$1][start + place] }
        }
        return .direction(direction, values: sums.map { -$0 })
      }
      stalled = table.rows[row].last?.isZero ?? true ? stalled + 1 : 0
      table.pivot(row: row, column: column)
      basis[row] = column
    }
  }

  /// The row whose basic variable reaches zero first; in a tie an artificial one, then the first
  /// column.
  private func leaving(_ column: Int) -> Int? {
    var best: Int?
    for row in basis.indices where table.rows[row][column].isPositive {
      guard let old = best else {
        best = row
        continue
      }
      guard let value = table.rows[row].last, let other = table.rows[old].last else { continue }
      let order = value * table.rows[old][column] - other * table.rows[row][column]
      if order.isNegative || (order.isZero && basis[row] ?? -1 < basis[old] ?? -1) { best = row }
    }
    return best
  }
}

/// The linear span of vectors, in exact arithmetic.
struct ExactSpan {
  private var table: ExactTable
  /// Row and column of each pivot.
  private var pivots: [(row: Int, column: Int)] = []

  init(_ vectors: [[BigInteger]]) {
    table = ExactTable(vectors)
    for row in vectors.indices {
      guard let column = table.rows[row].firstIndex(where: { !$0.isZero }) else { continue }
      table.pivot(row: row, column: column)
      pivots.append((row, column))
    }
  }

  func contains(_ vector: [BigInteger]) -> Bool {
    var rest = vector.map { $0 * table.denominator }
    for (row, column) in pivots where !vector[column].isZero {
      for place in rest.indices {
        rest[place] = rest[place] - vector[column] * table.rows[row][place]
      }
    }
    return rest.allSatisfy(\.isZero)
  }
}
