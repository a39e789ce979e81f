import SurprisalLinearAlgebra
import TestSupport
import Testing

@Suite struct ColumnDependenciesTests {
  /// Pseudo-random numbers, the same in every run.
  static func column(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992 - 0.5
    }
  }

  static func matrix(_ columns: [[Double]]) -> BlockedMatrix {
    BlockedMatrix(columns: columns, rowCount: columns.first?.count ?? 0)
  }

  @Test(arguments: [true, false]) func independentColumnsStay(includesIntercept: Bool) {
    let columns = (1...7).map { Self.column(400, seed: UInt64($0)) }
    let found = ColumnDependencies(
      of: Self.matrix(columns), includesIntercept: includesIntercept)
    #expect(found.independent == Array(0..<7))
    #expect(found.aliased.isEmpty)
    #expect(found.rank == (includesIntercept ? 8 : 7))
  }

  @Test(arguments: [3, 10, 300, 1000]) func sumsDifferencesAndCopiesAreNamed(rowCount: Int) {
    let a = Self.column(rowCount, seed: 1)
    let b = Self.column(rowCount, seed: 2)
    let sum = zip(a, b).map { $0 + $1 }
    let mixed = zip(a, b).map { 3 - 2 * $0 + 0.25 * $1 }
    let found = ColumnDependencies(
      of: Self.matrix([a, a, b, sum, mixed]), includesIntercept: true)
    #expect(found.independent == [0, 2])
    #expect(found.rank == 3)
    #expect(found.aliased.map(\.column) == [1, 3, 4])
    #expect(found.aliased.map { $0.combination.map(\.column) } == [[0], [0, 2], [0, 2]])
    #expect(found.aliased.map { $0.combination.map(\.coefficient) } == [[1], [1, 1], [-2, 0.25]])
    #expect(found.aliased.map(\.interceptCoefficient) == [0, 0, 3])
  }

  @Test func constantColumnsBelongToTheIntercept() {
    let a = Self.column(250, seed: 3)
    let columns = Self.matrix([[Double](repeating: 0.1, count: 250), a, a.map { _ in 0 }])
    let with = ColumnDependencies(of: columns, includesIntercept: true)
    #expect(with.independent == [1])
    #expect(with.rank == 2)
    #expect(with.aliased.map(\.interceptCoefficient) == [0.1, 0])
    #expect(with.aliased.allSatisfy { $0.combination.isEmpty })
    let without = ColumnDependencies(of: columns, includesIntercept: false)
    #expect(without.independent == [0, 1])
    #expect(without.rank == 2)
    #expect(without.aliased.map(\.column) == [2])
  }

  @Test func indicatorsOfAFactorSumToTheIntercept() {
    let level = (0..<90).map { $0 * $0 % 7 % 3 }
    let columns = (0..<3).map { wanted in level.map { $0 == wanted ? 1.0 : 0 } }
    let found = ColumnDependencies(of: Self.matrix(columns), includesIntercept: true)
    #expect(found.independent == [0, 1])
    #expect(found.aliased.first?.combination.map(\.coefficient) == [-1, -1])
    #expect(found.aliased.first?.interceptCoefficient == 1)
    #expect(ColumnDependencies(of: Self.matrix(columns), includesIntercept: false).rank == 3)
  }

  @Test func rowsOfWeightZeroDoNotCount() {
    let a = Self.column(8, seed: 4)
    var b = a
    b[7] = 100
    let weights: [Double] = [1, 2, 1, 1, 0.5, 1, 1, 0]
    let matrix = Self.matrix([a, b])
    #expect(ColumnDependencies(of: matrix, includesIntercept: true).rank == 3)
    let found = ColumnDependencies(of: matrix, weights: weights, includesIntercept: true)
    #expect(found.rank == 2)
    #expect(found.aliased.first?.combination.map(\.coefficient) == [1])
    let none = ColumnDependencies(
      of: matrix, weights: weights.map { _ in 0 }, includesIntercept: true)
    #expect(none.rank == 0)
    #expect(none.aliased.map(\.column) == [0, 1])
  }

  @Test(arguments: [1e-300, 1e-12, 1, 1e9, 1e300]) func scaleAndOffsetDoNotMatter(scale: Double) {
    let a = Self.column(60, seed: 5)
    let b = Self.column(60, seed: 6)
    let sum = zip(a, b).map { ($0 + $1) * scale }
    let found = ColumnDependencies(of: Self.matrix([a, sum, b]), includesIntercept: true)
    #expect(found.independent == [0, 1])
    let expected = [-1, 1 / scale]
    for (term, coefficient) in zip(found.aliased.first?.combination ?? [], expected) {
      #expect((term.coefficient / coefficient - 1).magnitude < 1e-9)
    }
    let far = Self.matrix([a.map { $0 + 1e9 }, b.map { 1e9 - $0 }])
    #expect(ColumnDependencies(of: far, includesIntercept: true).rank == 3)
  }

  @Test func aColumnThatDiffersLittleIsIndependent() {
    let a = Self.column(500, seed: 7)
    let b = Self.column(500, seed: 8)
    for difference in [1e-3, 1e-5, 1e-7] {
      let close = zip(a, b).map { $0 + difference * $1 }
      #expect(ColumnDependencies(of: Self.matrix([a, close]), includesIntercept: true).rank == 3)
    }
    let same = zip(a, b).map { $0 + 1e-11 * $1 }
    #expect(ColumnDependencies(of: Self.matrix([a, same]), includesIntercept: true).rank == 2)
  }

  @Test(arguments: [true, false]) func moreColumnsThanRows(includesIntercept: Bool) {
    let columns = (1...40).map { Self.column(9, seed: UInt64($0)) }
    let found = ColumnDependencies(of: Self.matrix(columns), includesIntercept: includesIntercept)
    #expect(found.rank == 9)
    #expect(found.independent == Array(0..<(includesIntercept ? 8 : 9)))
    for aliased in found.aliased {
      for row in 0..<9 {
        let sum = aliased.combination.reduce(aliased.interceptCoefficient) {
          $0 + $1.coefficient * columns[$1.column][row]
        }
        #expect((sum - columns[aliased.column][row]).magnitude < 1e-10)
      }
    }
  }

  @Test func nothingToExamine() {
    let empty = BlockedMatrix(rowCount: 5, columnCount: 0)
    #expect(ColumnDependencies(of: empty, includesIntercept: true).rank == 1)
    #expect(ColumnDependencies(of: empty, includesIntercept: false).rank == 0)
    let noRows = BlockedMatrix(rowCount: 0, columnCount: 2)
    #expect(ColumnDependencies(of: noRows, includesIntercept: true).rank == 0)
  }
}

/// Published data with known rank.
@Suite struct ColumnDependenciesDataTests {
  static func dependencies(_ name: String) throws -> ColumnDependencies {
    let rows = try SharedTable(name).numbers(prefix: "f")
    return ColumnDependencies(
      of: BlockedMatrix(rows: rows, columnCount: rows.first?.count ?? 0), includesIntercept: true)
  }

  @Test func irisIsOfFullRank() throws {
    #expect(try Self.dependencies("iris.csv").rank == 5)
  }

  @Test func digitsHasThreeConstantPixels() throws {
    let found = try Self.dependencies("digits.csv")
    #expect(found.rank == 62)
    #expect(found.aliased.map(\.column) == [0, 32, 39])
    #expect(found.aliased.allSatisfy { $0.combination.isEmpty && $0.interceptCoefficient == 0 })
  }

  @Test(.needs("data/SJAFFE.csv")) func facesHaveRank212() throws {
    let found = try Self.dependencies("SJAFFE.csv")
    #expect(found.rank == 212)
    #expect(found.independent == Array(0..<211))
  }
}
