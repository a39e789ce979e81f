/// Minimise `cost · x` subject to `A x = rightSide` and `lower <= x <= upper`, column by column.
///
/// An inequality is an equation with one more column, a slack; a free variable has infinite bounds.
/// Columns are sparse and may be added while a `Simplex` works: constraint generation on one
/// program is column generation on its dual.
public struct LinearProgram: Sendable {
  /// The right side of the equations, one entry a row.
  public let rightSide: [Double]
  /// Cost of each column.
  public private(set) var costs: [Double] = []
  /// Lower bound of each column, -infinity where there is none.
  public private(set) var lower: [Double] = []
  /// Upper bound of each column, infinity where there is none.
  public private(set) var upper: [Double] = []

  /// Entries of column j are at `starts[j]..<starts[j + 1]`.
  private(set) var starts: [Int] = [0]
  private(set) var rows: [Int32] = []
  private(set) var values: [Double] = []
  /// Lengths that make steps along different columns comparable: `sqrt(1 + |a|²)`.
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

/// What a linear program came to.
public struct LinearProgramSolution: Sendable, Equatable {
  /// How the search ended.
  public enum Status: Sendable, Equatable {
    /// No variable can lower the objective.
    case optimal
    /// No point satisfies equations and bounds.
    case infeasible
    /// The objective falls without end.
    case unbounded
    /// The iterations allowed were used up; the point is the best so far.
    case iterationLimit
    /// Rounding stopped the search.
    case imprecise
  }

  /// How the search ended.
  public let status: Status
  /// One value a column.
  public let point: [Double]
  /// One multiplier an equation: how the optimum changes with its right side.
  public let multipliers: [Double]
  /// `cost · point`.
  public let objective: Double
  /// Basis changes and bound flips so far.
  public let iterations: Int
}
