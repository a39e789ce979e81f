import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct ExistenceTests {
  static func hard(_ classes: [Int], _ count: Int) throws -> Labels {
    .classes(try ClassIndices(classes, classCount: count))
  }

  static func soft(_ rows: [[Double]]) throws -> Labels {
    .probabilities(try ClassProbabilities(BlockedMatrix(rows: rows, columnCount: rows[0].count)))
  }

  static func line(_ values: [Double]) -> BlockedMatrix {
    BlockedMatrix(columns: [values], rowCount: values.count)
  }

  static func search(
    _ features: BlockedMatrix, _ labels: Labels, weights: [Double]? = nil, intercept: Bool = true
  ) -> Existence {
    RecessionCone(
      features: features, labels: labels, weights: weights, includesIntercept: intercept
    ).search()
  }

  static func separation(_ existence: Existence) throws -> Separation {
    guard case .separated(let separation) = existence else {
      throw Unexpected(existence: existence)
    }
    return separation
  }

  struct Unexpected: Error { let existence: Existence }

  @Test func completeSeparationOnALine() throws {
    let found = try Self.separation(
      Self.search(Self.line([-2, -1, 1, 3]), Self.hard([0, 0, 1, 1], 2)))
    #expect(found.kind == .complete)
    #expect(found.isRigorous && found.isExhaustive)
    #expect(found.separatedRowCount == 4)
    #expect(found.classGroups == [[0], [1]])
    #expect(found.columns == [0])
    #expect(found.involvesIntercept)
    #expect(found.direction[1] > found.direction[0])
  }

  @Test func quasiSeparationOnALine() throws {
    // At zero both classes occur: every coefficient is infinite, two rows are not separated.
    let found = try Self.separation(
      Self.search(Self.line([-2, 0, 0, 3]), Self.hard([0, 0, 1, 1], 2)))
    #expect(found.kind == .quasi)
    #expect(found.separatedRowCount == 2)
    #expect(!found.isFinite(column: 0, class: 0, against: 1))
    // The difference at zero is the intercept: the log odds of the two rows there.
    #expect(found.isFinite(column: nil, class: 0, against: 1))
    #expect(!found.involvesIntercept)
  }

  @Test func overlapOnALine() throws {
    let found = Self.search(Self.line([-2, 1, -1, 3]), try Self.hard([0, 0, 1, 1], 2))
    guard case .attained = found else { throw Unexpected(existence: found) }
  }

  @Test func aColumnThatSeparatesAlone() throws {
    // The second column is 1 for one class only: its coefficient is infinite, the first is not.
    let features = BlockedMatrix(
      columns: [[-2, 1, -1, 3, 0, 1], [0, 0, 0, 0, 1, 1]], rowCount: 6)
    let found = try Self.separation(Self.search(features, Self.hard([0, 0, 1, 1, 1, 1], 2)))
    #expect(found.kind == .quasi)
    #expect(found.columns == [1])
    #expect(!found.involvesIntercept)
    #expect(found.separatedRowCount == 2)
    #expect(found.infiniteCount == 1)
  }

  @Test func withoutInterceptTheOriginCounts() throws {
    let features = Self.line([1, 2, 3, 4])
    let labels = try Self.hard([0, 0, 1, 1], 2)
    #expect(try Self.separation(Self.search(features, labels)).kind == .complete)
    let found = Self.search(features, labels, intercept: false)
    guard case .attained = found else { throw Unexpected(existence: found) }
  }

  @Test func labelsWithFullSupportNeverSeparate() throws {
    let labels = try Self.soft([[0.999, 0.001], [0.001, 0.999], [0.4, 0.6]])
    #expect(Self.search(Self.line([-1, 1, 0]), labels) == .attained(.fullSupport))
    #expect(RecessionCone.hasFullSupport(labels))
    let counts = Labels.counts(
      try ClassCounts(BlockedMatrix(rows: [[5, 1], [1, 9]], columnCount: 2)))
    #expect(Self.search(Self.line([0, 1]), counts) == .attained(.fullSupport))
    #expect(!RecessionCone.hasFullSupport(try Self.hard([0, 1], 2)))
  }

  @Test func oneSoftRowCanSpoilSeparation() throws {
    let features = Self.line([-2, -1, 1, 3])
    let mixed = [[1, 0], [0.9, 0.1], [0, 1], [0, 1]] as [[Double]]
    // A mixed row must keep both logits equal: the direction passes through it.
    #expect(try Self.separation(Self.search(features, Self.soft(mixed))).kind == .quasi)
    let two = [[1, 0], [0.9, 0.1], [0.2, 0.8], [0, 1]] as [[Double]]
    #expect(Self.search(features, try Self.soft(two)) == .attained(.sharedSupport))
  }

  @Test func oneHotRowsAreClasses() throws {
    let features = Self.line([-2, 0, 0, 3, 1])
    let hard = Self.search(features, try Self.hard([0, 0, 1, 2, 1], 3))
    let rows = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]] as [[Double]]
    #expect(Self.search(features, try Self.soft(rows)) == hard)
  }

  @Test func rowsOfWeightZeroDoNotCount() throws {
    let features = Self.line([-2, -1, 1, 3, 5])
    let labels = try Self.hard([0, 0, 1, 1, 0], 2)
    let found = Self.search(features, labels)
    guard case .attained = found else { throw Unexpected(existence: found) }
    let without = Self.search(features, labels, weights: [1, 2, 0.5, 1, 0])
    #expect(try Self.separation(without).kind == .complete)
    #expect(try Self.separation(without).rowCount == 4)
  }

  @Test func aClassNeverSeenFallsAway() throws {
    let found = try Self.separation(
      Self.search(Self.line([-2, 1, -1, 3]), Self.hard([0, 0, 1, 1], 3)))
    #expect(found.kind == .quasi)
    #expect(found.classGroups == [[0, 1], [2]])
    #expect(found.isRigorous)
  }

  @Test func dependentColumnsDoNotHideTheVerdict() throws {
    let x: [Double] = [-2, 1, -1, 3]
    let features = BlockedMatrix(columns: [x, x.map { 2 - $0 }, [1, 1, 1, 1]], rowCount: 4)
    let found = Self.search(features, try Self.hard([0, 0, 1, 1], 2))
    guard case .attained = found else { throw Unexpected(existence: found) }
    let apart = try Self.separation(Self.search(features, Self.hard([0, 1, 0, 1], 2)))
    #expect(apart.kind == .complete)
    #expect(apart.columns == [0])
  }

  @Test func noColumnsAndNoIntercept() throws {
    let empty = BlockedMatrix(rowCount: 3, columnCount: 0)
    for intercept in [true, false] {
      let found = Self.search(empty, try Self.hard([0, 1, 0], 2), intercept: intercept)
      guard case .attained = found else { throw Unexpected(existence: found) }
    }
    let found = Self.search(empty, try Self.hard([0, 0, 0], 2))
    #expect(try Self.separation(found).kind == .complete)
  }

  @Test func theLimitOnWorkHolds() throws {
    let cone = RecessionCone(
      features: Self.line([-2, 1, -1, 3]), labels: try Self.hard([0, 0, 1, 1], 2),
      includesIntercept: true)
    #expect(cone.search(workLimit: 10) == .undecided(.workLimit))
  }
}

/// Candidate sets, whose likelihood is not concave.
@Suite struct ExistenceOfCandidateSetsTests {
  static func cone(_ rows: [[Double]]) throws -> RecessionCone {
    let sets = try CandidateSets(BlockedMatrix(rows: rows, columnCount: rows[0].count))
    return RecessionCone(
      features: ExistenceTests.line([-2, -1, 1, 3]), labels: .candidates(sets),
      includesIntercept: true)
  }

  static func fitted(_ rows: [[Double]]) throws -> ClassProbabilities {
    try ClassProbabilities(BlockedMatrix(rows: rows, columnCount: rows[0].count))
  }

  @Test func aSeparatedCompletionIsAProof() throws {
    let cone = try Self.cone([[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 1]])
    let fitted = try Self.fitted([
      [0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0, 0.2, 0.8],
    ])
    guard case .separated(let found) = cone.search(fitted: fitted) else {
      Issue.record("not separated")
      return
    }
    #expect(found.kind == .complete)
    guard case .separated = cone.search() else {
      Issue.record("the sets alone show it")
      return
    }
  }

  /// Class b can be the class of the first row only: its logit increases there and decreases
  /// elsewhere, while a and c, which overlap, keep theirs.
  @Test func oneMemberOfASetSeparates() throws {
    let cone = try Self.cone([[1, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1]])
    let found = try ExistenceTests.separation(cone.search())
    #expect(found.kind == .quasi)
    #expect(found.classGroups == [[0, 2], [1]])
  }

  /// Rows with one candidate overlap: no completion of the others separates.
  @Test func knownClassesProveTheMaximum() throws {
    let sets = try CandidateSets(
      BlockedMatrix(rows: [[1, 0], [0, 1], [1, 0], [0, 1], [1, 1]], columnCount: 2))
    let cone = RecessionCone(
      features: ExistenceTests.line([-2, -1, 1, 3, 9]), labels: .candidates(sets),
      includesIntercept: true)
    #expect(cone.search() == .attained(.knownClasses))
  }

  @Test func setsOfOneAreClasses() throws {
    let cone = try Self.cone([[1, 0], [0, 1], [1, 0], [0, 1]])
    guard case .attained = cone.search() else {
      Issue.record("two classes overlap here")
      return
    }
  }
}

/// Published data: see reference/degenerate.json.
@Suite struct ExistenceDataTests {
  static func cone(_ name: String, prefix: String) throws -> RecessionCone {
    let table = try SharedTable(name)
    let rows = table.numbers(prefix: "f")
    let features = BlockedMatrix(rows: standardize(rows), columnCount: rows[0].count)
    let labels: Labels
    if prefix.isEmpty {
      let cells = table.column("class")
      let names = Set(cells).sorted()
      labels = try ExistenceTests.hard(cells.compactMap(names.firstIndex), names.count)
    } else {
      labels = try ExistenceTests.soft(table.allNumbers(prefix: prefix))
    }
    return RecessionCone(features: features, labels: labels, includesIntercept: true)
  }

  static func standardize(_ rows: [[Double]]) -> [[Double]] {
    let count = Double(rows.count)
    var result = rows
    for column in rows[0].indices {
      let mean = rows.reduce(0) { $0 + $1[column] } / count
      let square = rows.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / count
      for row in rows.indices {
        result[row][column] = square > 0 ? (rows[row][column] - mean) / square.squareRoot() : 0
      }
    }
    return result
  }

  @Test func setosaSeparatesAndTheOthersDoNot() throws {
    let found = try ExistenceTests.separation(Self.cone("iris.csv", prefix: "").search())
    #expect(found.kind == .quasi)
    #expect(found.isRigorous && found.isExhaustive)
    #expect(found.classGroups == [[0], [1, 2]])
    #expect(found.columns == [0, 1, 2, 3])
    #expect(found.infiniteCount == 5)
    #expect(found.separatedRowCount == 150)
  }

  @Test(.needs("data/SJAFFE.csv")) func facesHaveFullSupport() throws {
    #expect(try Self.cone("SJAFFE.csv", prefix: "p_").search() == .attained(.fullSupport))
  }

  @Test(.needs("data/Yeast_cold.csv")) func sharedLabelsOfGenesRuleSeparationOut() throws {
    let found = try Self.cone("Yeast_cold.csv", prefix: "p_").search()
    #expect(found == .attained(.sharedSupport))
  }

  @Test(.enabled(if: heavyTestsEnabled, "slow without optimisation"), .tags(.heavy))
  func digitsSeparateCompletely() throws {
    let found = try ExistenceTests.separation(
      Self.cone("digits.csv", prefix: "").search(workLimit: 1e11))
    #expect(found.kind == .complete)
    #expect(found.isRigorous)
    #expect(found.columns.count == 61)
  }
}
