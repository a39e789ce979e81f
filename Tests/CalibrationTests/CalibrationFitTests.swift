import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalCalibration

@Suite struct CalibrationFitTests {
  /// Predictions that are overconfident by a known temperature, and labels drawn from the true
  /// probabilities.
  struct Simulation {
    let logs: BlockedMatrix
    let labels: Labels

    init(rows: Int, temperature: Double, kind: LabelKind, seed: UInt64) throws {
      var numbers = TestNumbers(seed: seed)
      let truth = (0..<rows).map { _ in Softmax.probabilities(numbers.uniform(3, in: -2...2)) }
      let sure = truth.map { row in Softmax.probabilities(row.map { Double.log($0) * temperature })
      }
      logs = ClassProbabilities(trusting: BlockedMatrix(rows: sure, columnCount: 3)).logarithms
      var votes = BlockedMatrix(rowCount: rows, columnCount: 3)
      for row in 0..<rows {
        for _ in 0..<(kind == .classes ? 1 : 4) {
          votes[row, Self.draw(truth[row], &numbers)] += 1
        }
      }
      switch kind {
      case .classes:
        labels = .classes(
          try ClassIndices(
            (0..<rows).map { votes.row($0).firstIndex(of: 1) ?? 0 }, classCount: 3))
      case .counts: labels = .counts(try ClassCounts(votes))
      default: labels = .probabilities(try ClassProbabilities(normalizing: votes))
      }
    }

    private static func draw(_ shares: [Double], _ numbers: inout TestNumbers) -> Int {
      let number = numbers.uniform(1, in: 0...1)[0]
      return number < shares[0] ? 0 : number < shares[0] + shares[1] ? 1 : 2
    }
  }

  @Test(arguments: [0.6, 1.5, 3], [LabelKind.probabilities, .classes, .counts])
  func recoversAKnownTemperature(_ temperature: Double, _ kind: LabelKind) throws {
    let data = try Simulation(rows: 1500, temperature: temperature, kind: kind, seed: 21)
    let record = try CalibrationFit(.temperature, of: data.logs, to: data.labels).record
    let found = try #require(record.parameters.first)
    #expect(found.role == .temperature)
    let interval = try #require(found.interval)
    #expect(interval.contains(temperature), "\(interval) for \(temperature)")
    #expect(interval.upperBound / interval.lowerBound < 1.4)
    #expect(record.errors == (kind == .probabilities ? .sandwich : .information))
    let test = try #require(record.test)
    #expect(test.pValue < 1e-6)
    #expect(record.after.divergence < record.before.divergence)
    #expect(record.after.accuracy == record.before.accuracy)
  }

  @Test func calibratedPredictionsPassTheTest() throws {
    for kind in [LabelKind.probabilities, .classes, .counts] {
      let data = try Simulation(rows: 1500, temperature: 1, kind: kind, seed: 9)
      for method in [CalibrationMethod.temperature, .vector, .matrix] {
        let record = try CalibrationFit(method, of: data.logs, to: data.labels).record
        let test = try #require(record.test)
        #expect(test.pValue > 0.01, "\(method) \(kind)")
      }
    }
  }

  /// Under the null hypothesis the p-value is uniform: it is below .05 in 5 % of samples, for the
  /// test suited to the labels.
  @Test(
    .tags(.heavy), .enabled(if: heavyTestsEnabled),
    arguments: [LabelKind.probabilities, .classes], [CalibrationMethod.temperature, .vector])
  func testsHaveTheirLevel(_ kind: LabelKind, _ method: CalibrationMethod) throws {
    let count = 600
    var rejected = 0
    for seed in 0..<count {
      let data = try Simulation(rows: 400, temperature: 1, kind: kind, seed: UInt64(seed + 100))
      let record = try CalibrationFit(method, of: data.logs, to: data.labels).record
      if let p = record.test?.pValue, p < 0.05 { rejected += 1 }
    }
    let share = Double(rejected) / Double(count)
    #expect((0.025...0.085).contains(share), "\(share)")
  }

  @Test(arguments: [CalibrationMethod.temperature, .vector, .matrix, .dirichlet, .isotonic])
  func aRepeatedRowIsAWeight(_ method: CalibrationMethod) throws {
    let data = try Simulation(rows: 60, temperature: 2, kind: .probabilities, seed: 5)
    let counts = (0..<60).map { $0 % 3 }
    let rows = (0..<60).flatMap { [Int](repeating: $0, count: counts[$0]) }
    let repeated = try CalibrationFit(
      method, of: data.logs.selecting(rows: rows), to: data.labels.selecting(rows: rows)
    ).record
    let frequency = try CalibrationFit(
      method, of: data.logs, to: data.labels,
      weights: .frequency(checking: counts.map { Double($0) })
    ).record
    let importance = try CalibrationFit(
      method, of: data.logs, to: data.labels,
      weights: .importance(checking: counts.map { Double($0) })
    ).record
    #expect(frequency.rowCount == repeated.rowCount)
    for (first, second) in zip(frequency.parameters, repeated.parameters) {
      #expect(relativeDistance(first.estimate, second.estimate, floor: 1) < 1e-9)
      #expect(
        relativeDistance(first.standardError ?? 0, second.standardError ?? 1, floor: 1) < 1e-9)
    }
    #expect(
      relativeDistance(frequency.test?.statistic ?? 0, repeated.test?.statistic ?? 0) < 1e-8)
    // Importance weights give the same map, but other errors.
    for other in [frequency, importance] {
      let (a, b) = (
        try other.calibrator.probabilities(from: data.logs).values,
        try repeated.calibrator.probabilities(from: data.logs).values
      )
      for row in 0..<60 { #expect(vectorDistance(a.row(row), b.row(row)) < 1e-9) }
    }
  }

  /// A shift of the base's logits changes neither its probabilities nor anything else.
  @Test(arguments: [CalibrationMethod.temperature, .vector, .matrix])
  func aShiftOfLogitsChangesNothing(_ method: CalibrationMethod) throws {
    let data = try Simulation(rows: 150, temperature: 2, kind: .probabilities, seed: 6)
    var shifted = data.logs
    for row in 0..<150 {
      for column in 0..<3 { shifted[row, column] -= Double(row % 7) / 3 }
    }
    let first = try CalibrationFit(method, of: data.logs, to: data.labels).record
    let second = try CalibrationFit(method, of: shifted, to: data.labels).record
    for (first, second) in zip(first.parameters, second.parameters) {
      #expect(relativeDistance(first.estimate, second.estimate, floor: 1) < 1e-9)
      #expect(
        relativeDistance(first.standardError ?? 0, second.standardError ?? 1, floor: 1) < 1e-9)
    }
  }

  @Test(arguments: CalibrationMethod.allCases)
  func permutingClassesPermutesTheMap(_ method: CalibrationMethod) throws {
    let data = try Simulation(rows: 150, temperature: 2, kind: .counts, seed: 7)
    guard case .counts(let counts) = data.labels else { return }
    let order = [2, 0, 1]
    let first = try CalibrationFit(method, of: data.logs, to: data.labels).calibrator
      .probabilities(from: data.logs).values
    let second = try CalibrationFit(
      method, of: data.logs.selecting(columns: order),
      to: .counts(try ClassCounts(counts.values.selecting(columns: order)))
    ).calibrator.probabilities(from: data.logs.selecting(columns: order)).values
    for row in 0..<150 {
      #expect(vectorDistance(second.row(row), order.map { first[row, $0] }) < 1e-8)
    }
  }

  /// One-hot soft labels are equivalent to classes, except for their errors.
  @Test func oneHotSoftLabelsAreClasses() throws {
    let data = try Simulation(rows: 200, temperature: 2, kind: .classes, seed: 8)
    guard case .classes(let classes) = data.labels else { return }
    let soft = Labels.probabilities(try ClassProbabilities(oneHot: classes))
    for method in CalibrationMethod.allCases {
      let first = try CalibrationFit(method, of: data.logs, to: data.labels).record
      let second = try CalibrationFit(method, of: data.logs, to: soft).record
      #expect(first.calibrator == second.calibrator)
      #expect(first.errors != second.errors || method == .isotonic)
    }
  }

  @Test func aStrongPriorLeavesThePredictions() throws {
    let data = try Simulation(rows: 200, temperature: 2, kind: .probabilities, seed: 8)
    let record = try CalibrationFit(
      .temperature, of: data.logs, to: data.labels, lambda: 1e6
    ).record
    #expect((record.parameters[0].estimate - 1).magnitude < 1e-5)
    #expect(record.test == nil && record.testReason == .prior)
    let free = try CalibrationFit(.matrix, of: data.logs, to: data.labels, lambda: 1e-9).record
    let flat = try CalibrationFit(.matrix, of: data.logs, to: data.labels).record
    #expect((free.after.crossEntropy - flat.after.crossEntropy).magnitude < 1e-6)
  }

  @Test func threadsDoNotChangeABit() throws {
    let data = try Simulation(rows: 700, temperature: 2, kind: .probabilities, seed: 8)
    for method in CalibrationMethod.allCases {
      let one = try CalibrationFit(method, of: data.logs, to: data.labels).record
      let three = try CalibrationFit(
        method, of: data.logs, to: data.labels, options: FitOptions(threads: ThreadCount(3))
      ).record
      #expect(one == three)
    }
  }
}
