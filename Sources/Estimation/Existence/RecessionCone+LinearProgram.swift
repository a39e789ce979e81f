import SurprisalLinearAlgebra
import SurprisalOptimization

extension RecessionCone {
  /// Decides by a linear program (Konis 2007): maximises the sum of differences over all directions
  /// with coefficients in [-1, 1] that keep the logits of every support equal.
  ///
  /// It solves the dual, `min |c + sum λ a + sum μ e|₁` with λ >= 0: this starts feasible without
  /// constraints and adds them as columns, the most violated ones first. If the optimum is zero, a
  /// positive combination of all constraints vanishes, and there is no direction; if it is
  /// positive, the multipliers are a direction.
  func solveProgram(
    _ constraints: LogitConstraints, _ space: DirectionSpace, _ workLeft: inout Double
  ) -> Finding {
    var program = ConstraintProgram(self, constraints, space)
    while true {
      guard program.solve(&workLeft) else {
        return .undecided(isCancelled() || workLeft <= 0 ? .workLimit : .precision)
      }
      if program.objective <= ConstraintProgram.zeroObjective { break }
      guard spend(passWork, &workLeft) else { return .undecided(.workLimit) }
      if !program.addViolatedConstraints() { break }
    }
    if program.objective > ConstraintProgram.zeroObjective {
      if let found = verify(snap(program.direction), constraints) { return .direction(found) }
      if let found = verify(program.direction, constraints) { return .direction(found) }
      if let found = round(program.direction, constraints) { return .direction(found) }
    }
    if space.isClear, let margin = program.margin() {
      return .proof(.linearProgram(margin: margin))
    }
    return .undecided(.precision)
  }
}

/// The dual program with the constraints added so far.
struct ConstraintProgram {
  /// Optima up to this, relative to the sum of all constraints, are treated as zero; the proof is
  /// made afterwards and does not depend on it.
  static let zeroObjective = 1e-10
  /// Relative violations up to this are ignored.
  private static let violationTolerance = 1e-10
  /// The largest number of pivots after each addition of constraints, as a multiple of the size of
  /// the program; programs seldom need more than two or three.
  private static let pivotsAllowed = 20.0

  private struct Edge {
    let row: Int
    let index: Int
    /// The length by which the column was divided.
    let length: Double
  }

  private let cone: RecessionCone
  private let constraints: LogitConstraints
  private let space: DirectionSpace
  /// The position of each coefficient among the independent ones.
  private let places: [Int?]
  /// The divisor of the sum of all constraints.
  private let scale: Double
  private let scores: ScoreSum
  private var simplex: Simplex
  private var edges: [Edge] = []
  /// `row * C + class` of the constraints added so far. Because of rounding one of them may be
  /// reported as violated again; adding it twice would change nothing.
  private var added: Set<Int> = []
  private var solution: LinearProgramSolution?

  init(_ cone: RecessionCone, _ constraints: LogitConstraints, _ space: DirectionSpace) {
    self.cone = cone
    self.constraints = constraints
    self.space = space
    var places = [Int?](repeating: nil, count: cone.parameterCount)
    for (place, index) in space.independent.enumerated() { places[index] = place }
    self.places = places
    let scores = ScoreSum(cone.design, classCount: cone.classCount) { row, index in
      guard let leader = constraints.leaders[row] else { return 0 }
      guard index == leader else { return constraints[row, class: index] == .atMost ? -1 : 0 }
      return Double(
        (0..<cone.classCount).reduce(0) {
          $0 + (constraints[row, class: $1] == .atMost ? 1 : 0)
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

  /// Solves the program with the present constraints; false if the optimum was not reached.
  mutating func solve(_ workLeft: inout Double) -> Bool {
    let size = Double(space.rank)
    let entries = 2 * Double(cone.design.columnCount)
    let stepWork = 2 * size * size + entries * (size + Double(edges.count)) + 1
    let before = solution?.iterations ?? 0
    let usual = Self.pivotsAllowed * (size + Double(edges.count) + 10)
    let allowed = min(max(workLeft, 0) / stepWork, usual)
    let found = simplex.solve(
      iterationLimit: before + Int(allowed), isCancelled: cone.isCancelled)
    workLeft -= stepWork * Double(found.iterations - before)
    solution = found
    if found.status == .iterationLimit, allowed < usual { workLeft = 0 }
    return found.status == .optimal
  }

  /// The present optimum, relative to the sum of all constraints.
  var objective: Double { solution?.objective ?? .infinity }

  /// The direction given by the multipliers.
  var direction: [Double] {
    var result = [Double](repeating: 0, count: cone.parameterCount)
    guard let multipliers = solution?.multipliers else { return result }
    for (place, index) in space.independent.enumerated() { result[index] = multipliers[place] }
    return result
  }

  /// Adds the most violated new constraint of each row, the worst rows first; false if there is
  /// none.
  mutating func addViolatedConstraints() -> Bool {
    var violated: [(violation: Double, edge: Edge)] = []
    let direction = direction
    let (classCount, constraints) = (cone.classCount, constraints)
    cone.design.forEachLogitBlock(of: direction, classCount: classCount) { rows, units, stride in
      for (place, row) in rows.enumerated() {
        guard let leader = constraints.leaders[row] else { continue }
        var worst: (violation: Double, index: Int)?
        for index in 0..<classCount
        where index != leader && !added.contains(row * classCount + index) {
          let constraint = constraints[row, class: index]
          guard constraint != .free else { continue }
          let lead = units[leader * stride + place] - units[index * stride + place]
          let violation = constraint == .equal ? lead.magnitude : -lead
          if violation > worst?.violation ?? 0 { worst = (violation, index) }
        }
        let length = cone.design.rowLengths[row]
        guard let worst, worst.violation > Self.violationTolerance * length else { continue }
        let edge = Edge(row: row, index: worst.index, length: length)
        violated.append((worst.violation / length, edge))
      }
    }
    violated.sort { ($1.violation, $0.edge.row) < ($0.violation, $1.edge.row) }
    for item in violated.prefix(max(16, space.rank / 8)) { add(item.edge) }
    return !violated.isEmpty
  }

  private mutating func add(_ edge: Edge) {
    edges.append(edge)
    added.insert(edge.row * cone.classCount + edge.index)
    guard let leader = constraints.leaders[edge.row] else { return }
    let width = cone.design.columnCount
    var entries: [(row: Int, value: Double)] = []
    for column in 0..<width {
      let value = cone.design.matrix[edge.row, column] / edge.length
      if let place = places[leader * width + column] { entries.append((place, -value)) }
      if let place = places[edge.index * width + column] { entries.append((place, value)) }
    }
    let isTie = constraints[edge.row, class: edge.index] == .equal
    simplex.addColumn(cost: 0, lower: isTie ? -.infinity : 0, entries: entries)
  }

  /// The margin of the proof that there is no direction: the curvature of the sum of the
  /// constraints, relative to the remainder of their combination.
  func margin() -> Double? {
    guard let solution else { return nil }
    var rest = scores
    let first = 2 * space.rank
    let width = cone.design.columnCount
    for (offset, edge) in edges.enumerated() {
      guard let leader = constraints.leaders[edge.row] else { continue }
      let isTie = constraints[edge.row, class: edge.index] == .equal
      let multiplier = solution.point[first + offset]
      let factor = (isTie ? multiplier : max(multiplier, 0)) * scale / edge.length
      guard factor != 0 else { continue }
      for column in 0..<width {
        let value = factor * cone.design.matrix[edge.row, column]
        rest.add(value, at: leader * width + column)
        rest.add(-value, at: edge.index * width + column)
      }
    }
    return cone.margin(space.gram, rest, constraints, space)
  }
}
