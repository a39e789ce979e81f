import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Changes of columns and classes that do not change a fit.
@Suite struct ColumnInvarianceTests {
  static func data(_ kind: LabelKind = .probabilities) throws -> Dataset {
    try RandomData(
      rows: 80, columns: 3, classes: 4, kind: kind, hasWeights: true, seed: 21
    ).dataset()
  }

  /// The data with column d multiplied by `factors[d]` and shifted by `shifts[d]`.
  static func changed(
    _ data: Dataset, factors: [Double] = [1, 1, 1], shifts: [Double] = [0, 0, 0]
  ) throws -> Dataset {
    try data.replacing(
      features: Features(
        data.featureRows.map { row in row.indices.map { row[$0] * factors[$0] + shifts[$0] } }))
  }

  @Test(arguments: RowInvarianceTests.kinds)
  func columnsMayBePermuted(_ kind: LabelKind) throws {
    let data = try Self.data(kind)
    let rows = data.featureRows.map { [$0[2], $0[0], $0[1]] }
    let permuted = try data.replacing(features: Features(rows, names: ["f3", "f1", "f2"]))
    let (first, second) = (try penalizedFit(data), try penalizedFit(permuted))
    // Columns are found by name.
    #expect(try probabilityDistance(first, second, on: data.features) < 1e-10)
    let expected = first.classifier.coefficients.weights.map { [$0[2], $0[0], $0[1]] }
    let found = second.classifier.coefficients.weights
    #expect(vectorDistance(found.flatMap { $0 }, expected.flatMap { $0 }) < 1e-10)
  }

  @Test func classesMayBePermuted() throws {
    let data = try Self.data()
    let order = [2, 0, 3, 1]
    let shares = (0..<80).map { row in order.map { data.labels.distribution(ofRow: row)[$0] } }
    let permuted = try Dataset(
      features: data.features,
      labels: .probabilities(ClassProbabilities(BlockedMatrix(rows: shares, columnCount: 4))),
      weights: data.weights)
    for isPlain in [true, false] {
      let found =
        isPlain
        ? try plainFit(permuted).probabilities(for: data.features)
        : try penalizedFit(permuted).probabilities(for: data.features)
      let expected =
        isPlain
        ? try plainFit(data).probabilities(for: data.features)
        : try penalizedFit(data).probabilities(for: data.features)
      for (position, index) in order.enumerated() {
        let pairs = zip(found.values.column(position), expected.values.column(index))
        #expect(pairs.allSatisfy { ($0 - $1).magnitude < 1e-10 })
      }
    }
  }

  /// A power of two changes no bit of the standardised features, hence none of the fit.
  @Test(arguments: [1000, -1000, 40, -3])
  func powersOfTwoChangeNoBit(_ exponent: Int) throws {
    let data = try Self.data()
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let scaled = try Self.changed(data, factors: [factor, 1, 1 / factor])
    let (first, second) = (try plainFit(data), try plainFit(scaled))
    #expect(first.classifier.parameters == second.classifier.parameters)
    let weights = first.classifier.coefficients.weights.map {
      [$0[0] / factor, $0[1], $0[2] * factor]
    }
    #expect(second.classifier.coefficients.weights == weights)
  }

  @Test(arguments: [[1e150, 1e-150, 1], [1e300, 1e-300, 1e5], [1e-300, 1e300, 1e-300]])
  func columnsMayBeScaled(_ factors: [Double]) throws {
    let data = try Self.data()
    let scaled = try Self.changed(data, factors: factors)
    let (first, second) = (try plainFit(data), try plainFit(scaled))
    #expect(second.status.isConverged)
    #expect(second.aliased.isEmpty)
    #expect(
      try probabilityDistance(first, second, on: data.features, and: scaled.features) < 1e-10)
    for (found, expected) in zip(
      second.classifier.coefficients.weights, first.classifier.coefficients.weights)
    {
      for column in 0..<3 {
        #expect(relativeDistance(found[column], expected[column] / factors[column]) < 1e-9)
      }
    }
  }

  /// With the penalty on standardised coefficients units do not matter either.
  @Test func penalisedColumnsMayBeScaledWhereStandardised() throws {
    let data = try Self.data()
    let scaled = try Self.changed(data, factors: [1e6, 1e-9, 3], shifts: [5e5, 0, -1e3])
    let options = FitOptions(penalizesStandardized: true)
    let first = try penalizedFit(data, options: options)
    let second = try penalizedFit(scaled, options: options)
    #expect(
      try probabilityDistance(first, second, on: data.features, and: scaled.features) < 1e-9)
    // With the penalty on raw coefficients they do.
    let raw = try penalizedFit(scaled)
    #expect(try probabilityDistance(first, raw, on: data.features, and: scaled.features) > 1e-3)
  }

  /// Features are multiples of 2^-20, so that adding 1e9 is exact; the certified slopes are those
  /// without it.
  @Test func anOffsetOfABillionCostsNoDigits() throws {
    let data = try Self.data()
    let unit = 1048576.0
    let rows = data.featureRows.map { row in row.map { ($0 * unit).rounded() / unit } }
    let exact = try data.replacing(features: Features(rows))
    let shifted = try Self.changed(exact, shifts: [1e9, -1e9, 1e9])
    let (first, second) = (try plainFit(exact), try plainFit(shifted))
    #expect(second.status.isConverged)
    let (expected, found) = (first.classifier.coefficients, second.classifier.coefficients)
    for (found, expected) in zip(found.weights, expected.weights) {
      for (found, expected) in zip(found, expected) {
        #expect(relativeDistance(found, expected) < 1e-9)
      }
    }
    #expect(
      try probabilityDistance(first, second, on: exact.features, and: shifted.features) < 1e-9)
    for index in 0..<4 {
      let shift =
        1e9
        * (expected.weights[index][0] - expected.weights[index][1]
          + expected.weights[index][2])
      #expect(relativeDistance(found.intercepts[index], expected.intercepts[index] - shift) < 1e-9)
    }
  }

  @Test func aConstantColumnIsAliased() throws {
    let data = try Self.data()
    let wider = try data.replacing(
      features: Features(data.featureRows.map { [$0[0], 7, $0[1], $0[2]] }))
    let (first, second) = (try plainFit(data), try plainFit(wider))
    #expect(second.aliased.map(\.column) == [1])
    #expect(second.kept == [0, 2, 3])
    #expect(second.statistics.degreesOfFreedom == first.statistics.degreesOfFreedom)
    #expect(relativeDistance(first.statistics.objective, second.statistics.objective) < 1e-13)
    let record = second.record()
    let states = record.coefficients.filter { $0.feature == "f2" }
    #expect(states.count == 3)
    #expect(states.allSatisfy { $0.state == .aliased && $0.estimate == nil })
    let equations = Self.equations(record.warnings)
    #expect(equations == ["\"f2\" = 7"], "\(equations)")
  }

  /// The combinations named in warnings.
  private static func equations(_ warnings: [FitWarning]) -> [String] {
    warnings.flatMap { warning -> [String] in
      guard case .rankDeficient(let deficiency) = warning else { return [] }
      return deficiency.equations
    }
  }

  /// A combination is named in the user's units, not in standardised ones.
  @Test func aDependentColumnIsNamedWithItsCombination() throws {
    let data = try Self.data()
    let wider = try data.replacing(
      features: Features(
        data.featureRows.map { [$0[0], $0[1], $0[2], 3 * $0[0] - 20 * $0[2] + 1, $0[1]] }))
    let (first, second) = (try plainFit(data), try plainFit(wider))
    #expect(second.aliased.map(\.column) == [3, 4])
    #expect(
      try probabilityDistance(first, second, on: data.features, and: wider.features) < 1e-10)
    let equations = Self.equations(second.record().warnings)
    #expect(
      equations == ["\"f4\" = 1 + 3 * \"f1\" + -20 * \"f3\"", "\"f5\" = \"f2\""], "\(equations)")
    // A proper prior distributes the coefficient instead.
    let penalized = try penalizedFit(wider)
    #expect(penalized.aliased.isEmpty)
    let weights = penalized.classifier.coefficients.weights
    #expect(weights.allSatisfy { relativeDistance($0[1], $0[4], floor: 1) < 1e-7 })
  }

  @Test func anInterceptIsAColumnOfOnes() throws {
    let data = try Self.data()
    let ones = try data.replacing(features: Features(data.featureRows.map { [1] + $0 }))
    let (first, second) = (try plainFit(data), try plainFit(ones, hasIntercept: false))
    #expect(second.aliased.isEmpty)
    #expect(first.statistics.degreesOfFreedom == second.statistics.degreesOfFreedom)
    #expect(relativeDistance(first.statistics.objective, second.statistics.objective) < 1e-13)
    let expected = first.classifier.coefficients.contrasts(to: 0)
    let found = second.classifier.coefficients.contrasts(to: 0)
    #expect(found.intercepts.isEmpty)
    for index in 0..<4 {
      let row = [expected.intercepts[index]] + expected.weights[index]
      #expect(vectorDistance(found.weights[index], row, floor: 1) < 1e-9)
    }
  }

  /// An offset replaces a part of a feature's coefficient, which decreases by the same amount.
  @Test func anOffsetTakesThePartOfAFeature() throws {
    let data = try Self.data()
    let slopes = [0.5, -1, 0.25, 2]
    let offsets = data.featureRows.map { row in slopes.map { $0 * row[1] } }
    let moved = try Dataset(
      features: data.features, labels: data.labels, weights: data.weights,
      offsets: BlockedMatrix(rows: offsets, columnCount: 4))
    let (first, second) = (try plainFit(data), try plainFit(moved))
    #expect(second.classifier.usesOffsets)
    #expect(relativeDistance(first.statistics.objective, second.statistics.objective) < 1e-13)
    let expected = first.classifier.coefficients.contrasts(to: 0).weights
    let found = second.classifier.coefficients.contrasts(to: 0).weights
    for index in 0..<4 {
      let row = [
        expected[index][0], expected[index][1] - slopes[index] + slopes[0], expected[index][2],
      ]
      #expect(vectorDistance(found[index], row, floor: 1) < 1e-9)
    }
    // The null model has the offsets too.
    #expect(second.statistics.nullCrossEntropy != first.statistics.nullCrossEntropy)
  }

  /// The same offset for every class changes nothing.
  @Test func anOffsetCommonToAllClassesIsNone() throws {
    let data = try Self.data()
    let offsets = (0..<80).map { row in [Double](repeating: Double(row % 7) - 3, count: 4) }
    let moved = try Dataset(
      features: data.features, labels: data.labels, weights: data.weights,
      offsets: BlockedMatrix(rows: offsets, columnCount: 4))
    let (first, second) = (try plainFit(data), try plainFit(moved))
    #expect(relativeDistance(first.statistics.objective, second.statistics.objective) < 1e-13)
    let expected = first.classifier.coefficients.weights.flatMap { $0 }
    #expect(vectorDistance(second.classifier.coefficients.weights.flatMap { $0 }, expected) < 1e-10)
  }
}
