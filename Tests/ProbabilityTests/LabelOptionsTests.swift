import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct LabelOptionsTests {
  @Test func smoothingMixesWithTheUniformDistribution() throws {
    let labels = try Labels.someClasses.smoothed(by: 0.1)
    #expect(vectorDistance(labels.distribution(ofRow: 1), [0.025, 0.925, 0.025, 0.025]) < 1e-15)
    let soft = try Labels.someProbabilities.smoothed(by: 0.5)
    #expect(vectorDistance(soft.distribution(ofRow: 1), [0.125, 0.375, 0.375, 0.125]) < 1e-15)
  }

  @Test func temperatureTakesRoots() throws {
    let labels = try Labels.someProbabilities.tempered(by: 2)
    let roots = [0.1, 0.2, 0.3, 0.4].map { $0.squareRoot() }
    let expected = roots.map { $0 / roots.reduce(0, +) }
    #expect(vectorDistance(labels.distribution(ofRow: 0), expected) < 1e-15)
    #expect(vectorDistance(labels.distribution(ofRow: 1), [0, 0.5, 0.5, 0]) < 1e-15)
    #expect(labels.distribution(ofRow: 2) == [0, 0, 1, 0])
  }

  @Test func noOptionIsTheSameBits() throws {
    guard case .probabilities(let labels) = Labels.someInnerProbabilities else { return }
    for row in 0..<labels.rowCount {
      #expect(labels.smoothed(by: 0).values.row(row) == labels.values.row(row))
      #expect(labels.tempered(by: 1).values.row(row) == labels.values.row(row))
    }
  }

  /// Σₖ vₖ pₖ log qₖ, computed in two ways.
  @Test(arguments: [Labels.someClasses, .someProbabilities, .someInnerProbabilities])
  func classWeightsWeighTheTermsOfTheLikelihood(labels: Labels) throws {
    let weights = [2.0, 0, 0.5, 3]
    let logs = [-0.7, -1.9, -2.1, -1.4]
    let (weighed, factors) = try labels.weightingClasses(by: weights)
    for row in 0..<labels.rowCount {
      let expected = zip(labels.distribution(ofRow: row), weights).map { $0 * $1 }.dot(logs)
      let found = factors[row] * weighed.distribution(ofRow: row).dot(logs)
      #expect((found - expected).magnitude < 1e-15)
    }
    let (same, ones) = try labels.weightingClasses(by: [1, 1, 1, 1])
    for row in 0..<labels.rowCount {
      #expect((ones[row] - 1).magnitude < 1e-15)
      #expect(
        vectorDistance(same.distribution(ofRow: row), labels.distribution(ofRow: row)) < 1e-15)
    }
  }

  @Test(arguments: [Labels.someCounts, .someCandidates])
  func countsAndSetsAreRefused(labels: Labels) {
    #expect(throws: LabelError.self) { try labels.smoothed(by: 0.1) }
    #expect(throws: LabelError.self) { try labels.tempered(by: 2) }
    #expect(throws: LabelError.self) { try labels.weightingClasses(by: [1, 2, 3, 4]) }
  }

  /// Extreme temperatures neither overflow nor lose the largest class.
  @Test(arguments: [0x1p-1074, 1e-300, 1e-3, 1e3, 1e300]) func extremeTemperatures(
    temperature: Double
  )
    throws
  {
    let soft = try Labels.someInnerProbabilities.tempered(by: temperature)
    for row in 0..<8 {
      let shares = soft.distribution(ofRow: row)
      #expect((shares.reduce(0, +) - 1).magnitude < 1e-14)
    }
  }
}
