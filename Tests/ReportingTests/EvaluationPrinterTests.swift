import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalProbability
import SurprisalReporting
import SurprisalTables
import Testing

@Suite struct EvaluationPrinterTests {
  private func matrix(_ rows: [[Double]]) -> BlockedMatrix {
    BlockedMatrix(rows: rows, columnCount: rows[0].count)
  }

  private func printer(
    _ predictions: [[Double]], _ labels: Labels,
    _ adjust: (inout EvaluationPrinter.Options) -> Void = { _ in }
  ) throws -> EvaluationPrinter {
    var options = EvaluationPrinter.Options(
      classNames: (0..<labels.classCount).map { "c\($0)" })
    adjust(&options)
    return try EvaluationPrinter(
      try Evaluation(of: try ClassProbabilities(matrix(predictions)), against: labels),
      options: options)
  }

  private func classes(_ indices: [Int], of count: Int) throws -> Labels {
    .classes(try ClassIndices(indices, classCount: count))
  }

  /// The correct class has rank seven of eight; the tool once stopped at five.
  @Test func topKIsNotCutAtFive() throws {
    let row = [0.3, 0.2, 0.15, 0.12, 0.1, 0.06, 0.04, 0.03]
    let labels = try classes([6, 7], of: 8)
    for (k, expected) in [(5, 0.0), (6, 0), (7, 0.5), (8, 1), (100, 1)] {
      let printer = try printer([row, row], labels) { $0.topK = k }
      #expect(printer.value(of: .topK) == expected)
      #expect(printer.json["top_k"]?["k"]?.integerValue == min(k, 8))
      #expect(printer.json["top_k"]?["accuracy"]?.doubleValue == expected)
    }
  }

  @Test func tiesAreMarkedAndCounted() throws {
    let printer = try printer([[0.6, 0.4], [0.5, 0.5], [0.2, 0.8]], classes([0, 1, 1], of: 2))
    #expect(printer.text.contains("1 row of predictions, 3 rows of uniform"))
    #expect(printer.json["tied_predictions"]?.integerValue == 1)
    #expect(printer.json["uniform"]?["tied_predictions"]?.integerValue == 3)
    #expect(printer.json["null"]?["tied_predictions"]?.integerValue == 0)
    let plain = try self.printer([[0.6, 0.4], [0.2, 0.8]], classes([0, 1], of: 2))
    #expect(!plain.text.contains("rows of predictions"))
  }

  @Test func infinityIsNullAndCounted() throws {
    let printer = try printer([[1, 0], [0.5, 0.5]], classes([1, 0], of: 2))
    #expect(printer.json["cross_entropy"]?.isNull == true)
    #expect(printer.json["infinite_rows"]?.integerValue == 1)
    #expect(printer.json["null"]?["infinite_rows"]?.integerValue == 0)
    #expect(!JSONWriter.pretty.text(of: printer.json).contains("inf,"))
    #expect(printer.text.contains("infinite"))
    #expect(try #require(Condition("kl>3")).holds(for: printer))
    #expect(!(try #require(Condition("kl<3")).holds(for: printer)))
  }

  @Test func candidateSetsAreSaidToBeScoredAsUniform() throws {
    let sets = Labels.candidates(try CandidateSets(matrix([[1, 1, 0], [0, 1, 0]])))
    let printer = try printer([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1]], sets)
    #expect(printer.text.contains("candidate sets are scored as if each candidate"))
    #expect(printer.json["notes"]?.arrayValue?.count == 1)
  }

  @Test func orderedScoresComeOnRequest() throws {
    let labels = try classes([0, 2], of: 3)
    let rows = [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]
    let plain = try printer(rows, labels)
    #expect(plain.value(of: .rps) == nil && plain.json["rps"] == nil)
    let ordered = try printer(rows, labels) { $0.isOrdered = true }
    // (0.5² + 0.2² + 0.1² + 0.3²) / 2
    #expect(((ordered.json["rps"]?.doubleValue ?? 0) - 0.195).magnitude < 1e-15)
    #expect(ordered.text.contains("ranked probability score"))
  }

  @Test func tablesComeOnRequest() throws {
    let labels = Labels.probabilities(
      try ClassProbabilities(matrix([[0.75, 0.25], [0.5, 0.5], [0, 1]])))
    let rows = [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]]
    let plain = try printer(rows, labels).text
    let full = try printer(rows, labels) { $0.parts = Set(EvaluationPrinter.Part.allCases) }.text
    for word in ["classes: shares", "confusion: weight", "reliability of the most", "how often"] {
      #expect(!plain.contains(word) && full.contains(word), "\(word)")
    }
    // Expected over soft labels: 0.75 of class c0 in the row predicted c0, 0.5 + 0 in the others.
    #expect(full.contains("  c0   0.75  0.50  1.25\n"))
  }

  @Test func clustersAreNamed() throws {
    let printer = try printer(
      [[0.6, 0.4], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6]], classes([0, 1, 1, 0], of: 2)
    ) { $0.clusters = Clusters(["x", "x", "y", "z"], name: "city") }
    #expect(printer.text.contains("3 clusters of city are independent"))
    #expect(printer.json["standard_errors"]?["units"]?.integerValue == 3)
  }

  @Test(arguments: ["kl", "kl>", "kl=3", ">3", "kl>x", "kl>inf", "size>3"])
  func whatIsNoConditionIsRefused(text: String) {
    #expect(Condition(text) == nil)
  }

  @Test func conditionsKnowEveryMeasure() throws {
    let rows = [[0.6, 0.4], [0.2, 0.8], [0.7, 0.3], [0.1, 0.9], [0.4, 0.6]]
    let printer = try printer(rows, classes([0, 1, 1, 0, 1], of: 2)) { $0.isOrdered = true }
    for measure in EvaluationMeasure.allCases {
      let value = try #require(printer.value(of: measure), "\(measure)")
      let above = try #require(Condition("\(measure.rawValue) > \(value - 1)"))
      let below = try #require(Condition("\(measure.rawValue)<\(value - 1)"))
      #expect(above.holds(for: printer) && !below.holds(for: printer), "\(measure)")
    }
  }
}

@Suite struct ReliabilityPlotTests {
  private func plot(_ confidence: Double, right: Int, of count: Int) throws -> [String] {
    let rows = (0..<count).map { _ in [confidence, 1 - confidence] }
    let labels = try ClassIndices((0..<count).map { $0 < right ? 0 : 1 }, classCount: 2)
    let evaluation = try Evaluation(
      of: try ClassProbabilities(BlockedMatrix(rows: rows, columnCount: 2)),
      against: .classes(labels))
    return ReliabilityPlot(evaluation.calibration().topLabel).text.split(separator: "\n")
      .map(String.init)
  }

  /// Confidence 0.8 is in column 8 + 40, outcome 0.4 in line 13 of 21 below the title.
  @Test func aBinStandsWhereItsNumbersSay() throws {
    let lines = try plot(0.8, right: 40, of: 100)
    #expect(lines.count == 25)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(Array(lines[13])[48] == "○")
    #expect(lines[13].hasPrefix("   0.4 ┤"))
    #expect(lines.joined().filter { $0 == "○" }.count == 2, "the mark and its legend")
    let good = try plot(0.8, right: 80, of: 100)
    #expect(Array(good[5])[48] == "●")
  }
}
