import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalInference

/// Marginal effects and intervals of probabilities, compared with statsmodels and finite
/// differences, and refusals.
@Suite struct PredictionUncertaintyTests {
  static let reference = try? ReferenceValue(ofTests: "effects.json")

  static func fit(_ features: Features, _ labels: Labels) throws -> Fit<
    LinearPredictor, Categorical, FlatPrior
  > {
    try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), options: UncertaintyTests.tight
    ).fit(Dataset(features: features, labels: labels))
  }

  static func referenceLabels() throws -> Labels {
    let classes = try #require(reference)["classes"].numbers.map { Int($0) }
    return .classes(try ClassIndices(classes, classCount: 3))
  }

  static func effects<L: Likelihood, P: Prior>(
    _ fit: Fit<LinearPredictor, L, P>, _ features: Features, weights: [Double]? = nil
  ) throws -> [MarginalEffect] {
    var effects = try MarginalEffects(
      of: fit.classifier, parameters: fit.record(errors: .automatic).parameters)
    try effects.add(features, weights: weights)
    return effects.effects()
  }

  /// Derivatives and their errors: two columns by three classes; the third is 0 or 1 and changes.
  @Test func derivativesAgreeWithStatsmodels() throws {
    let reference = try #require(Self.reference)
    let features = try Features(reference["features"].array.map(\.numbers))
    let found = try Self.effects(Self.fit(features, Self.referenceLabels()), features)
    let estimates =
      reference["effects"].array.prefix(2).map(\.numbers) + [reference["change"].numbers]
    let errors =
      reference["standard_errors"].array.prefix(2).map(\.numbers)
      + [reference["change_errors"].numbers]
    #expect(found.count == 9)
    for (index, effect) in found.enumerated() {
      #expect(effect.term == "f\(index / 3 + 1)" && effect.classIndex == index % 3)
      #expect(abs(effect.estimate - estimates[index / 3][index % 3]) < 1e-9)
      #expect(
        relativeDistance(effect.standardError ?? .nan, errors[index / 3][index % 3]) < 1e-7)
    }
  }

  /// The same third column as text: the change from the base level.
  @Test func changesOfLevelsAgree() throws {
    let reference = try #require(Self.reference)
    let rows = reference["features"].array.map(\.numbers)
    let columns = [
      Column(name: "a", numbers: Column.Numbers(rows.map { $0[0] })),
      Column(name: "b", numbers: Column.Numbers(rows.map { $0[1] })),
      Column(
        name: "c", words: ["no", "yes"], codes: rows.map { Int32($0[2]) }),
    ]
    let features = try Features(
      learning: columns, rowCount: rows.count,
      options: FeatureEncoding.Options(bases: ["c": "no"]))
    let found = try Self.effects(Self.fit(features, Self.referenceLabels()), features)
    let changes = found.filter { $0.term == "c[yes]" }
    #expect(
      changes.map(\.change)
        == [MarginalEffect.Change](repeating: .level("yes", base: "no"), count: 3))
    for (effect, (estimate, error)) in zip(
      changes, zip(reference["change"].numbers, reference["change_errors"].numbers))
    {
      #expect(abs(effect.estimate - estimate) < 1e-9)
      #expect(relativeDistance(effect.standardError ?? .nan, error) < 1e-7)
    }
    #expect(abs(changes.reduce(0) { $0 + $1.estimate }) < 1e-14)
  }

  @Test func intervalsAgreeWithPlainNumpy() throws {
    let reference = try #require(Self.reference)
    let features = try Features(reference["features"].array.map(\.numbers))
    let fit = try Self.fit(features, Self.referenceLabels())
    let intervals = try PredictionIntervals(
      of: fit.classifier,
      parameters: fit.record(reference: 1, errors: .automatic).parameters, level: 0.8)
    let ends = try intervals.ends(for: features.selecting(rows: Array(0..<5)))
    for (row, expected) in reference["intervals_80"].array.enumerated() {
      #expect(vectorDistance(ends.low.row(row), expected.array[0].numbers) < 1e-7)
      #expect(vectorDistance(ends.high.row(row), expected.array[1].numbers) < 1e-7)
    }
  }

  /// An interaction of a number and a text column: every effect by differences of predictions,
  /// every error by differences in the coefficients.
  @Test func interactionsByDifferences() throws {
    var numbers = TestNumbers(seed: 21)
    let x = numbers.uniform(80, in: -2...2)
    let z = numbers.uniform(80, in: 3...9)
    let codes = (0..<80).map { Int32($0 % 3) }
    func columns(_ x: [Double], _ codes: [Int32]) -> [Column] {
      [
        Column(name: "x", numbers: Column.Numbers(x)),
        Column(name: "z", numbers: Column.Numbers(z)),
        Column(name: "g", words: ["a", "b", "c"], codes: codes),
      ]
    }
    let design = try Features(
      learning: columns(x, codes), rowCount: 80,
      options: FeatureEncoding.Options(
        interactions: [["x", "g"], ["x", "z"]], bases: ["g": "a"]))
    func features(_ x: [Double], _ codes: [Int32]) throws -> Features {
      try Features(
        trusting: design.encoding.design(of: columns(x, codes), rowCount: 80),
        encoding: design.encoding)
    }
    let classes = (0..<80).map { _ in Int.random(in: 0..<3, using: &numbers) }
    let fit = try Self.fit(design, .classes(ClassIndices(classes, classCount: 3)))
    let weights = (0..<80).map { 1 + Double($0 % 4) }
    let total = weights.reduce(0, +)
    let found = try Self.effects(fit, design, weights: weights)
    #expect(Set(found.map(\.term)) == ["x", "z", "g[b]", "g[c]"])

    func mean(_ features: Features, _ unit: Int) throws -> Double {
      let q = try fit.probabilities(for: features).values
      return (0..<80).reduce(0) { $0 + weights[$1] * q[$1, unit] } / total
    }
    for effect in found.filter({ $0.term != "z" }) {
      let unit = effect.classIndex
      let expected: Double
      if effect.term == "x" {
        let step = 1e-5
        expected =
          try
          (mean(features(x.map { $0 + step }, codes), unit)
          - mean(features(x.map { $0 - step }, codes), unit)) / (2 * step)
      } else {
        let level: Int32 = effect.term == "g[b]" ? 1 : 2
        expected =
          try mean(features(x, [Int32](repeating: level, count: 80)), unit)
          - mean(features(x, [Int32](repeating: 0, count: 80)), unit)
      }
      #expect(abs(effect.estimate - expected) < 1e-8, "\(effect.term): \(expected)")
    }
  }

  /// The gradient used for an error, by differences in every coefficient, compared with the error.
  @Test func errorsByDifferences() throws {
    let data = try RandomData(rows: 50, columns: 2, classes: 3, kind: .probabilities, seed: 14)
      .dataset()
    let fit = try Self.fit(data.features, data.labels)
    let uncertainty = Uncertainty(of: fit)
    let found = try Self.effects(fit, data.features)
    let contrasts = fit.classifier.coefficients.contrasts(to: 0)
    let start = (1...2).flatMap { [contrasts.intercepts[$0]] + contrasts.weights[$0] }
    func effect(_ beta: [Double], _ column: Int, _ unit: Int) -> Double {
      let slopes = [0.0, beta[1 + column], beta[4 + column]]
      return (0..<50).reduce(0.0) { sum, row in
        let x = data.features.matrix.row(row)
        let q = Softmax.probabilities([
          0, beta[0] + beta[1] * x[0] + beta[2] * x[1],
          beta[3] + beta[4] * x[0] + beta[5] * x[1],
        ])
        return sum + q[unit] * (slopes[unit] - q.dot(slopes)) / 50
      }
    }
    for (index, item) in found.enumerated() {
      #expect(abs(item.estimate - effect(start, index / 3, index % 3)) < 1e-12)
      let error = Self.error(of: start, uncertainty) { effect($0, index / 3, index % 3) }
      #expect(relativeDistance(item.standardError ?? .nan, error) < 1e-9)
    }
  }

  /// The standard error of a function of the coefficients, with its gradient by differences.
  private static func error(
    of start: [Double], _ uncertainty: Uncertainty, step width: Double = 1e-3,
    _ function: ([Double]) -> Double
  ) -> Double {
    let gradient = start.indices.map { place in
      FiniteDifferences.derivative(step: width) { (step: Double) -> Double in
        var beta = start
        beta[place] += step
        return function(beta)
      }
    }
    return gradient.dot(uncertainty.covariance.multiply(gradient)).squareRoot()
  }

  /// Where the mean is not the softmax: derivatives of the mean of the density on the simplex.
  @Test func effectsOfTheContinuousCategorical() throws {
    let data = try RandomData(
      rows: 40, columns: 2, classes: 3, kind: .probabilities, seed: 4
    ).dataset()
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: ContinuousCategorical(), options: UncertaintyTests.tight
    ).fit(data)
    let uncertainty = Uncertainty(of: fit)
    let contrasts = fit.classifier.coefficients.contrasts(to: 0)
    let start = (1...2).flatMap { [contrasts.intercepts[$0]] + contrasts.weights[$0] }
    func effect(_ beta: [Double], _ column: Int, _ unit: Int) -> Double {
      FiniteDifferences.derivative(step: 0.01) { (step: Double) -> Double in
        (0..<40).reduce(0.0) { sum, row in
          var x = data.features.matrix.row(row)
          x[column] += step
          let mean = ExponentialSimplex.mean([
            0, beta[0] + beta[1] * x[0] + beta[2] * x[1],
            beta[3] + beta[4] * x[0] + beta[5] * x[1],
          ])
          return sum + mean[unit] / 40
        }
      }
    }
    for (index, item) in try Self.effects(fit, data.features).enumerated() {
      #expect(abs(item.estimate - effect(start, index / 3, index % 3)) < 1e-8)
      let error = Self.error(of: start, uncertainty, step: 0.01) {
        effect($0, index / 3, index % 3)
      }
      #expect(relativeDistance(item.standardError ?? .nan, error) < 1e-6)
    }
  }

  /// Neither the reference class nor the batches of rows matter.
  @Test func referenceAndBatchesDoNotMatter() throws {
    let data = try RandomData(rows: 40, columns: 2, classes: 4, kind: .classes, seed: 5).dataset()
    let fit = try Self.fit(data.features, data.labels)
    var all: [[MarginalEffect]] = []
    for reference in [0, 3] {
      var effects = try MarginalEffects(
        of: fit.classifier,
        parameters: fit.record(reference: reference, errors: .automatic).parameters)
      try effects.add(data.features.selecting(rows: Array(0..<13)))
      try effects.add(data.features.selecting(rows: Array(13..<40)))
      all.append(effects.effects())
    }
    for (first, second) in zip(all[0], all[1]) {
      #expect(abs(first.estimate - second.estimate) < 1e-12)
      #expect(
        relativeDistance(first.standardError ?? .nan, second.standardError ?? .nan) < 1e-9)
    }
  }

  /// A narrower level lies inside, 95 % is 1.96 standard errors, and an interval contains its
  /// probability, even if that is almost certain.
  @Test func intervalsAreNested() throws {
    let data = try RandomData(rows: 60, columns: 2, classes: 3, kind: .classes, seed: 2).dataset()
    let fit = try Self.fit(data.features, data.labels)
    let record = fit.record(errors: .automatic)
    let far = try Features([[0.1, 0.2], [60, -60], [2000, 2000]])
    let wide = try PredictionIntervals(of: fit.classifier, parameters: record.parameters).ends(
      for: far)
    let narrow = try PredictionIntervals(
      of: fit.classifier, parameters: record.parameters, level: 0.5
    )
    .ends(for: far)
    let q = try fit.probabilities(for: far).values
    for row in 0..<3 {
      for unit in 0..<3 {
        #expect(wide.low[row, unit] <= narrow.low[row, unit])
        #expect(wide.high[row, unit] >= narrow.high[row, unit])
        #expect(wide.low[row, unit] >= 0 && wide.high[row, unit] <= 1)
        #expect(narrow.low[row, unit] <= q[row, unit] * (1 + 1e-9))
        #expect(narrow.high[row, unit] >= q[row, unit] * (1 - 1e-9))
      }
    }
    #expect(abs(StandardNormal.twoSided(level: 0.9) - 1.6448536269514722) < 1e-14)
  }

  @Test func refusesWhatCannotBeSaid() throws {
    let separated = try Self.fit(
      Features([[0], [1], [2], [3]]), .classes(ClassIndices([0, 0, 1, 1], classCount: 2)))
    let record = separated.record(errors: .automatic)
    #expect(throws: PredictionRefusal.self) {
      try PredictionIntervals(of: separated.classifier, parameters: record.parameters)
    }
    #expect(throws: PredictionRefusal.self) {
      try MarginalEffects(of: separated.classifier, parameters: record.parameters)
    }
    let data = try RandomData(rows: 40, columns: 2, classes: 3, kind: .classes, seed: 5).dataset()
    let fit = try Self.fit(data.features, data.labels)
    var bare = fit.record(errors: .automatic)
    bare.parameters.covariance = nil
    #expect(throws: PredictionRefusal.self) {
      try PredictionIntervals(of: fit.classifier, parameters: bare.parameters)
    }
    let effects = try MarginalEffects(of: fit.classifier, parameters: bare.parameters)
    #expect(
      effects.absenceOfErrors
        == .covarianceNotKept(
          limit: ParameterTable.keptCovarianceLimit, coefficientCount: bare.coefficients.count)
        && effects.effects().isEmpty)
  }

  /// The standard errors of Firth's method, by brglm2: Tests/Reference/jeffreys.R.
  @Test(arguments: (try? ReferenceValue(ofTests: "jeffreys.json").array) ?? [])
  func errorsUnderJeffreysPrior(_ item: ReferenceValue) throws {
    let votes = item["votes"].array.map(\.numbers)
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Multinomial(), informationPenalty: .jeffreys,
      options: FitOptions(stopping: StoppingRule(tolerance: 1e-10))
    ).fit(
      Dataset(
        features: Features(item["features"].array.map(\.numbers)),
        labels: .counts(ClassCounts(BlockedMatrix(rows: votes, columnCount: votes[0].count)))))
    let record = fit.record(errors: .automatic)
    #expect(record.uncertainty.kind == .information && record.uncertainty.reason == .jeffreys)
    let found = record.coefficients.map { $0.standardError ?? .nan }
    #expect(vectorDistance(found, item["standard_errors"].numbers) < 1e-6, "\(found)")
  }
}
