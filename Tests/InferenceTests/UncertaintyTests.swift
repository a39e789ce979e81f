import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

/// Properties of standard errors for any data.
@Suite struct UncertaintyTests {
  static let tight = FitOptions(stopping: StoppingRule(tolerance: 1e-12))

  static func fit(
    _ data: Dataset, options: FitOptions = tight
  ) throws -> Fit<LinearPredictor, Categorical, FlatPrior> {
    try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical(), options: options)
      .fit(data)
  }

  /// Random shares of four classes.
  private static func fourClasses() throws -> Dataset {
    try RandomData(rows: 50, columns: 2, classes: 4, kind: .probabilities, seed: 9).dataset()
  }

  static func errors(_ record: FitRecord) -> [Double] {
    record.coefficients.map { $0.standardError ?? .nan }
  }

  /// Rows with frequencies, and the same rows repeated.
  @Test(arguments: [LabelKind.classes, .probabilities], [true, false])
  func frequenciesAreRepetitions(_ kind: LabelKind, clustered: Bool) throws {
    let data = try RandomData(rows: 40, columns: 2, classes: 3, kind: kind, seed: 4).dataset()
    let frequencies = (0..<40).map { Double(1 + $0 % 3) }
    let rows = (0..<40).flatMap { row in [Int](repeating: row, count: 1 + row % 3) }
    let weighted = try Dataset(
      features: data.features, labels: data.labels,
      weights: .frequency(checking: frequencies))
    let groups = (0..<40).map { $0 % 11 }
    let first = try Self.fit(weighted).record(
      errors: clustered ? .cluster(Clusters(groups)) : .automatic)
    let second = try Self.fit(data.selecting(rows: rows)).record(
      errors: clustered ? .cluster(Clusters(rows.map { groups[$0] })) : .automatic)
    #expect(first.uncertainty.kind == second.uncertainty.kind)
    #expect(first.uncertainty.unitCount == second.uncertainty.unitCount)
    for (a, b) in zip(Self.errors(first), Self.errors(second)) {
      #expect(relativeDistance(a, b) < 1e-9, "\(a), \(b)")
    }
    for (a, b) in zip(first.uncertainty.tests, second.uncertainty.tests) {
      #expect(a.degreesOfFreedom == b.degreesOfFreedom)
      #expect(relativeDistance(a.statistic, b.statistic) < 1e-8)
    }
  }

  /// Var(b_2 - b_1) is the same for any reference class.
  @Test(arguments: [StandardErrorChoice.information, .sandwich])
  func contrastsDoNotDependOnTheReference(_ choice: StandardErrorChoice) throws {
    let fit = try Self.fit(Self.fourClasses())
    let first = Uncertainty(of: fit, errors: choice, reference: 0)
    let second = Uncertainty(of: fit, errors: choice, reference: 2)
    for column in [nil, 0, 1] {
      let a = try #require(place(first, 1, column))
      let b = try #require(place(first, 2, column))
      let difference =
        first.covariance[a, a] + first.covariance[b, b] - 2 * first.covariance[a, b]
      let direct = try #require(
        second.standardError(of: .coefficient(class: 1, column: column)))
      #expect(relativeDistance(difference.squareRoot(), direct) < 1e-10)
    }
  }

  /// The symmetric parametrisation has the same contrasts for any reference class, and is the
  /// pseudo-inverse of the information: V I V = V, I V I = I, and columns sum to zero.
  @Test(arguments: [StandardErrorChoice.information, .sandwich])
  func symmetricContrastsAgree(_ choice: StandardErrorChoice) throws {
    let data = try Self.fourClasses()
    let fit = try Self.fit(data)
    let plain = Uncertainty(of: fit, errors: choice, reference: 1)
    let first = try #require(plain.symmetric(classCount: 4))
    let second = try #require(
      Uncertainty(of: fit, errors: choice, reference: 3).symmetric(classCount: 4))
    #expect(first.parameters == second.parameters && first.parameters.count == 12)
    #expect(vectorDistance(first.covariance.elements, second.covariance.elements) < 1e-12)
    for column in [nil, 0, 1] {
      let variance = first.varianceOfDifference(
        .coefficient(class: 2, column: column), .coefficient(class: 1, column: column))
      let error = try #require(
        plain.standardError(of: .coefficient(class: 2, column: column)))
      #expect(relativeDistance(variance?.squareRoot() ?? .nan, error) < 1e-12)
    }
    for row in 0..<12 {
      for column in 0..<3 {
        let sum = (0..<4).reduce(0.0) { $0 + first.covariance[row, 3 * $1 + column] }
        #expect(sum.magnitude < 1e-12 * first.covariance[row, row])
      }
    }
    guard choice == .information else { return }
    // Raw features, so that the coordinates are those of the coefficients.
    let q = try fit.probabilities(for: data.features).values
    var information = SymmetricMatrix(dimension: 12)
    for row in 0..<50 {
      let x = [1] + data.features.matrix.row(row)
      for i in 0..<12 {
        for j in 0...i {
          let (a, b) = (i / 3, j / 3)
          information[i, j] +=
            ((a == b ? q[row, a] : 0) - q[row, a] * q[row, b]) * x[i % 3] * x[j % 3]
        }
      }
    }
    for index in 0..<12 {
      var unit = [Double](repeating: 0, count: 12)
      unit[index] = 1
      let v = first.covariance.multiply(unit)
      #expect(
        vectorDistance(first.covariance.multiply(information.multiply(v)), v) < 1e-10)
      let i = information.multiply(unit)
      #expect(
        vectorDistance(information.multiply(first.covariance.multiply(i)), i) < 1e-10)
    }
  }

  private func place(_ uncertainty: Uncertainty, _ unit: Int, _ column: Int?) -> Int? {
    uncertainty.parameters.firstIndex(of: .coefficient(class: unit, column: column))
  }

  /// Errors scale with the units of the features, also under a prior on standardised ones.
  @Test func errorsFollowTheScale() throws {
    let data = try RandomData(rows: 60, columns: 2, classes: 3, kind: .classes, seed: 2).dataset()
    let rows = (0..<60).map { row in
      [
        data.features.matrix[row, 0] * 1e4 + 3e6,
        data.features.matrix[row, 1],
      ]
    }
    let scaled = try Dataset(features: Features(rows), labels: data.labels)
    let first = Uncertainty(of: try Self.fit(data))
    let second = Uncertainty(of: try Self.fit(scaled))
    for unit in 1...2 {
      for (column, factor) in [(0, 1e4), (1, 1.0)] {
        let parameter = ParameterTable.Identity.coefficient(class: unit, column: column)
        let a = try #require(first.standardError(of: parameter))
        let b = try #require(second.standardError(of: parameter))
        #expect(relativeDistance(a, b * factor) < 1e-8)
      }
    }
  }

  /// One-hot shares give the same fit as classes, but errors that do not assume a likelihood.
  @Test func sharesGetTheSandwich() throws {
    let data = try RandomData(rows: 50, columns: 2, classes: 3, kind: .classes, seed: 5).dataset()
    let shares = try ClassProbabilities(
      BlockedMatrix(
        rows: (0..<50).map { data.labels.distribution(ofRow: $0) }, columnCount: 3))
    let soft = try Dataset(features: data.features, labels: .probabilities(shares))
    let hard = Uncertainty(of: try Self.fit(data), errors: .sandwich)
    let automatic = Uncertainty(of: try Self.fit(soft))
    #expect(automatic.kind == .sandwich)
    #expect(Uncertainty(of: try Self.fit(data)).kind == .information)
    #expect(hard.covariance.elements == automatic.covariance.elements)
  }

  /// Rows of weight zero do not count, but have a cluster.
  @Test func weightZeroCountsForNothing() throws {
    let data = try RandomData(rows: 40, columns: 2, classes: 3, kind: .classes, seed: 6).dataset()
    let weights = (0..<40).map { $0 % 5 == 4 ? 0 : 1 + Double($0 % 2) }
    let kept = (0..<40).filter { weights[$0] > 0 }
    let all = try Self.fit(
      Dataset(
        features: data.features, labels: data.labels, weights: .importance(checking: weights)))
    let few = try Self.fit(
      Dataset(
        features: data.features.selecting(rows: kept), labels: data.labels.selecting(rows: kept),
        weights: .importance(checking: kept.map { weights[$0] })))
    let groups = (0..<40).map { $0 / 4 }
    for (first, second) in [
      (StandardErrorChoice.sandwich, StandardErrorChoice.sandwich),
      (.cluster(Clusters(groups)), .cluster(Clusters(kept.map { groups[$0] }))),
    ] {
      let a = Uncertainty(of: all, errors: first)
      let b = Uncertainty(of: few, errors: second)
      #expect(a.unitCount == b.unitCount)
      #expect(a.covariance.elements == b.covariance.elements)
    }
    let refused = Uncertainty(of: all, errors: .information)
    #expect(refused.kind == nil && refused.reason == .noInformationOfImportanceWeights)
    #expect(Uncertainty(of: all).kind == .sandwich)
  }

  /// With each row as its own cluster, the errors are those of the sandwich over rows.
  @Test func singletonClustersAreRows() throws {
    let data = try RandomData(
      rows: 230, columns: 2, classes: 3, kind: .probabilities, hasOffsets: true, seed: 8
    ).dataset()
    let fit = try Self.fit(data)
    let rows = Uncertainty(of: fit, errors: .sandwich)
    let clusters = Uncertainty(of: fit, errors: .cluster(Clusters(Array(0..<230))))
    #expect(vectorDistance(rows.covariance.elements, clusters.covariance.elements) < 1e-13)
    let one = Uncertainty(
      of: fit, errors: .cluster(Clusters([Int](repeating: 0, count: 230))))
    #expect(one.kind == nil && one.reason == .singleUnit)
    let wrong = Uncertainty(of: fit, errors: .cluster(Clusters([1, 2])))
    #expect(wrong.kind == nil)
  }

  /// The observed information is minus the derivative of the score, by central differences of the
  /// objective's gradient, for a likelihood whose information is not its expectation.
  @Test func informationIsTheSlopeOfTheScore() throws {
    let data = try RandomData(rows: 40, columns: 2, classes: 3, kind: .candidates, seed: 3)
      .dataset()
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: CandidateSet(), options: Self.tight
    ).fit(data)
    let information = fit.objective.information(.observed, at: fit.solution.point)
    let step = 1e-5
    for index in 0..<fit.objective.dimension {
      var gradients: [[Double]] = []
      for sign in [1.0, -1] {
        var point = fit.solution.point
        point[index] += sign * step
        var gradient: [Double] = []
        _ = fit.objective.evaluate(at: point, gradient: &gradient)
        gradients.append(gradient)
      }
      let slopes = zip(gradients[0], gradients[1]).map {
        ($0 - $1) / (2 * step) * fit.objective.totalWeight
      }
      let row = (0..<fit.objective.dimension).map { information[index, $0] }
      #expect(vectorDistance(row, slopes, floor: 1) < 1e-7)
    }
  }

  /// The number of threads changes no bit.
  @Test func threadsDoNotMatter() throws {
    let data = try RandomData(rows: 500, columns: 3, classes: 3, kind: .probabilities, seed: 7)
      .dataset()
    var two = Self.tight
    two.threads = ThreadCount(2)
    for choice in [
      StandardErrorChoice.sandwich, .information,
      .cluster(Clusters((0..<500).map { $0 % 200 })),
    ] {
      let first = Uncertainty(of: try Self.fit(data), errors: choice)
      let second = Uncertainty(of: try Self.fit(data, options: two), errors: choice)
      #expect(first.covariance.elements == second.covariance.elements)
    }
  }
}
