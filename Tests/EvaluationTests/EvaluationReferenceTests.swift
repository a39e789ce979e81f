import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

/// Compares with numpy, scipy and scikit-learn: Tests/Reference/evaluation.py made the numbers.
@Suite struct EvaluationReferenceTests {
  static let names = ["classes", "probabilities", "counts"].flatMap { kind in
    ["uniform", "importance", "frequency"].map { "\(kind)_\($0)" }
  }

  struct Case {
    let evaluation: Evaluation
    let clusters: [Int]
    let expected: ReferenceValue

    init(_ name: String) throws {
      let cases = try ReferenceValue(ofTests: "evaluation.json")["cases"].array
      let chosen = try #require(cases.first { $0["name"].text == name })
      let labels: Labels
      switch chosen["kind"].text {
      case "classes":
        labels = try hard(chosen["labels"].integers, of: chosen["classes"].integer)
      case "counts": labels = try counts(chosen["labels"].rows)
      default: labels = try soft(chosen["labels"].rows)
      }
      let weights: RowWeights
      switch chosen["weight_kind"].text {
      case "importance": weights = try .importance(checking: chosen["weights"].numbers)
      case "frequency": weights = try .frequency(checking: chosen["weights"].numbers)
      default: weights = .uniform
      }
      evaluation = try Evaluation(
        of: try probabilities(chosen["predictions"].rows), against: labels, weights: weights)
      clusters = chosen["clusters"].integers
      expected = chosen["expected"]
    }
  }

  @Test(arguments: names) func scores(of name: String) throws {
    let tested = try Case(name)
    let (found, expected) = (tested.evaluation, tested.expected)
    #expect(Double(found.rows) == expected["rows"].number)
    let means = [
      ("total_weight", found.totalWeight), ("cross_entropy", found.crossEntropy),
      ("label_entropy", found.labelEntropy), ("kl_divergence", found.klDivergence),
      ("brier", found.brier), ("brier_divergence", found.brierDivergence),
      ("accuracy", found.accuracy), ("expected_accuracy", found.expectedAccuracy),
      ("ranked_probability_score", found.rankedProbabilityScore().score),
    ]
    for (key, value) in means { try expectClose(value, expected[key], key) }
    try expectClose(found.topK, expected["top_k"], "top_k")
    try expectClose(found.null.crossEntropy, expected["null"]["cross_entropy"], "null")
    try expectClose(found.null.klDivergence, expected["null"]["kl"], "null KL")
    for (index, row) in expected["confusion"].array.enumerated() {
      try expectClose(found.confusionMatrix().weights[index], row, "confusion")
    }
  }

  @Test(arguments: names) func labelDistributionMeasures(of name: String) throws {
    let tested = try Case(name)
    let found = tested.evaluation.labelDistributionMeasures()
    let expected = tested.expected["ldl"]
    let measures = [
      ("chebyshev", found.chebyshev), ("clark", found.clark), ("canberra", found.canberra),
      ("kl", found.kl), ("cosine", found.cosine), ("intersection", found.intersection),
    ]
    for (key, value) in measures { try expectClose(value, expected[key], key) }
  }

  @Test(arguments: names) func standardErrors(of name: String) throws {
    let tested = try Case(name)
    let expected = tested.expected["standard_errors"]
    for (key, clusters) in [("rows", nil), ("clusters", tested.clusters)] {
      let found = try tested.evaluation.standardErrors(clusters: clusters)
      let wanted = expected[key]
      try expectClose(#require(found.crossEntropy), wanted["cross_entropy"], key)
      try expectClose(#require(found.klDivergence), wanted["kl"], key)
      try expectClose(#require(found.brier), wanted["brier"], key)
      try expectClose(#require(found.accuracy), wanted["accuracy"], key)
      try expectClose(#require(found.expectedAccuracy), wanted["expected_accuracy"], key)
    }
  }

  @Test(arguments: names) func calibration(of name: String) throws {
    let tested = try Case(name)
    let found = tested.evaluation.calibration()
    let expected = tested.expected["top_label"]
    try expectClose(found.topLabel.ece, expected["ece"], "ece")
    #expect(found.topLabel.ece == tested.evaluation.ece)
    try expectClose(found.topLabel.debiasedECE, expected["debiased"], "debiased")
    try expectClose(found.topLabel.squaredError, expected["squared"], "squared")
    try expectClose(found.classwiseECE, tested.expected["classwise_ece"], "classwise")
    let bins = expected["bins"].array
    try #require(bins.count == found.topLabel.bins.count)
    for (bin, wanted) in zip(found.topLabel.bins, bins) {
      #expect(Double(bin.rows) == wanted["rows"].number)
      try expectClose(bin.weight, wanted["weight"], "weight")
      try expectClose(bin.confidence, wanted["confidence"], "confidence")
      try expectClose(bin.outcome, wanted["outcome"], "outcome")
      try expectClose(bin.band.lowerBound, wanted["low"], "low")
      try expectClose(bin.band.upperBound, wanted["high"], "high")
    }
  }

  @Test(arguments: names.filter { $0.hasPrefix("classes") })
  func scikitLearn(agreesOn name: String) throws {
    let tested = try Case(name)
    let (found, expected) = (tested.evaluation, tested.expected["scikit_learn"])
    try expectClose(found.crossEntropy, expected["log_loss"], "log loss")
    try expectClose(found.klDivergence, expected["log_loss"], "KL")
    try expectClose(found.accuracy, expected["accuracy"], "accuracy")
    try expectClose(found.expectedAccuracy, expected["accuracy"], "expected accuracy")
    try expectClose(found.brier, expected["brier"], "Brier")
    try expectClose(found.topK[1], expected["top_2"], "top 2")
    let classes = found.classScores()
    try expectClose(classes.map { $0.precision ?? .nan }, expected["precision"], "precision")
    try expectClose(classes.map { $0.recall ?? .nan }, expected["recall"], "recall")
    try expectClose(classes.map { $0.f1 ?? .nan }, expected["f1"], "F1")
  }

  @Test(arguments: names) func classesAddUpToTheWhole(in name: String) throws {
    let evaluation = try Case(name).evaluation
    let classes = evaluation.classScores()
    let sums = classes.reduce(into: [0.0, 0, 0, 0]) { sums, score in
      sums[0] += score.crossEntropy
      sums[1] += score.brierDivergence
      sums[2] += score.meanProbability
      sums[3] += score.labelWeight
    }
    #expect((sums[0] - evaluation.crossEntropy).magnitude < 1e-13)
    #expect((sums[1] - evaluation.brierDivergence).magnitude < 1e-13)
    #expect((sums[2] - 1).magnitude < 1e-13)
    #expect((sums[3] - evaluation.totalWeight).magnitude < 1e-12 * evaluation.totalWeight)
  }
}

/// Compares relative to the expected number if it is above one, otherwise absolutely.
func expectClose(
  _ found: Double, _ expected: ReferenceValue, _ what: String, tolerance: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let expected = expected.number
  let isClose =
    found == expected || (found - expected).magnitude <= tolerance * max(1, expected.magnitude)
  #expect(isClose, "\(what): \(found), not \(expected)", sourceLocation: sourceLocation)
}

func expectClose(
  _ found: [Double], _ expected: ReferenceValue, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let items = expected.array
  try #require(found.count == items.count, sourceLocation: sourceLocation)
  for (found, expected) in zip(found, items) {
    try expectClose(found, expected, what, sourceLocation: sourceLocation)
  }
}

extension ReferenceValue {
  /// The rows of a matrix.
  var rows: [[Double]] { array.map(\.numbers) }
  /// Whole numbers.
  var integers: [Int] { numbers.map { Int($0) } }
  /// A whole number.
  var integer: Int { Int(number) }
}
