import Foundation
import SurprisalDatasets
import SurprisalLinearAlgebra
import Testing

/// The Statlog heart data: two classes, thirteen scaled columns.
public enum HeartData {
  /// Lines `label index:value ...`, indices from 1, zeros omitted.
  public static func dataset() throws -> Dataset {
    let url = try #require(SharedData.url("data/heart_scale.libsvm"))
    var (rows, classes): ([[Double]], [Int]) = ([], [])
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
      let fields = line.split(separator: " ")
      var row = [Double](repeating: 0, count: 13)
      for field in fields.dropFirst() {
        let parts = field.split(separator: ":")
        row[try #require(Int(parts[0])) - 1] = try #require(Double(parts[1]))
      }
      rows.append(row)
      classes.append(fields[0] == "+1" ? 1 : 0)
    }
    return try Dataset(
      features: Features(rows), labels: .classes(ClassIndices(classes, classCount: 2)),
      classNames: ["-1", "+1"])
  }
}
