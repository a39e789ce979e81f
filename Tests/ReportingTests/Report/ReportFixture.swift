import Foundation
import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import SurprisalReporting

enum Numbers {
  static func log10(_ value: Double) -> Double { Foundation.log10(value) }

  /// Distributions that resemble predictions of a model, the same in every run.
  static func distributions(rows: Int, classes: Int, seed: UInt64) throws -> ClassProbabilities {
    var generator = SplitMix64(seed: seed)
    let values = (0..<rows).map { _ in
      (0..<classes).map { _ in
        let uniform = Double(generator.next() >> 11) * 0x1p-53
        return uniform * uniform * uniform + 1e-3
      }
    }
    return try ClassProbabilities(
      normalizing: BlockedMatrix(rows: values, columnCount: classes))
  }
}

/// Labels and predictions to report on.
struct ReportFixture {
  let labels: Labels
  let predictions: ClassProbabilities
  let evaluation: Evaluation
  let classNames: [String]

  init(rows: Int, classes: Int, hard: Bool = false) throws {
    let soft = try Numbers.distributions(rows: rows, classes: classes, seed: 7)
    let labels: Labels
    if hard {
      labels = .classes(
        try ClassIndices((0..<rows).map { ($0 * 7 + $0 / 3) % classes }, classCount: classes))
    } else {
      labels = .probabilities(soft)
    }
    let noise = try Numbers.distributions(rows: rows, classes: classes, seed: 11)
    let mixed = (0..<rows).map { row in
      zip(labels.distribution(ofRow: row), noise.values.row(row)).map { 0.5 * $0 + 0.5 * $1 }
    }
    self.labels = labels
    predictions = try ClassProbabilities(
      normalizing: BlockedMatrix(rows: mixed, columnCount: classes))
    evaluation = try Evaluation(of: predictions, against: labels)
    classNames = (0..<classes).map { "class \($0)" }
  }

  var content: ReportContent {
    var content = ReportContent(
      title: "A report", dataName: "data.csv", sourceName: "model.json", classNames: classNames,
      evaluation: evaluation)
    content.predictions = predictions
    return content
  }
}

extension FigureTable {
  /// The numbers of a column; NaN for other cells.
  func numbers(_ name: String) -> [Double] {
    let index = columns.firstIndex { $0.name == name } ?? 0
    return rows.map { row in
      switch row[index] {
      case .number(let value), .probability(let value): value ?? .nan
      case .count(let count): Double(count)
      case .text, .words: .nan
      }
    }
  }

  /// The texts of a column.
  func texts(_ name: String) -> [String] {
    let index = columns.firstIndex { $0.name == name } ?? 0
    return rows.map { row in
      switch row[index] {
      case .text(let text), .words(let text): text
      default: ""
      }
    }
  }
}
