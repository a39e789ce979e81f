import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

/// Row counts around lanes, blocks and both, at which padding could affect results.
private let rowCounts = [1, 7, 8, 9, 191, 192, 193, 400]

@Suite struct NegativeLogPosteriorTests {
  /// Runs the checks for every combination of labels, likelihood and prior.
  static func forEachCase(
    rows: Int, _ body: (any ObjectiveCheck) throws -> Void
  ) throws {
    let scales = [0.5, 3, 1]
    for kind in [LabelKind.classes, .probabilities, .counts] {
      let data = try RandomData(
        rows: rows, columns: 3, classes: rows < 7 && kind == .classes ? 2 : 4, kind: kind,
        hasWeights: true, hasOffsets: true, seed: UInt64(rows)
      ).dataset()
      try body(ObjectiveCase(data, Categorical(), FlatPrior(), lambda: 0))
      try body(
        ObjectiveCase(
          data, Categorical(), GaussianPrior(.lambda(0.3)), lambda: 0.3, hasIntercept: false,
          scales: scales))
      guard kind == .counts else { continue }
      try body(
        ObjectiveCase(
          data, Multinomial(), GaussianPrior(.lambda(0.01)), lambda: 0.01, scales: scales))
    }
  }

  @Test(arguments: rowCounts)
  func valueIsTheDefinition(rows: Int) throws {
    try Self.forEachCase(rows: rows) { $0.checkValue() }
  }

  @Test(arguments: rowCounts)
  func gradientIsTheDerivativeOfTheValue(rows: Int) throws {
    try Self.forEachCase(rows: rows) { $0.checkGradient() }
  }

  @Test(arguments: rowCounts)
  func productsAreDerivativesOfTheGradient(rows: Int) throws {
    try Self.forEachCase(rows: rows) { $0.checkProducts() }
  }

  @Test(arguments: [1, 9, 193])
  func matrixIsTheProducts(rows: Int) throws {
    try Self.forEachCase(rows: rows) { $0.checkMatrix() }
  }

  /// Frequencies are used like weights, and only the report differs.
  @Test func aPrecisionIsARidgeTimesTheTotalWeight() throws {
    let data = try RandomData(
      rows: 40, columns: 3, classes: 3, kind: .counts, hasWeights: true
    ).dataset()
    let ridge = try ObjectiveCase(data, Multinomial(), GaussianPrior(.lambda(0.2)), lambda: 0.2)
    let precision = 0.2 * ridge.objective.totalWeight
    let other = try ObjectiveCase(
      data, Multinomial(), GaussianPrior(.precision(precision)), lambda: 0.2)
    let point = ridge.point(seed: 5)
    #expect(relativeDistance(ridge.evaluate(point).value, other.evaluate(point).value) < 1e-15)
    #expect(
      vectorDistance(ridge.evaluate(point).gradient, other.evaluate(point).gradient) < 1e-14)
  }
}

/// The checks, for any types of an objective.
protocol ObjectiveCheck {
  func checkValue()
  func checkGradient()
  func checkProducts()
  func checkMatrix()
}

extension ObjectiveCase: ObjectiveCheck {
  private var note: Comment { "\(data.labels.kind) \(objective.likelihood.name) \(lambda)" }

  func checkValue() {
    let point = point(seed: 1)
    let expected = valueByDefinition(at: point)
    #expect(relativeDistance(evaluate(point).value, expected) < 1e-13, note)
    // A second evaluation overwrites the gradient and changes nothing.
    var gradient = evaluate(point).gradient
    let again = gradient
    _ = objective.evaluate(at: point, gradient: &gradient)
    #expect(gradient == again, note)
  }

  func checkGradient() {
    let (point, direction) = (point(seed: 2), point(seed: 3))
    let expected = FiniteDifferences.derivative { step in
      var moved = point
      moved.add(step, times: direction)
      return valueByDefinition(at: moved)
    }
    let gradient = evaluate(point).gradient
    #expect((gradient.dot(direction) - expected).magnitude < 1e-10, note)
    for index in stride(from: 0, to: point.count, by: 3) {
      let expected = FiniteDifferences.derivative { step in
        var moved = point
        moved[index] += step
        return evaluate(moved).value
      }
      #expect((gradient[index] - expected).magnitude < 1e-10, note)
    }
  }

  func checkProducts() {
    let (point, direction) = (point(seed: 4), point(seed: 5))
    let expected = FiniteDifferences.derivative { step -> [Double] in
      var moved = point
      moved.add(step, times: direction)
      return evaluate(moved).gradient
    }
    let product = objective.linearize(at: point).multiply(direction)
    #expect(zip(product, expected).allSatisfy { ($0 - $1).magnitude < 1e-9 }, note)
  }

  /// On directions whose classes sum to zero the matrix equals the operator; along common shifts of
  /// all classes, which change nothing, it has positive curvature, so that it can be factorised.
  func checkMatrix() {
    let point = point(seed: 6)
    let matrix = objective.curvature(at: point)
    let linearization = objective.linearize(at: point)
    let centred = centred(self.point(seed: 7))
    #expect(
      vectorDistance(matrix.multiply(centred), linearization.multiply(centred)) < 1e-12, note)
    let shift = self.point(seed: 7).indices.map { self.point(seed: 7)[$0] - centred[$0] }
    #expect(shift.dot(matrix.multiply(shift)) > 1e-3 * shift.dot(shift), note)
    guard lambda == 0 else { return }
    #expect(linearization.multiply(shift).infinityNorm < 1e-14, note)
  }

  private func centred(_ vector: [Double]) -> [Double] {
    let (model, classes) = (objective.model, objective.model.classCount)
    var result = vector
    let columns = (0..<model.featureCount).map { feature in
      (0..<classes).map { model.weight(class: $0, feature: feature) }
    }
    for positions in columns + (model.hasIntercept ? [Array(model.intercepts)] : []) {
      let mean = positions.reduce(0) { $0 + vector[$1] } / Double(classes)
      for position in positions { result[position] -= mean }
    }
    return result
  }
}
