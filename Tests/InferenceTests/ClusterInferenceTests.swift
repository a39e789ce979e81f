import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Student's t, F, and fits with a coefficient for each cluster. Tests/Reference/clusters.py made
/// the numbers.
@Suite struct ClusterInferenceTests {
  private static let reference = try? ReferenceValue(ofTests: "clusters.json")

  @Test func tailsAgreeWithMpmath() throws {
    let tails = try #require(Self.reference)["tails"].array
    #expect(tails.count == 90)
    for tested in tails {
      let distribution = WaldDistribution(freedom: tested["m"].number)
      let (x, q) = (tested["x"].number, Int(tested["q"].number))
      let found = distribution.jointTail(x, count: q)
      // With a million degrees of freedom, gamma functions have only nine correct digits.
      let bound = tested["m"].number > 1000 ? 1e-8 : 1e-11
      #expect(relativeDistance(found, tested["tail"].number) < bound, "\(x) \(q) \(tested["m"])")
      if q == 1 {
        #expect(relativeDistance(distribution.twoSidedTail(-x.squareRoot()), found) < 1e-13)
      }
    }
  }

  @Test func quantilesAgreeWithMpmath() throws {
    for tested in try #require(Self.reference)["quantiles"].array {
      let found = WaldDistribution(freedom: tested["m"].number)
        .twoSided(level: tested["level"].number)
      #expect(relativeDistance(found, tested["value"].number) < 1e-11, "\(tested)")
    }
    #expect(WaldDistribution().twoSided(level: 0.95) == StandardNormal.quantile975)
    #expect(WaldDistribution().jointTail(3, count: 2) == ChiSquared.upperTail(3, freedom: 2))
  }

  /// A column that names the clusters and is also a feature: the slope has the error of numpy and t
  /// with G - 1 degrees of freedom, the clusters' own coefficients have no error.
  @Test func fixedEffectsAndClusters() throws {
    let tested = try #require(Self.reference)["fixed_effects"]
    let groups = tested["groups"].numbers.map { "g\(Int($0))" }
    let codes = tested["groups"].numbers.map { Int32($0) }
    let table = [
      Column(name: "x", numbers: Column.Numbers(tested["x"].numbers)),
      Column(name: "g", words: (0..<6).map { "g\($0)" }, codes: codes),
    ]
    let encoding = try FeatureEncoding(learning: table, options: .init())
    let columns = Columns(trusting: table, rowCount: groups.count)
    let features = try columns.encoded(as: encoding)
    let labels = Labels.classes(
      try ClassIndices(tested["y"].numbers.map { Int($0) }, classCount: 2))
    let record = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), options: UncertaintyTests.tight
    ).fit(Dataset(features: features, labels: labels))
      .record(errors: .cluster(Clusters(groups, name: "g")))
    #expect(record.uncertainty.kind == .cluster && record.uncertainty.freedom == 5)
    let slope = try #require(record.coefficients.first { $0.feature == "x" })
    #expect(relativeDistance(slope.estimate ?? .nan, tested["estimate"].number) < 1e-9)
    #expect(relativeDistance(slope.standardError ?? .nan, tested["std_error"].number) < 1e-8)
    #expect(relativeDistance(slope.wald?.pValue ?? .nan, tested["p_value"].number) < 1e-7)
    #expect(record.coefficients.count { $0.standardError != nil } == 1)
    #expect(record.uncertainty.tests.first?.feature == "x")
    #expect(
      relativeDistance(record.uncertainty.tests.first?.pValue ?? .nan, tested["p_value"].number)
        < 1e-7)
  }

  /// The errors of an estimated confusion matrix by differences of the softmax instead of its
  /// derivatives.
  @Test func errorsOfTheConfusionMatrix() throws {
    // Not every sample has an interior maximum.
    let checked = try (0..<12).count { try checkConfusionMatrix(seed: $0) }
    #expect(checked > 0)
  }

  private func checkConfusionMatrix(seed: UInt64) throws -> Bool {
    var numbers = TestNumbers(seed: seed)
    let rows = (0..<300).map { _ in numbers.uniform(1, in: -3...3) }
    let classes = rows.map { row -> Int in
      let shares = Softmax.probabilities([0, 1.5 * row[0], -1 - 2 * row[0]])
      let truth = Self.draw(shares, &numbers)
      return Self.draw((0..<3).map { $0 == truth ? 0.8 : 0.1 }, &numbers)
    }
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: NoisyLabel(.estimated(startingDiagonal: 0.9))
    ).fit(
      Dataset(features: Features(rows), labels: .classes(ClassIndices(classes, classCount: 3))))
    let uncertainty = Uncertainty(of: fit)
    guard uncertainty.kind != nil else { return false }
    let matrix = try #require(fit.record(uncertainty).confusionMatrix)
    let places = uncertainty.parameters.indices.filter {
      if case .auxiliary = uncertainty.parameters[$0] { true } else { false }
    }
    guard places.count == 6 else { return false }
    let covariance = uncertainty.covariance.restricted(to: places)
    let own = Array(fit.classifier.parameters.suffix(6))
    func entry(_ row: Int, _ report: Int, _ own: [Double]) -> Double {
      fit.likelihood.confusion.matrix(parameters: own, classCount: 3)[row][report]
    }
    for (row, entries) in matrix.enumerated() {
      #expect((entries.reduce(0) { $0 + $1.estimate } - 1).magnitude < 1e-12)
      for (report, found) in entries.enumerated() {
        #expect((found.estimate - entry(row, report, own)).magnitude < 1e-14)
        let gradient = own.indices.map { index -> Double in
          var (high, low) = (own, own)
          high[index] += 1e-5
          low[index] -= 1e-5
          return (entry(row, report, high) - entry(row, report, low)) / 2e-5
        }
        let error = gradient.dot(covariance.multiply(gradient)).squareRoot()
        #expect(relativeDistance(found.standardError ?? .nan, error) < 1e-6)
        let interval = try #require(found.interval)
        #expect(interval.lowerBound > 0 && interval.upperBound < 1)
        #expect(interval.contains(found.estimate))
      }
    }
    return true
  }

  private static func draw(_ shares: [Double], _ numbers: inout TestNumbers) -> Int {
    var place = Double.random(in: 0...1, using: &numbers)
    for (index, share) in shares.enumerated() {
      place -= share
      if place < 0 { return index }
    }
    return shares.count - 1
  }
}
