import SurprisalLinearAlgebra

/// The primal simplex method for bounded variables, with an explicit inverse of the basis.
///
/// For programs of up to about a thousand equations and any number of columns. Entering variables
/// are chosen by reduced cost relative to the length of the column, leaving variables by the
/// two-pass ratio test of Harris (doi:10.1007/BF01580108). After a run of degenerate steps it
/// switches to Bland's rule (doi:10.1287/moor.2.2.103), which cannot cycle, until a step makes
/// progress. Ties go to the lowest index: the same program always takes the same steps.
///
/// Columns can be added between calls of `solve`, which then continues from the present basis.
public struct Simplex: Sendable {
  /// Reduced costs up to this, relative to the length of the column, are treated as zero.
  static let costTolerance = 1e-10
  /// The largest violation of a bound by a basic variable.
  static let boundTolerance = 1e-10
  /// Entries of a step up to this do not limit it.
  static let pivotTolerance = 1e-9

  /// The program with the columns added so far.
  public internal(set) var program: LinearProgram

  /// The basic column of each row; -1 - row denotes the artificial variable of that row.
  var basis: [Int]
  var basicValues: [Double]
  /// Rows of the inverse of the basis.
  var inverse: [[Double]]
  /// The values of all columns; those of basic ones are kept in `basicValues`.
  var values: [Double]
  var isBasic: [Bool]
  /// The entry of each row's artificial variable: 1 or -1.
  var artificialSigns: [Double]
  var multipliers: [Double]
  var isFirstPhase = true
  var iterations = 0
  var idleSteps = 0
  var stepsSinceInversion = 0

  /// Starts from single-entry columns if they can be basic, otherwise from artificial variables.
  public init(_ program: LinearProgram) {
    self.program = program
    let rowCount = program.rowCount
    basis = (0..<rowCount).map { -1 - $0 }
    basicValues = []
    inverse = []
    values = program.costs.indices.map { Self.restingValue(program, $0) }
    isBasic = [Bool](repeating: false, count: program.columnCount)
    artificialSigns = [Double](repeating: 1, count: rowCount)
    multipliers = [Double](repeating: 0, count: rowCount)
    chooseFirstBasis()
  }

  /// Adds a variable at the bound nearest to zero, or at zero if it is free.
  public mutating func addColumn(
    cost: Double, lower: Double = 0, upper: Double = .infinity,
    entries: [(row: Int, value: Double)]
  ) {
    program.addColumn(cost: cost, lower: lower, upper: upper, entries: entries)
    let value = Self.restingValue(program, program.columnCount - 1)
    values.append(value)
    isBasic.append(false)
    guard value != 0 else { return }
    isFirstPhase = true
    _ = invert()
  }

  /// Continues until the optimum, or until the total number of iterations is `iterationLimit`.
  ///
  /// `isCancelled` is called at each iteration; if it returns true, the status is
  /// `.iterationLimit`. Complexity: an iteration takes O(m² + entries), m the number of equations.
  public mutating func solve(
    iterationLimit: Int = .max, isCancelled: () -> Bool = { false }
  ) -> LinearProgramSolution {
    while true {
      let status = runPhase(iterationLimit, isCancelled)
      guard status == .optimal else { return solution(status) }
      guard isFirstPhase else { return solution(.optimal) }
      guard artificialSum <= 1e-8 * (1 + program.rightSide.infinityNorm) else {
        return solution(.infeasible)
      }
      isFirstPhase = false
      computeMultipliers()
    }
  }

  private mutating func runPhase(
    _ iterationLimit: Int, _ isCancelled: () -> Bool
  ) -> LinearProgramSolution.Status {
    var isFresh = false
    while true {
      guard let entering = entering() else {
        if isFresh || isAccurate { return .optimal }
        guard invert() else { return .imprecise }
        isFresh = true
        continue
      }
      guard iterations < iterationLimit, !isCancelled() else { return .iterationLimit }
      switch step(entering) {
      case .done: isFresh = false
      case .unbounded: return isFirstPhase ? .imprecise : .unbounded
      case .imprecise:
        guard !isFresh, invert() else { return .imprecise }
        isFresh = true
      }
    }
  }

  /// The sum of the artificial variables: 0 if the equations hold without them.
  private var artificialSum: Double {
    zip(basis, basicValues).reduce(0) { $0 + ($1.0 < 0 ? $1.1.magnitude : 0) }
  }

  private func solution(_ status: LinearProgramSolution.Status) -> LinearProgramSolution {
    var point = values
    for (row, column) in basis.enumerated() where column >= 0 { point[column] = basicValues[row] }
    return LinearProgramSolution(
      status: status, point: point, multipliers: multipliers,
      objective: point.dot(program.costs), iterations: iterations)
  }

  /// The initial value of a nonbasic variable.
  static func restingValue(_ program: LinearProgram, _ column: Int) -> Double {
    let (lower, upper) = (program.lower[column], program.upper[column])
    if lower.isFinite, upper.isFinite { return lower.magnitude <= upper.magnitude ? lower : upper }
    return lower.isFinite ? lower : upper.isFinite ? upper : 0
  }
}
