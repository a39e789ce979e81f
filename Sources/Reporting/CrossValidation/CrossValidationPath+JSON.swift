import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalTables

extension CrossValidationPath {
  /// Reads the path from the output of `surprisal cv --json`; nil if it has none. A missing mean is
  /// infinite.
  public init?(crossValidation json: JSONValue) {
    guard let entries = json["path"]?.arrayValue, !entries.isEmpty else { return nil }
    var points: [Point] = []
    for entry in entries {
      guard let strength = entry["l2"]?.doubleValue, strength >= 0, strength.isFinite else {
        return nil
      }
      let error = entry["loss_std_error"]?.doubleValue
      points.append(
        Point(
          strength: strength, mean: entry["loss"]?.doubleValue ?? .infinity,
          standardError: error.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }))
    }
    func place(_ choice: String) -> Int? {
      let strength = json[choice]?["l2"]?.doubleValue
      return points.firstIndex { $0.strength == strength }
    }
    self.init(
      measure: "loss", points: points, minimum: place("minimum"),
      oneStandardError: place("one_standard_error"))
  }
}
