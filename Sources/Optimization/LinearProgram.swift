/// Minimise `cost · x` subject to `A x = rightSide` and `lower <= x <= upper`, stored by columns.
///
/// An inequality is an equation with one more column, a slack; a free variable has infinite bounds.
/// Columns are sparse and can be added between calls of `Simplex.solve`: constraint generation for
/// one program is column generation for its dual.
public struct LinearProgram: Sendable {
  /// The right-hand side of the equations, one entry per row.
  public let rightSide: [Double]
  /// Cost of each column.
  public private(set) var costs: [Double] = []
  /// Lower bound of each column, -infinity if there is none.
  public private(set) var lower: [Double] = []
  /// Upper bound of each column, infinity if there is none.
  public private(set) var upper: [Double] = []

  /// Entries of column j are at `starts[j]..<starts[j + 1]`.
  private(set) var starts: [Int] = [0]
  private(set) var rows: [Int32] = []
  private(set) var values: [Double] = []
  /// `sqrt(1 + |a|²)` of each column a: makes steps along different columns comparable.
  private(set) var lengths: [Double] = []

  /// A program without columns.
  public init(rightSide: [Double]) {
    self.rightSide = rightSide
  }

  /// The number of equations.
  public var rowCount: Int { rightSide.count }
  /// The number of variables.
  public var columnCount: Int { costs.count }

  /// Adds a variable with `entries` of the matrix, each in a row of its own.
  public mutating func addColumn(
    cost: Double, lower: Double = 0, upper: Double = .infinity,
    entries: [(row: Int, value: Double)]
  ) {
    precondition(lower <= upper, "a variable needs a lower bound that is not above its upper bound")
    var square = 1.0
    for (row, value) in entries where value != 0 {
      precondition(row >= 0 && row < rowCount)
      rows.append(Int32(truncatingIfNeeded: row))
      values.append(value)
      square += value * value
    }
    starts.append(rows.count)
    costs.append(cost)
    self.lower.append(lower)
    self.upper.append(upper)
    lengths.append(square.squareRoot())
  }

  /// `vector · a`, a the column.
  func product(ofColumn column: Int, with vector: [Double]) -> Double {
    var sum = 0.0
    for place in starts[column]..<starts[column + 1] {
      sum += values[place] * vector[Int(rows[place])]
    }
    return sum
  }

  /// `vector += factor * a`, a the column.
  func add(_ factor: Double, timesColumn column: Int, to vector: inout [Double]) {
    for place in starts[column]..<starts[column + 1] {
      vector[Int(rows[place])] += factor * values[place]
    }
  }

  /// The only entry of a column that has one.
  func singleEntry(ofColumn column: Int) -> (row: Int, value: Double)? {
    guard starts[column + 1] == starts[column] + 1 else { return nil }
    return (Int(rows[starts[column]]), values[starts[column]])
  }
}

/// The result of a linear program.
public struct LinearProgramSolution: Sendable, Equatable {
  /// Why the search ended.
  public enum Status: Sendable, Equatable {
    /// No variable can lower the objective.
    case optimal
    /// No point satisfies equations and bounds.
    case infeasible
    /// The objective decreases without bound.
    case unbounded
    /// The iteration limit was reached; the point is the best so far.
    case iterationLimit
    /// Rounding stopped the search.
    case imprecise
  }

  /// Why the search ended.
  public let status: Status
  /// One value per column.
  public let point: [Double]
  /// One multiplier per equation: the derivative of the optimum with respect to its right-hand
  /// side.
  public let multipliers: [Double]
  /// `cost · point`.
  public let objective: Double
  /// Basis changes and bound flips so far.
  public let iterations: Int
}
