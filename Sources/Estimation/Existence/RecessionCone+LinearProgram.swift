import SurprisalLinearAlgebra
import SurprisalOptimization

extension RecessionCone {
  /// Lets a linear program decide (Konis 2007): of all directions with coefficients in [-1, 1] that
  /// keep every class with a share on a par, the one with the largest sum of differences.
  ///
  /// What is solved is the dual, `min |c + sum λ a + sum μ e|₁` with λ >= 0: it starts feasible
  /// without constraints and takes them as columns, the most violated ones first. An optimum of
  /// zero is a positive combination of all constraints that vanishes, which leaves no direction;
  /// the multipliers of a positive one are a direction.
  func solveProgram(
    _ standings: ClassStandings, _ space: DirectionSpace, _ workLeft: inout Double
  ) -> Finding {
    var program = ConstraintProgram(self, standings, space)
    while true {
      guard program.solve(&workLeft) else {
        return .undecided(workLeft > 0 ? .precision : .workLimit)
      }
      if program.objective <= ConstraintProgram.zeroObjective { break }
      workLeft -= passWork
      guard workLeft > 0 else { return .undecided(.workLimit) }
      if !program.addViolatedConstraints() { break }
    }
    if program.objective > ConstraintProgram.zeroObjective {
      if let found = verify(snap(program.direction), standings) { return .direction(found) }
      if let found = verify(program.direction, standings) { return .direction(found) }
      if let found = round(program.direction, standings) { return .direction(found) }
    }
    if space.isClear, let margin = program.margin() {
      return .proof(.linearProgram(margin: margin))
    }
    return .undecided(.precision)
  }
}

/// The dual program with the constraints added so far.
struct ConstraintProgram {
  /// Optima up to this, relative to the sum of all constraints, are looked at as zero; the proof is
  /// made afterwards and does not depend on it.
  static let zeroObjective = 1e-10
  /// Relative violations up to this are none.
  private static let violationTolerance = 1e-10

  private struct Constraint {
    let row: Int
    let index: Int
    /// The length by which its column was divided.
    let length: Double
  }

  private let cone: RecessionCone
  private let standings: ClassStandings
  private let space: DirectionSpace
  /// Place of each coefficient among the independent ones.
  private let places: [Int?]
  /// What the sum of all constraints was divided by.
  private let scale: Double
  private let scores: ScoreSum
  private var simplex: Simplex
  private var constraints: [Constraint] = []
  private var solution: LinearProgramSolution?

  init(_ cone: RecessionCone, _ standings: ClassStandings, _ space: DirectionSpace) {
    self.cone = cone
    self.standings = standings
    self.space = space
    var places = [Int?](repeating: nil, count: cone.parameterCount)
    for (place, index) in space.independent.enumerated() { places[index] = place }
    self.places = places
    let scores = ScoreSum(cone.design, classCount: cone.classCount) { row, index in
      guard let leader = standings.leaders[row] else { return 0 }
      guard index == leader else { return standings[row, class: index] == .excluded ? -1 : 0 }
      return Double(
        (0..<cone.classCount).reduce(0) {
          $0 + (standings[row, class: $1] == .excluded ? 1 : 0)
        })
    }
    let total = space.independent.map { scores.sum[$0] }
    let scale = max(total.infinityNorm, .leastNormalMagnitude)
    var program = LinearProgram(rightSide: total.map { $0 / scale })
    for place in total.indices {
      program.addColumn(cost: 1, entries: [(place, 1)])
      program.addColumn(cost: 1, entries: [(place, -1)])
    }
    self.scores = scores
    self.scale = scale
    simplex = Simplex(program)
  }

  /// Goes on to the optimum with the constraints so far; false where it was not reached.
  mutating func solve(_ workLeft: inout Double) -> Bool {
    let size = Double(space.rank)
    let entries = 2 * Double(cone.design.columnCount)
    let stepWork = 2 * size * size + entries * (size + Double(constraints.count)) + 1
    let before = solution?.iterations ?? 0
    let allowed = min(max(workLeft, 0) / stepWork, 1e7)
    let found = simplex.solve(iterationLimit: before + Int(allowed))
    workLeft -= stepWork * Double(found.iterations - before)
    solution = found
    if found.status == .iterationLimit { workLeft = 0 }
    return found.status == .optimal
  }

  /// The optimum so far, relative to the sum of all constraints.
  var objective: Double { solution?.objective ?? .infinity }

  /// The direction of the multipliers.
  var direction: [Double] {
    var result = [Double](repeating: 0, count: cone.parameterCount)
    guard let multipliers = solution?.multipliers else { return result }
    for (place, index) in space.independent.enumerated() { result[index] = multipliers[place] }
    return result
  }

  /// Adds the worst violated constraint of each row, the worst rows first; false if there is none.
  mutating func addViolatedConstraints() -> Bool {
    var violated: [(violation: Double, constraint: Constraint)] = []
    let direction = direction
    let (classCount, standings) = (cone.classCount, standings)
    cone.design.forEachLogitBlock(of: direction, classCount: classCount) { rows, units, stride in
      for (place, row) in rows.enumerated() {
        guard let leader = standings.leaders[row] else { continue }
        var worst: (violation: Double, index: Int)?
        for index in 0..<classCount where index != leader {
          let standing = standings[row, class: index]
          guard standing != .free else { continue }
          let lead = units[leader * stride + place] - units[index * stride + place]
          let violation = standing == .supported ? lead.magnitude : -lead
          if violation > worst?.violation ?? 0 { worst = (violation, index) }
        }
        let length = cone.design.rowLengths[row]
        guard let worst, worst.violation > Self.violationTolerance * length else { continue }
        let constraint = Constraint(row: row, index: worst.index, length: length)
        violated.append((worst.violation / length, constraint))
      }
    }
    violated.sort { ($1.violation, $0.constraint.row) < ($0.violation, $1.constraint.row) }
    for item in violated.prefix(max(16, space.rank / 8)) { add(item.constraint) }
    return !violated.isEmpty
  }

  private mutating func add(_ constraint: Constraint) {
    constraints.append(constraint)
    guard let leader = standings.leaders[constraint.row] else { return }
    let width = cone.design.columnCount
    var entries: [(row: Int, value: Double)] = []
    for column in 0..<width {
      let value = cone.design.matrix[constraint.row, column] / constraint.length
      if let place = places[leader * width + column] { entries.append((place, -value)) }
      if let place = places[constraint.index * width + column] { entries.append((place, value)) }
    }
    let isTie = standings[constraint.row, class: constraint.index] == .supported
    simplex.addColumn(cost: 0, lower: isTie ? -.infinity : 0, entries: entries)
  }

  /// The proof that there is no direction: what is left of the combination of constraints against
  /// the curvature of their sum.
  func margin() -> Double? {
    guard let solution else { return nil }
    var rest = scores
    let first = 2 * space.rank
    let width = cone.design.columnCount
    for (offset, constraint) in constraints.enumerated() {
      guard let leader = standings.leaders[constraint.row] else { continue }
      let isTie = standings[constraint.row, class: constraint.index] == .supported
      let multiplier = solution.point[first + offset]
      let factor = (isTie ? multiplier : max(multiplier, 0)) * scale / constraint.length
      guard factor != 0 else { continue }
      for column in 0..<width {
        let value = factor * cone.design.matrix[constraint.row, column]
        rest.add(value, at: leader * width + column)
        rest.add(-value, at: constraint.index * width + column)
      }
    }
    return cone.margin(space.gram, rest, standings, space)
  }
}
