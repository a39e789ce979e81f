import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Tests of columns, contrasts and effects at values:
/// Tests/Reference/inference.py made the numbers.
@Suite struct CoefficientInferenceTests {
  private static let reference = try? ReferenceValue(ofTests: "inference.json")

  private func data(binary: Bool = false) throws -> Dataset {
    let reference = try #require(Self.reference)
    let classes = reference["classes"].numbers.map { binary ? ($0 == 1 ? 1 : 0) : Int($0) }
    return try Dataset(
      features: Features(reference["features"].array.map(\.numbers)),
      labels: .classes(ClassIndices(classes, classCount: binary ? 2 : 3)))
  }

  private typealias Estimator<P: Prior> = MaximumLikelihood<SoftmaxRegression, Categorical, P>

  private func estimator<P: Prior>(_ prior: P) -> Estimator<P> {
    MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), prior: prior,
      options: UncertaintyTests.tight)
  }

  private func test<P: Prior>(
    _ columns: [String], _ data: Dataset, _ estimator: Estimator<P>,
    errors: StandardErrorChoice = .automatic
  ) throws -> ColumnTest {
    let fit = try estimator.fit(data)
    return try fit.test(
      ofColumns: columns, record: fit.record(errors: errors), data: data, estimator: estimator,
      errors: errors)
  }

  @Test func testsOfColumnsAgreeWithStatsmodels() throws {
    let cases = try #require(Self.reference)["columns"].array
    #expect(cases.count == 3)
    for expected in cases {
      let names = expected["columns"].numbers.map { "f\(Int($0) + 1)" }
      let found = try test(names, data(), estimator(FlatPrior()))
      #expect(found.columns == names && found.features == names)
      for kind in ModelComparison.Kind.allCases {
        let result = try #require(found.comparison.test(kind), "\(found.comparison.refusals)")
        let numbers = expected[kind.rawValue]
        #expect(result.degreesOfFreedom == Int(expected["degrees_of_freedom"].number))
        #expect(relativeDistance(result.statistic, numbers["statistic"].number) < 1e-8, "\(kind)")
        #expect(relativeDistance(result.pValue, numbers["p_value"].number) < 1e-7, "\(kind)")
      }
    }
  }

  /// Jeffreys' prior has only the penalised likelihood ratio, a Gaussian prior no test, sandwich
  /// errors no likelihood ratio, and separated data only the score test.
  @Test func testsThatAreRefused() throws {
    let data = try data()
    let jeffreys = MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), informationPenalty: .jeffreys,
      options: UncertaintyTests.tight)
    let fit = try jeffreys.fit(data)
    let profile = try #require(fit.profile(of: fit.record(errors: .automatic)))
    let penalized = try test(["f2"], data, jeffreys).comparison
    let expected = try #require(profile.tests.first { $0.feature == "f2" })
    #expect(penalized.test(.likelihoodRatio)?.statistic == expected.statistic)
    #expect(penalized.refusal(.wald) == .jeffreys && penalized.refusal(.score) == .jeffreys)

    let gaussian = try test(["f2"], data, estimator(GaussianPrior.ridge(0.1))).comparison
    #expect(gaussian.tests.isEmpty && gaussian.refusals.map(\.reason) == [.prior, .prior, .prior])

    let clusters = Clusters((0..<150).map { $0 % 50 })
    let robust = try test(
      ["f2"], data, estimator(FlatPrior()), errors: .cluster(clusters)
    ).comparison
    #expect(robust.refusal(.likelihoodRatio) == .criteria(.clusters))
    #expect(robust.test(.wald)?.isRobust == true && robust.test(.score)?.isRobust == true)

    let rows = (0..<12).map { [Double($0 % 3), $0 < 6 ? 0.0 : 1] }
    let labels = Labels.classes(try ClassIndices((0..<12).map { $0 < 6 ? 0 : 1 }, classCount: 2))
    let separated = try test(
      ["f2"], Dataset(features: Features(rows), labels: labels), estimator(FlatPrior())
    ).comparison
    #expect(separated.tests.map(\.kind) == [.likelihoodRatio, .score])
    #expect(separated.refusal(.wald) != nil)
    #expect(throws: DatasetError.testedColumn("f9", available: ["f1", "f2", "f3"])) {
      try test(["f9"], data, estimator(FlatPrior()))
    }
  }

  /// A column is tested with its levels and its interactions; an interaction can be tested alone.
  @Test func interactionsAreTestedWithTheirColumns() throws {
    var numbers = TestNumbers(seed: 5)
    let x = numbers.uniform(90, in: -2...2)
    let codes = (0..<90).map { Int32($0 % 3) }
    let features = try Features(
      learning: [
        Column(name: "x", numbers: Column.Numbers(x)),
        Column(name: "g", words: ["a", "b", "c"], codes: codes),
      ], rowCount: 90,
      options: FeatureEncoding.Options(interactions: [["x", "g"]], bases: ["g": "a"]))
    let labels = Labels.classes(
      try ClassIndices((0..<90).map { _ in Int.random(in: 0..<2, using: &numbers) }, classCount: 2))
    let data = try Dataset(features: features, labels: labels)
    #expect(features.encoding.testableNames == ["x", "g", "x:g"])
    for (names, tested) in [
      (["x"], ["x", "x:g[b]", "x:g[c]"]), (["g"], ["g[b]", "g[c]", "x:g[b]", "x:g[c]"]),
      (["x:g"], ["x:g[b]", "x:g[c]"]), (["x", "g"], features.names),
    ] {
      let found = try test(names, data, estimator(FlatPrior()))
      #expect(Set(found.features) == Set(tested))
      for kind in ModelComparison.Kind.allCases {
        #expect(found.comparison.test(kind)?.degreesOfFreedom == tested.count, "\(names) \(kind)")
      }
    }
  }

  @Test func contrastsAgreeWithStatsmodels() throws {
    let reference = try #require(Self.reference)
    let expected = reference["contrasts"].array
    let fit = try estimator(FlatPrior()).fit(data())
    for base in 0..<3 {
      let found = try LinearContrasts(
        expected.map { $0["text"].text },
        of: fit.record(reference: 0, errors: .automatic).against(reference: base),
        classNames: ["0", "1", "2"], level: 0.9)
      for (contrast, numbers) in zip(found.contrasts, expected) {
        // The first is a difference of two classes that does not involve the reference class.
        guard base == 0 || contrast.text == expected[0]["text"].text else { continue }
        let wald = try #require(contrast.wald)
        for (value, key) in [
          (contrast.estimate, "estimate"), (contrast.standardError, "std_error"),
          (wald.z ?? .nan, "z"), (wald.pValue ?? .nan, "p_value"),
          (wald.interval.lowerBound, "low_90"), (wald.interval.upperBound, "high_90"),
        ] {
          #expect(relativeDistance(value, numbers[key].number) < 1e-7, "\(contrast.text) \(key)")
        }
      }
      guard base == 0 else { continue }
      let joint = try #require(found.jointTest)
      #expect(joint.degreesOfFreedom == 3)
      #expect(relativeDistance(joint.statistic, reference["joint"]["statistic"].number) < 1e-8)
      #expect(relativeDistance(joint.pValue, reference["joint"]["p_value"].number) < 1e-7)
    }
  }

  /// Names with operators, quotes, ratios, repeated and cancelling terms.
  @Test func contrastsAreRead() throws {
    let names = ["a", "b-1", "c:x"]
    let rows = try #require(Self.reference)["features"].array.map(\.numbers)
    let data = try Dataset(
      features: Features(rows, names: ["x", "x - y", "x*2"]), labels: self.data().labels,
      classNames: names)
    let record = try estimator(FlatPrior()).fit(data).record(errors: .automatic)
    func value(_ unit: Int, _ feature: String) throws -> Double {
      try #require(
        record.coefficients.first { $0.classIndex == unit && $0.feature == feature }?.estimate)
    }
    let (x, y, z) = (try value(1, "x"), try value(1, "x - y"), try value(2, "x*2"))
    for (text, expected) in [
      ("b-1:x", x), (" - b-1:x ", -x), ("b-1:x - y", y), ("`b-1:x` - `b-1`:`x - y`", x - y),
      ("`b-1`:x-b-1:`x - y`", x - y), ("2*b-1:x - 1/4 * c:x:x*2", 2 * x - z / 4),
      ("1e-1*b-1:x+b-1:x", 1.1 * x), ("b-1:x - a:x", x), ("b-1:x + b-1:x - b-1:x", x),
      ("b-1:(Intercept)", try value(1, "(Intercept)")),
    ] {
      let found = try LinearContrasts([text], of: record, classNames: names)
      #expect((found.contrasts[0].estimate - expected).magnitude < 1e-12, "\(text)")
      #expect(found.jointTest == nil && found.jointRefusal == nil)
    }
    for text in [
      "", "b-1:x -", "b-1:q", "2*", "b-1:x b-1:x", "3", "a:x", "b-1:x - b-1:x", "*b-1:x",
    ] {
      #expect(throws: ContrastError.self, "\(text)") {
        try LinearContrasts([text], of: record, classNames: names)
      }
    }
    let twice = try LinearContrasts(["b-1:x", "2*b-1:x"], of: record, classNames: names)
    #expect(twice.jointTest == nil && twice.jointRefusal == .singularCoefficients)
    let bare = try estimator(FlatPrior()).fit(data).record(errors: .none)
    #expect(throws: ContrastError.refusal(.noStandardErrors(.notRequested))) {
      try LinearContrasts(["b-1:x"], of: bare, classNames: names)
    }
  }

  @Test func effectsAtValuesAgreeWithStatsmodels() throws {
    let reference = try #require(Self.reference)
    let data = try data()
    let fit = try estimator(FlatPrior()).fit(data)
    let parameters = fit.record(errors: .automatic).parameters
    for expected in reference["at"].array {
      let text = "f\(Int(expected["column"].number) + 1)=\(expected["value"].number)"
      var effects = try MarginalEffects(
        of: fit.classifier, parameters: parameters,
        settings: EffectSetting.all(text, in: fit.classifier.encoding))
      try effects.add(data.features)
      for (index, mean) in effects.means().enumerated() {
        #expect((mean.estimate - expected["means"].numbers[index]).magnitude < 1e-9)
        let error = expected["mean_errors"].numbers[index]
        #expect(relativeDistance(mean.standardError ?? .nan, error) < 1e-7, "\(text) mean \(index)")
      }
      let found = effects.effects()
      #expect(found.count == 9 && found.map { $0.change == .discrete }.filter { $0 }.count == 3)
      for (index, effect) in found.enumerated() {
        let (column, unit) = (index / 3, index % 3)
        #expect((effect.change == .discrete) == (column == 2))
        let value = expected["effects"].array[column].numbers[unit]
        let error = expected["errors"].array[column].numbers[unit]
        #expect((effect.estimate - value).magnitude < 1e-9, "\(text) \(index)")
        #expect(relativeDistance(effect.standardError ?? .nan, error) < 1e-7, "\(text) \(index)")
      }
    }
  }

  @Test func changesOfTwoClassesAgreeWithStatsmodels() throws {
    let reference = try #require(Self.reference)
    let data = try data(binary: true)
    let found = try PredictionUncertaintyTests.effects(
      estimator(FlatPrior()).fit(data), data.features
    ).filter { $0.classIndex == 1 }
    for (index, effect) in found.enumerated() {
      #expect((effect.estimate - reference["dummy"]["effects"].numbers[index]).magnitude < 1e-9)
      #expect(
        relativeDistance(
          effect.standardError ?? .nan, reference["dummy"]["errors"].numbers[index]) < 1e-7)
    }
  }

  /// Compares columns set in the design with columns set in the table.
  @Test func settingsReachInteractionsAndLevels() throws {
    var numbers = TestNumbers(seed: 31)
    let x = numbers.uniform(200, in: -2...2)
    let flags = (0..<200).map { Double($0 * 7 % 5 % 2) }
    let codes = (0..<200).map { Int32($0 % 3) }
    func columns(_ x: [Double], _ flags: [Double], _ codes: [Int32]) -> [Column] {
      [
        Column(name: "x", numbers: Column.Numbers(x)),
        Column(name: "d", numbers: Column.Numbers(flags)),
        Column(name: "g", words: ["a", "b", "c"], codes: codes),
      ]
    }
    let design = try Features(
      learning: columns(x, flags, codes), rowCount: 200,
      options: FeatureEncoding.Options(
        interactions: [["x", "g"], ["x", "d"], ["d", "g"]], bases: ["g": "b"]))
    let classes = (0..<200).map { _ in Int.random(in: 0..<3, using: &numbers) }
    let fit = try PredictionUncertaintyTests.fit(
      design, .classes(ClassIndices(classes, classCount: 3)))
    let parameters = fit.record(errors: .automatic).parameters
    func effects(_ texts: [String], _ features: Features) throws -> MarginalEffects {
      let settings = try texts.flatMap { try EffectSetting.all($0, in: design.encoding) }
      var result = try MarginalEffects(
        of: fit.classifier, parameters: parameters, settings: settings)
      try result.add(features)
      return result
    }
    func features(_ value: Double, _ code: Int32) throws -> Features {
      let set = columns(
        [Double](repeating: value, count: 200), flags, [Int32](repeating: code, count: 200))
      return try Features(
        trusting: design.encoding.design(of: set, rowCount: 200), encoding: design.encoding)
    }
    for (texts, table) in [
      (["x=0.75", "g=c"], try features(0.75, 2)), (["g=b", "x=-1"], try features(-1, 1)),
    ] {
      let (found, expected) = (try effects(texts, design), try effects([], table))
      for (a, b) in zip(found.effects(), expected.effects()) {
        #expect(a.term == b.term && a.change == b.change)
        #expect((a.estimate - b.estimate).magnitude < 1e-13, "\(texts) \(a.term)")
        #expect(relativeDistance(a.standardError ?? .nan, b.standardError ?? .nan) < 1e-10)
      }
      for (a, b) in zip(found.means(), expected.means()) {
        #expect((a.estimate - b.estimate).magnitude < 1e-13)
      }
    }
    let change = try effects([], design).effects().filter { $0.change == .discrete }
    let ends = try ["d=0", "d=1"].map { try effects([$0], design).means() }
    #expect(change.map(\.column) == ["d", "d", "d"])
    for (index, effect) in change.enumerated() {
      let difference = ends[1][index].estimate - ends[0][index].estimate
      #expect((effect.estimate - difference).magnitude < 1e-13)
    }
    for text in ["q=1", "x=a", "x=inf", "g=z", "g"] {
      #expect(throws: PredictionRefusal.self) { try EffectSetting.all(text, in: design.encoding) }
    }
  }
}
