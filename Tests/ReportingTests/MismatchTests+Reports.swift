import SurprisalDatasets
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalProbability
import SurprisalReporting
import Testing

extension MismatchFixture {
  var parameters: ParameterTable { fit.record(errors: .information).parameters }

  /// The effects over the rows.
  func effects() throws -> MarginalEffects {
    var effects = try MarginalEffects(of: fit.classifier, parameters: parameters)
    try effects.add(data.features)
    return effects
  }

  func printer(_ change: (inout EvaluationPrinter.Options) -> Void) throws -> EvaluationPrinter {
    var options = EvaluationPrinter.Options(classNames: names)
    change(&options)
    return try EvaluationPrinter(evaluation, options: options)
  }

  func comparison(names: [String]) throws -> ComparisonPrinter {
    try ComparisonPrinter(
      MultipleComparison(of: [evaluation, evaluation.null]), names: names, records: [:],
      clusters: nil, level: 0.95, replicates: 0, seed: 1)
  }
}

extension MismatchTests {
  static let inferences: [MismatchCase] = [
    MismatchCase("weights of effects", "weights", 12, 2) {
      var effects = try $0.effects()
      try effects.add($0.data.features, weights: [1, 2])
    },
    MismatchCase("offsets of effects", "offsets", 12, 2) {
      var effects = try $0.effects()
      try effects.add($0.data.features, offsets: MismatchFixture.zeros(2, 3))
    },
    MismatchCase("columns of the offsets of effects", "columns of the offsets", 3, 2) {
      var effects = try $0.effects()
      try effects.add($0.data.features, offsets: MismatchFixture.zeros(12, 2))
    },
    MismatchCase("the level of effects", PredictionRefusal.level(95)) {
      _ = try MarginalEffects(of: $0.fit.classifier, parameters: $0.parameters, level: 95)
    },
    MismatchCase("offsets of intervals", "offsets", 12, 2) {
      _ = try PredictionIntervals(of: $0.fit.classifier, parameters: $0.parameters).ends(
        for: $0.data.features, offsets: MismatchFixture.zeros(2, 3))
    },
    MismatchCase("the level of intervals", PredictionRefusal.level(1)) {
      _ = try PredictionIntervals(
        of: $0.fit.classifier, parameters: $0.parameters, level: 1)
    },
    MismatchCase("the level of contrasts", ContrastError.refusal(.level(0))) {
      _ = try LinearContrasts(
        ["1:f1"], of: $0.fit.record(errors: .information),
        classNames: $0.fit.classifier.classNames, level: 0)
    },
    MismatchCase("classes of influence", "classes of the labels", 3, 2) {
      _ = try RowInfluence(of: $0.fit.classifier, record: $0.fit.record(errors: .information))
        .rows(of: MismatchFixture.rows(12, classes: 2))
    },
  ]

  static let reports: [MismatchCase] = [
    MismatchCase("names of an evaluation", "class names", 3, 2) {
      _ = try $0.printer { $0.classNames = ["a", "b"] }
    },
    MismatchCase(
      "k of an evaluation",
      DatasetError.argument("classes of the top-k accuracy", value: 0, domain: "at least 1")
    ) { _ = try $0.printer { $0.topK = 0 } },
    MismatchCase(
      "bins of an evaluation", DatasetError.argument("bins", value: 0, domain: "at least 1")
    ) { _ = try $0.printer { $0.binCount = 0 } },
    MismatchCase(
      "the level of an evaluation",
      DatasetError.argument("level", value: 2, domain: "a number between 0 and 1")
    ) { _ = try $0.printer { $0.level = 2 } },
    MismatchCase("clusters of an evaluation", "clusters", 12, 3) {
      _ = try $0.printer { $0.clusters = Clusters([1, 2, 3]) }
    },
    MismatchCase("names of a comparison", "names", 2, 1) { _ = try $0.comparison(names: ["a"]) },
    MismatchCase("names of divergences", "class names", 3, 4) {
      _ = try DivergenceFigure($0.evaluation, classNames: ["a", "b", "c", "d"])
    },
    MismatchCase("rows of divergences", "row numbers", 12, 1) {
      _ = try DivergenceFigure($0.evaluation, classNames: $0.names, rowNumbers: [1])
    },
    MismatchCase("names of the triangle", "class names", 3, 0) {
      _ = try TernaryFigure($0.evaluation, predictions: $0.predictions, classNames: [])
    },
    MismatchCase("names of coefficients", "class names", 3, 2) {
      _ = try TidyTables($0.fit.record(), classNames: ["a", "b"])
    },
    MismatchCase(
      "the level of coefficients",
      DatasetError.argument("level", value: 0, domain: "a number between 0 and 1")
    ) { _ = try TidyTables($0.fit.record(), classNames: $0.names, level: 0) },
    MismatchCase("names of effects", "class names", 3, 2) {
      _ = try EffectTable($0.effects(), rowCount: 12, classNames: ["a", "b"])
    },
    MismatchCase("rows of diagnostics", "row numbers", 12, 2) {
      let rows = try RowInfluence(of: $0.fit.classifier, record: $0.fit.record()).rows(of: $0.data)
      _ = try AugmentTable(rows, numbers: [1, 2], classNames: $0.names)
    },
    MismatchCase("names of diagnostics", "class names", 3, 2) {
      let rows = try RowInfluence(of: $0.fit.classifier, record: $0.fit.record()).rows(of: $0.data)
      _ = try AugmentTable(rows, numbers: Array(1...12), classNames: ["a", "b"])
    },
    MismatchCase("names of a report", "class names", 3, 1) {
      _ = try HTMLReport(
        ReportContent(
          title: "", dataName: "", sourceName: "", classNames: ["a"], evaluation: $0.evaluation))
    },
    MismatchCase("names of the coefficients of a report", "class names", 4, 3) {
      var content = ReportContent(
        title: "", dataName: "", sourceName: "", classNames: $0.names, evaluation: $0.evaluation)
      content.record = try $0.softmax.fit(MismatchFixture.rows(12, classes: 4)).record()
      _ = try HTMLReport(content)
    },
  ]

  /// Clusters that do not match the rows of the data are a reason, also beside rows of weight zero.
  @Test(arguments: [0, 3, 11, 13]) func clustersOfOtherRows(_ count: Int) throws {
    let fixture = try MismatchFixture()
    let clusters = StandardErrorChoice.cluster(Clusters(Array(0..<count)))
    let some = try Dataset(
      features: fixture.data.features, labels: fixture.data.labels,
      weights: .importance(checking: [0] + (1..<12).map { Double($0) }))
    // A fit does not keep the number of its rows of weight zero: more clusters than that are unseen.
    for fit in [fixture.fit] + (count < 12 ? [try fixture.softmax.fit(some)] : []) {
      let uncertainty = Uncertainty(of: fit, errors: clusters)
      #expect(uncertainty.kind == nil)
      #expect(uncertainty.reason == .clusterMismatch)
    }
  }
}
