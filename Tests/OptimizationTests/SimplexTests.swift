import Foundation
import SurprisalOptimization
import Testing

@Suite struct SimplexTests {
  /// A program with inequalities, each with a slack.
  static func program(
    cost: [Double], less: [[Double]], lessBound: [Double], equal: [[Double]] = [],
    equalBound: [Double] = [], lower: [Double?]? = nil, upper: [Double?]? = nil
  ) -> LinearProgram {
    var program = LinearProgram(rightSide: lessBound + equalBound)
    let rows = less + equal
    for column in cost.indices {
      program.addColumn(
        cost: cost[column], lower: lower.map { $0[column] ?? -.infinity } ?? 0,
        upper: upper.map { $0[column] ?? .infinity } ?? .infinity,
        entries: rows.indices.map { ($0, rows[$0][column]) })
    }
    for row in less.indices { program.addColumn(cost: 0, entries: [(row, 1)]) }
    return program
  }

  static func solve(_ program: LinearProgram, limit: Int = 10_000) -> LinearProgramSolution {
    var simplex = Simplex(program)
    return simplex.solve(iterationLimit: limit)
  }

  @Test func aSmallProgram() {
    // Maximise 3x + 5y: x <= 4, 2y <= 12, 3x + 2y <= 18 has its optimum 36 at (2, 6).
    let solution = Self.solve(
      Self.program(cost: [-3, -5], less: [[1, 0], [0, 2], [3, 2]], lessBound: [4, 12, 18]))
    #expect(solution.status == .optimal)
    #expect((solution.objective + 36).magnitude < 1e-12)
    #expect((solution.point[0] - 2).magnitude < 1e-12)
    #expect((solution.point[1] - 6).magnitude < 1e-12)
    // Its multipliers are 0, 3/2 and 1 (with the sign of a minimum).
    for (found, expected) in zip(solution.multipliers, [0, -1.5, -1]) {
      #expect((found - expected).magnitude < 1e-12)
    }
  }

  @Test func infeasibleAndUnbounded() {
    let infeasible = Self.program(cost: [1], less: [[1], [-1]], lessBound: [1, -2])
    #expect(Self.solve(infeasible).status == .infeasible)
    let contradiction = Self.program(
      cost: [0, 0], less: [], lessBound: [], equal: [[1, 1], [2, 2]], equalBound: [1, 3])
    #expect(Self.solve(contradiction).status == .infeasible)
    let unbounded = Self.program(cost: [-1, 0], less: [[1, -1]], lessBound: [1])
    #expect(Self.solve(unbounded).status == .unbounded)
    let free = Self.program(cost: [1], less: [], lessBound: [], lower: [nil], upper: [nil])
    #expect(Self.solve(free).status == .unbounded)
  }

  @Test func redundantEquationsAreNoObstacle() {
    let solution = Self.solve(
      Self.program(
        cost: [1, 2, 0], less: [], lessBound: [], equal: [[1, 1, 1], [2, 2, 2], [1, 0, -1]],
        equalBound: [3, 6, 0]))
    #expect(solution.status == .optimal)
    #expect((solution.objective - 1.5).magnitude < 1e-12)
  }

  @Test func boundsAloneDecide() {
    let program = Self.program(
      cost: [1, -1, 0], less: [], lessBound: [], lower: [-2, 0, nil], upper: [3, 4, nil])
    let solution = Self.solve(program)
    #expect(solution.status == .optimal)
    #expect(solution.objective == -6)
  }

  /// The program on which the largest-coefficient rule cycles (Beale 1955).
  @Test func bealesExampleDoesNotCycle() {
    let solution = Self.solve(
      Self.program(
        cost: [-0.75, 150, -0.02, 6],
        less: [[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]], lessBound: [0, 0, 1]))
    #expect(solution.status == .optimal)
    #expect((solution.objective + 0.05).magnitude < 1e-12)
  }

  @Test(arguments: 2...9) func theCubeOfKleeAndMinty(dimension: Int) {
    let rows = (0..<dimension).map { row in
      (0..<dimension).map { column -> Double in
        column < row
          ? Double(sign: .plus, exponent: row - column + 1, significand: 1)
          : column == row ? 1 : 0
      }
    }
    var power = 1.0
    let bounds = (0..<dimension).map { _ -> Double in
      power *= 5
      return power
    }
    let cost = (0..<dimension).map {
      -Double(sign: .plus, exponent: dimension - 1 - $0, significand: 1)
    }
    let solution = Self.solve(Self.program(cost: cost, less: rows, lessBound: bounds))
    #expect(solution.status == .optimal)
    #expect((solution.objective + power).magnitude < 1e-10 * power)
  }

  @Test func columnsCanJoinLater() {
    var simplex = Simplex(
      Self.program(cost: [-1], less: [[1]], lessBound: [2]))
    #expect(simplex.solve().objective == -2)
    simplex.addColumn(cost: -3, entries: [(0, 2)])
    #expect(simplex.solve().objective == -3)
    simplex.addColumn(cost: 1, lower: 1, upper: 2, entries: [(0, 1)])
    #expect(simplex.solve().objective == -0.5)
  }

  @Test func theLimitOnIterationsHolds() {
    let program = Self.program(
      cost: [-3, -5], less: [[1, 0], [0, 2], [3, 2]], lessBound: [4, 12, 18])
    let solution = Self.solve(program, limit: 1)
    #expect(solution.status == .iterationLimit)
    #expect(solution.iterations == 1)
  }
}

/// Programs with answers from another solver: see Tests/Reference/linear_programs.py.
@Suite struct SimplexReferenceTests {
  struct Case: Decodable {
    let cost: [Double]
    let less: [[Double]]
    let lessBound: [Double]
    let equal: [[Double]]
    let equalBound: [Double]
    let lower: [Double?]
    let upper: [Double?]
    let status: String
    let objective: Double?
  }

  @Test func randomProgramsAgree() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Reference/linear_programs.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    #expect(cases.count == 200)
    for (index, item) in cases.enumerated() {
      let program = SimplexTests.program(
        cost: item.cost, less: item.less, lessBound: item.lessBound, equal: item.equal,
        equalBound: item.equalBound, lower: item.lower, upper: item.upper)
      let solution = SimplexTests.solve(program)
      #expect("\(solution.status)" == item.status, "program \(index)")
      guard let objective = item.objective else { continue }
      #expect(
        (solution.objective - objective).magnitude <= 1e-9 * max(1, objective.magnitude),
        "program \(index)")
      Self.expectFeasible(solution.point, in: item, "program \(index)")
    }
  }

  static func expectFeasible(_ point: [Double], in item: Case, _ name: String) {
    for column in item.cost.indices {
      #expect(point[column] >= (item.lower[column] ?? -.infinity) - 1e-9, "\(name)")
      #expect(point[column] <= (item.upper[column] ?? .infinity) + 1e-9, "\(name)")
    }
    let product = { (row: [Double]) in zip(row, point).reduce(0) { $0 + $1.0 * $1.1 } }
    for (row, bound) in zip(item.less, item.lessBound) {
      #expect(product(row) <= bound + 1e-9, "\(name)")
    }
    for (row, bound) in zip(item.equal, item.equalBound) {
      #expect((product(row) - bound).magnitude <= 1e-9, "\(name)")
    }
  }
}
