import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalCalibration

/// Compares calibrators with programs that share no code with this package:
/// Tests/Reference/calibration.py.
@Suite struct CalibrationReferenceTests {
  @Test func casesAreThere() {
    #expect(CalibrationCase.scalings.count == 34)
    #expect(CalibrationCase.isotonic.count == 4)
  }

  @Test(arguments: CalibrationCase.scalings)
  func scalingsAgreeWithScipy(_ item: CalibrationCase) throws {
    let record = try item.fit().record
    #expect(record.isConverged)
    let (found, errors) = deviations(record)
    #expect(vectorDistance(found, item.value["deviations"].numbers) < 1e-8, "\(item)")
    #expect(vectorDistance(errors, item.value["standard_errors"].numbers) < 1e-8, "\(item)")
    let test = item.value["statistic"]
    #expect((record.test == nil) == !test.exists)
    if let found = record.test {
      #expect(relativeDistance(found.statistic, test.number) < 1e-7, "\(item)")
      #expect(Double(found.degreesOfFreedom) == item.value["freedom"].number)
      #expect(relativeDistance(found.pValue, item.value["p_value"].number) < 1e-6)
      let isRobust = item.value["kind"].text == "soft" || item.value["weights"].exists
      #expect(found.kind == (isRobust ? .robustWald : .likelihoodRatio))
    }
    try compareProbabilities(record.calibrator, item, tolerance: 1e-9)
  }

  @Test(arguments: CalibrationCase.isotonic)
  func isotonicAgreesWithScikitLearn(_ item: CalibrationCase) throws {
    let record = try item.fit().record
    guard case .isotonic(let functions) = record.calibrator else {
      Issue.record("not isotonic")
      return
    }
    let grid = item.value["grid"].numbers
    for (function, curve) in zip(functions, item.value["curves"].array) {
      #expect(vectorDistance(grid.map { function($0) }, curve.numbers) < 1e-12)
    }
    try compareProbabilities(record.calibrator, item, tolerance: 1e-12)
  }

  private func compareProbabilities(
    _ calibrator: Calibrator, _ item: CalibrationCase, tolerance: Double
  ) throws {
    let calibrated = try calibrator.probabilities(from: item.predictions().logarithms)
    for (row, expected) in item.value["calibrated"].array.enumerated() {
      #expect(vectorDistance(calibrated.values.row(row), expected.numbers) < tolerance)
    }
  }

  /// Deviations from the identity, in the order of the reference, and their errors.
  private func deviations(_ record: CalibrationRecord) -> ([Double], [Double]) {
    let listed = record.parameters.filter { $0.role != .temperature }
    let isWhole = record.method == .temperature || record.method == .vector
    return (
      listed.map { $0.estimate - (isWhole && $0.role == .slope ? 1 : 0) },
      listed.map { $0.standardError ?? .nan }
    )
  }
}
