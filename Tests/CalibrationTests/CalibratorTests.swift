import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalCalibration

@Suite struct CalibratorTests {
  static let classes = 3

  /// One of each kind, far from the identity.
  static let all: [Calibrator] = {
    let map = Calibrator.AffineScores(
      weights: [[0.7, 0.1, -0.2], [0, 1.2, 0.3], [-0.4, 0.2, 0.5]], intercepts: [0.1, -0.3, 0.2])
    let rising = IsotonicFunction(
      points: [0.1, 0.4, 0.9], outcomes: [0.05, 0.5, 0.8], weights: [1, 1, 1])
    return [
      .temperature(slope: 0.4),
      .vector(slopes: [0.5, 1.5, 0.8], intercepts: [0.2, 0, -0.4]), .matrix(map),
      .dirichlet(map), .isotonic([rising, rising, rising]),
    ]
  }()

  /// Maps that change nothing.
  static let identities: [Calibrator] = {
    let unit = (0..<classes).map { row in (0..<classes).map { $0 == row ? 1.0 : 0 } }
    let none = [Double](repeating: 0, count: classes)
    let line = IsotonicFunction(points: [0, 1], outcomes: [0, 1], weights: [1, 1])
    return [
      .temperature(slope: 1), .vector(slopes: none.map { $0 + 1 }, intercepts: none),
      .matrix(.init(weights: unit, intercepts: none)),
      .dirichlet(.init(weights: unit, intercepts: none)), .isotonic([line, line, line]),
    ]
  }()

  static func logs(rows: Int, seed: UInt64 = 4, span: Double = 4) -> BlockedMatrix {
    var numbers = TestNumbers(seed: seed)
    let rows = (0..<rows).map { _ in
      Softmax.probabilities(numbers.uniform(classes, in: -span...span))
    }
    return ClassProbabilities(trusting: BlockedMatrix(rows: rows, columnCount: classes))
      .logarithms
  }

  @Test(arguments: all) func givesDistributions(calibrator: Calibrator) throws {
    let logs = Self.logs(rows: 200)
    let found = try calibrator.probabilities(from: logs)
    let logarithms = try calibrator.logProbabilities(from: logs)
    for row in 0..<200 {
      let shares = found.values.row(row)
      #expect((shares.reduce(0, +) - 1).magnitude < 1e-14)
      for (share, log) in zip(shares, logarithms.row(row)) {
        #expect((share - Double.exp(log)).magnitude < 1e-14)
      }
    }
  }

  @Test(arguments: identities) func identityChangesNothing(calibrator: Calibrator) throws {
    let logs = Self.logs(rows: 200)
    let found = try calibrator.logProbabilities(from: logs)
    for row in 0..<200 { #expect(vectorDistance(found.row(row), logs.row(row), floor: 1) < 1e-13) }
  }

  @Test(arguments: [0.01, 0.4, 1, 3, 50])
  func temperatureNeverChangesTheOrder(slope: Double) throws {
    let logs = Self.logs(rows: 2000, span: 3)
    let found = try Calibrator.temperature(slope: slope).logProbabilities(from: logs)
    func best(_ row: [Double]) -> Int { row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } }
    #expect((0..<2000).allSatisfy { best(logs.row($0)) == best(found.row($0)) })
  }

  /// Scores are log-probabilities up to a constant per row, except for Dirichlet scaling.
  @Test(arguments: all.filter { $0.method != .dirichlet && $0.method != .isotonic })
  func aConstantInTheLogitsChangesNothing(calibrator: Calibrator) throws {
    let logs = Self.logs(rows: 100)
    var shifted = logs
    for row in 0..<100 {
      for column in 0..<Self.classes { shifted[row, column] += Double(row) / 7 }
    }
    let (first, second) = (
      try calibrator.logProbabilities(from: logs), try calibrator.logProbabilities(from: shifted)
    )
    for row in 0..<100 { #expect(vectorDistance(first.row(row), second.row(row)) < 1e-12) }
  }

  @Test(arguments: all) func aRowHasTheSameBitsInAnyBatch(calibrator: Calibrator) throws {
    let logs = Self.logs(rows: 400)
    let batch = try calibrator.probabilities(from: logs, threads: ThreadCount(2))
    for row in [0, 5, 191, 192, 399] {
      let alone = try calibrator.probabilities(from: logs.selecting(rows: [row]))
      #expect(alone.values.row(0) == batch.values.row(row))
    }
  }

  @Test func whereEveryClassGetsZeroTheRowStays() throws {
    let none = IsotonicFunction(points: [0, 1], outcomes: [0, 0], weights: [1, 1])
    let steps = IsotonicFunction(points: [0.5, 0.6], outcomes: [0, 1], weights: [1, 1])
    let calibrator = Calibrator.isotonic([none, steps, none])
    let rows = [[0.25, 0.25, 0.5], [0.125, 0.75, 0.125]]
    let logs = ClassProbabilities(trusting: BlockedMatrix(rows: rows, columnCount: 3)).logarithms
    let found = try calibrator.probabilities(from: logs)
    #expect(vectorDistance(found.values.row(0), rows[0]) < 1e-15)
    #expect(found.values.row(1) == [0, 1, 0])
    #expect(try calibrator.logProbabilities(from: logs).row(1) == [-.infinity, 0, -.infinity])
  }

  @Test(arguments: all) func aProbabilityThatUnderflowedIsNoTrap(calibrator: Calibrator) throws {
    let logs = BlockedMatrix(rows: [[0, -.infinity, -800]], columnCount: 3)
    let found = try calibrator.probabilities(from: logs).values.row(0)
    #expect(found.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(found)")
    #expect((found.reduce(0, +) - 1).magnitude < 1e-12)
  }

  @Test func knowsItsClasses() {
    for calibrator in Self.all {
      #expect(calibrator.fits(classCount: 3))
      if calibrator.method != .temperature { #expect(!calibrator.fits(classCount: 4)) }
    }
    #expect(!Calibrator.temperature(slope: 0).fits(classCount: 3))
    #expect(!Calibrator.temperature(slope: .infinity).fits(classCount: 3))
    #expect(Self.all.map(\.parameterCount) == [1, 6, 12, 12, 18])
  }
}
