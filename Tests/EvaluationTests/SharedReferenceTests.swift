import Foundation
import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

/// Compares with the reference answers.
@Suite struct SharedReferenceTests {
  private func reference(_ name: String) throws -> ReferenceValue {
    try ReferenceValue(shared: "reference/\(name)")
  }

  static let cases = [
    "housing_l0", "housing_l1e-2", "housing_uniform_l0", "alligators_lake_size_l0",
    "alligators_full_l1e-2", "pneumo_let_l0", "iris_l1e-2", "synth_dense_l0",
  ]

  /// The optimum stored in the file, scored against the labels.
  @Test(arguments: cases) func fittedProbabilities(of name: String) throws {
    try checkFittedProbabilities(of: name)
  }

  @Test(.needs("data/Yeast_cold.csv")) func fittedProbabilitiesOfGenes() throws {
    try checkFittedProbabilities(of: "yeast_cold_l0")
  }

  private func checkFittedProbabilities(of name: String) throws {
    let fit = try reference("\(name).json")
    let file = URL(fileURLWithPath: try #require(fit["files"].array.first).text)
    let table = try SharedTable(file.lastPathComponent)
    let columns = fit["features"].array.map { table.column($0.text) }
    let (slopes, intercepts) = (fit["W"].rows, fit["b"].numbers)
    let logits = table.cells.indices.map { row in
      let features = columns.map { Double($0[row]) ?? .nan }
      return zip(slopes, intercepts).map { slopes, intercept in
        zip(slopes, features).reduce(intercept) { $0 + $1.0 * $1.1 }
      }
    }
    let labels = try labels(of: fit, in: table)
    let found = [
      try Evaluation(of: try probabilities(logits.map(Softmax.probabilities)), against: labels),
      try Evaluation(
        ofLogProbabilities: matrix(logits.map(Softmax.logProbabilities)), against: labels),
    ]
    for found in found {
      try expectClose(found.totalWeight, fit["sum_of_weights"], "W")
      try expectClose(found.crossEntropy, fit["cross_entropy"], "CE")
      try expectClose(found.labelEntropy, fit["label_entropy"], "H")
      try expectClose(found.klDivergence, fit["kl"], "KL")
      try expectClose(found.accuracy, fit["accuracy_rows"], "accuracy")
      try expectClose(found.expectedAccuracy, fit["expected_accuracy"], "expected accuracy")
    }
  }

  private func labels(of fit: ReferenceValue, in table: SharedTable) throws -> Labels {
    let names = fit["classes"].array.map { $0.text }
    switch fit["label_kind"].text {
    case "hard":
      return try hard(table.column("class").map { names.firstIndex(of: $0) ?? -1 }, of: names.count)
    case "counts":
      let votes = table.allNumbers(prefix: "n_")
      if fit["weights"].text == "row_totals" { return try counts(votes) }
      return .probabilities(try ClassProbabilities(normalizing: matrix(votes)))
    default:
      return try soft(table.allNumbers(prefix: "p_"))
    }
  }

  @Test func votesOfTenThousandImages() throws {
    let votes = try SharedTable("cifar10h_counts.csv").allNumbers(prefix: "n_")
    let fit = try reference("cifar10h_intercept_l0.json")
    let uniform = try Evaluation(
      ofConstant: [Double](repeating: 0.1, count: 10), against: try counts(votes))
    #expect(uniform.rows == 10_000 && uniform.totalWeight == 511_000)
    #expect((uniform.crossEntropy - 2.302585092994046).magnitude < 1e-13)
    try expectClose(uniform.labelEntropy, fit["label_entropy"], "H")
    let null = uniform.null
    try expectClose(null.crossEntropy, fit["cross_entropy"], "null CE")
    try expectClose(null.klDivergence, fit["kl"], "null KL")
    try expectClose(null.accuracy, fit["accuracy_rows"], "null accuracy")
    try expectClose(null.expectedAccuracy, fit["expected_accuracy"], "null expected accuracy")
    let images = try Evaluation(
      ofConstant: [Double](repeating: 0.1, count: 10),
      against: .probabilities(try ClassProbabilities(normalizing: matrix(votes))))
    #expect((images.labelEntropy - 0.15446).magnitude < 5e-6)
  }

  /// Published for ten repetitions of ten random folds: .1196 .4258 .8882 .0732 .9311 .8487.
  @Test(.needs("data/SJAFFE.csv")) func meanLabelOfTenFolds() throws {
    let rows = try SharedTable("SJAFFE.csv").allNumbers(prefix: "p_")
    let labels = try soft(rows)
    let folds = try (0..<10).map { fold -> LabelDistributionMeasures in
      let held = rows.indices.filter { $0 % 10 == fold }
      let kept = rows.indices.filter { $0 % 10 != fold }
      let mean = try Evaluation.meanLabel(of: labels.selecting(rows: kept))
      return try Evaluation(ofConstant: mean, against: labels.selecting(rows: held))
        .labelDistributionMeasures()
    }
    func mean(_ value: (LabelDistributionMeasures) -> Double) -> Double {
      folds.reduce(0) { $0 + value($1) } / 10
    }
    let published = [
      (mean(\.chebyshev), 0.1196), (mean(\.clark), 0.4258), (mean(\.canberra), 0.8882),
      (mean(\.kl), 0.0732), (mean(\.cosine), 0.9311), (mean(\.intersection), 0.8487),
    ]
    for (found, expected) in published {
      #expect((found - expected).magnitude < 0.005 * expected, "\(found), not \(expected)")
    }
  }

  @Test func scalarCases() throws {
    var tested = 0
    for row in try reference("scalars.json")["rows"].array {
      let p = row["p"].numbers
      guard p.count > 1, (p.reduce(0, +) - 1).magnitude < 1e-12 else { continue }
      let labels = try soft([p])
      let found =
        row["logits"].exists
        ? try Evaluation(
          ofLogProbabilities: matrix([Softmax.logProbabilities(row["logits"].numbers)]),
          against: labels)
        : try Evaluation(of: try probabilities([row["p_hat"].numbers]), against: labels)
      let note = row["note"].text
      try expectClose(found.crossEntropy, row["cross_entropy"], "CE: \(note)")
      try expectClose(found.labelEntropy, row["entropy"], "H: \(note)")
      try expectClose(found.klDivergence, row["kl"], "KL: \(note)")
      tested += 1
    }
    #expect(tested == 45)
  }
}
