import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalProbability

/// Class-wise isotonic regression.
extension CalibrationProblem {
  func isotonic() throws(CalibrationError) -> Solution {
    if [.candidates, .evidence].contains(data.labels.kind) {
      throw .data(
        .label(
          .kind(
            likelihood: "isotonic", found: data.labels.kind,
            expected: [.classes, .probabilities, .counts])))
    }
    let rows = 0..<data.rowCount
    let masses = rows.map { data.weights[$0] * data.labels.multiplicity(ofRow: $0) }
    let shares = rows.map { data.labels.distribution(ofRow: $0) }
    let functions = (0..<data.classCount).map { unit in
      IsotonicFunction(
        points: data.features.matrix.column(unit).map { Double.exp($0) },
        outcomes: shares.map { $0[unit] }, weights: masses)
    }
    return Solution(
      calibrator: .isotonic(functions),
      errorsReason: .isotonic,
      testReason: .isotonic,
      warnings: Self.warnings(functions))
  }

  /// Warnings about zero probabilities: a new row may have such a class, and its loss is then
  /// infinite.
  private static func warnings(_ functions: [IsotonicFunction]) -> [FitWarning] {
    let count = functions.count { ($0.values.first ?? 0) <= 0 }
    guard count > 0 else { return [] }
    return [.impossibleClasses(count: count, classCount: functions.count)]
  }
}
