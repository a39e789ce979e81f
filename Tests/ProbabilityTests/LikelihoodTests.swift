import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

/// Properties of every likelihood.
@Suite struct LikelihoodTests {
  static let weights = [1, 0.5, 2, 0, 1.75, 3, 0.1, 1]

  @Test(arguments: allLikelihoods, [0.5, 3, 30])
  func scoreIsTheDerivativeOfTheValue(_ testCase: LikelihoodCase, spread: Double) throws {
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: testCase.labels, weights: Self.weights)
      let point = probe.point(spread: spread)
      let scores = probe.evaluate(point).scores
      for unit in 0..<probe.unitCount {
        let slopes = FiniteDifferences.derivative { step in
          probe.evaluate(point.moved(unit, by: step)).values
        }
        for row in 0..<probe.rowCount {
          let scale = probe.weights[row] * (1 + probe.multiplicity(row))
          let difference = scores[row][unit] - probe.weights[row] * slopes[row]
          #expect(difference.magnitude <= 2e-9 * max(scale, scores[row][unit].magnitude))
        }
      }
    }
    try check(testCase.likelihood)
  }

  @Test(arguments: allLikelihoods, [0.5, 3, 30])
  func observedInformationIsMinusTheDerivativeOfTheScore(
    _ testCase: LikelihoodCase, spread: Double
  ) throws {
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: testCase.labels, weights: Self.weights)
      let point = probe.point(spread: spread)
      let information = probe.information(.observed, at: point)
      for unit in 0..<probe.unitCount {
        let slopes = FiniteDifferences.derivative { step in
          probe.evaluate(point.moved(unit, by: step)).scores.flatMap { $0 }
        }
        for row in 0..<probe.rowCount {
          let scale = probe.weights[row] * (1 + probe.multiplicity(row))
          for other in 0..<probe.unitCount {
            let found = information[row][unit][other]
            let difference = found + slopes[row * probe.unitCount + other]
            #expect(difference.magnitude <= 2e-9 * max(scale, found.magnitude))
          }
        }
      }
    }
    try check(testCase.likelihood)
  }

  @Test(arguments: allLikelihoods, [0.5, 5, 30])
  func solverCurvatureIsPositiveSemidefinite(_ testCase: LikelihoodCase, spread: Double) throws {
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: testCase.labels, weights: Self.weights)
      let matrices = probe.information(.solver, at: probe.point(spread: spread))
      for (place, matrix) in matrices.enumerated() {
        let scale = probe.weights[place] * (1 + probe.multiplicity(place))
        var shifted = SymmetricMatrix(dimension: matrix.count)
        for row in matrix.indices {
          for column in 0...row { shifted[row, column] = matrix[row][column] }
          shifted[row, row] += 1e-13 * scale + Double.leastNormalMagnitude
        }
        #expect(Cholesky(shifted, tolerance: 0) != nil)
      }
    }
    try check(testCase.likelihood)
  }

  /// diag(bound) - K is positive semi-definite on the logits, and the bounds of a row sum to at
  /// most C tr K, as sums of magnitudes over the rows of K do. The score is that of a call without
  /// the bound.
  @Test(arguments: allLikelihoods, [0.5, 5, 30])
  func curvatureBoundMajorizesTheSolverCurvature(
    _ testCase: LikelihoodCase, spread: Double
  ) throws {
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: testCase.labels, weights: Self.weights)
      let point = probe.point(spread: spread)
      let (bounds, scores) = probe.curvatureBound(at: point)
      #expect(scores == probe.evaluate(point).scores)
      for (row, matrix) in probe.information(.solver, at: point).enumerated() {
        let scale = probe.weights[row] * (1 + probe.multiplicity(row))
        var difference = SymmetricMatrix(dimension: probe.classCount)
        for index in 0..<probe.classCount {
          for other in 0...index { difference[index, other] = -matrix[index][other] }
          difference[index, index] += bounds[row][index]
          difference[index, index] += 1e-13 * scale + Double.leastNormalMagnitude
        }
        #expect(Cholesky(difference, tolerance: 0) != nil, "row \(row)")
        let trace = (0..<probe.classCount).reduce(0.0) { $0 + matrix[$1][$1] }
        let sum = bounds[row][..<probe.classCount].reduce(0, +)
        #expect(sum <= Double(probe.classCount) * (trace + 1e-12 * scale), "row \(row)")
      }
    }
    try check(testCase.likelihood)
  }

  /// The closed forms of the softmax likelihoods equal the general bound.
  @Test func curvatureBoundOfTheSoftmax() throws {
    let probe = try LikelihoodProbe(Multinomial(), labels: .someCounts, weights: Self.weights)
    let point = probe.point(spread: 3)
    let bounds = probe.curvatureBound(at: point).bounds
    for (row, matrix) in probe.information(.solver, at: point).enumerated() {
      let sums = matrix.map { $0.reduce(0) { $0 + $1.magnitude } }
      #expect(vectorDistance(bounds[row], sums, floor: 1e-3) < 1e-12)
    }
  }

  @Test(arguments: allLikelihoods)
  func productIsThatOfTheSolverCurvature(_ testCase: LikelihoodCase) throws {
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: testCase.labels, weights: Self.weights)
      let point = probe.point(spread: 3)
      var numbers = TestNumbers(seed: 11)
      let directions = point.map { numbers.uniform($0.count, in: -1...1) }
      let products = probe.product(at: point, with: directions)
      for (row, matrix) in probe.information(.solver, at: point).enumerated() {
        let expected = matrix.map { $0.dot(directions[row]) }
        #expect(vectorDistance(products[row], expected, floor: 1e-3) < 1e-12)
      }
    }
    try check(testCase.likelihood)
  }

  @Test(arguments: allLikelihoods)
  func nothingChangesWhenAConstantIsAddedToTheLogits(_ testCase: LikelihoodCase) throws {
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: testCase.labels, weights: Self.weights)
      let point = probe.point(spread: 3)
      let shifted = (0..<probe.classCount).reduce(point) { $0.moved($1, by: 16) }
      let (before, after) = (probe.evaluate(point), probe.evaluate(shifted))
      #expect(vectorDistance(before.values, after.values) < 1e-12)
      for row in 0..<probe.rowCount {
        #expect(vectorDistance(before.scores[row], after.scores[row], floor: 1) < 1e-12)
        #expect(before.scores[row].prefix(probe.classCount).reduce(0, +).magnitude < 1e-11)
        #expect(vectorDistance(probe.mean(at: point)[row], probe.mean(at: shifted)[row]) < 1e-12)
      }
    }
    try check(testCase.likelihood)
  }

  @Test(arguments: allLikelihoods.filter { $0.outcomes != nil })
  func outcomesHaveProbabilityOneInAll(_ testCase: LikelihoodCase) throws {
    let outcomes = try #require(testCase.outcomes)
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: outcomes)
      for spread in [0.1, 2, 8] {
        let total = probe.logDensities(at: probe.samePoint(spread: spread))
          .reduce(0) { $0 + Double.exp($1) }
        #expect((total - 1).magnitude < 1e-13)
      }
    }
    try check(testCase.likelihood)
  }

  @Test(arguments: allLikelihoods.filter { $0.outcomes != nil })
  func expectedInformationIsTheMeanOverOutcomes(_ testCase: LikelihoodCase) throws {
    let outcomes = try #require(testCase.outcomes)
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: outcomes)
      for spread in [0.1, 2, 8] {
        let point = probe.samePoint(spread: spread)
        let probabilities = probe.logDensities(at: point).map { Double.exp($0) }
        let observed = probe.information(.observed, at: point)
        let scores = probe.evaluate(point).scores
        let expected = probe.information(.expected, at: point)[0]
        for unit in 0..<probe.unitCount {
          for other in 0..<probe.unitCount {
            let mean = zip(probabilities, observed).reduce(0) { $0 + $1.0 * $1.1[unit][other] }
            let square = zip(probabilities, scores).reduce(0) {
              $0 + $1.0 * $1.1[unit] * $1.1[other]
            }
            #expect((mean - expected[unit][other]).magnitude < 1e-12)
            #expect((square - expected[unit][other]).magnitude < 1e-12)
          }
        }
      }
    }
    try check(testCase.likelihood)
  }

  @Test(arguments: allLikelihoods)
  func rowsDoNotDependOnTheirPlace(_ testCase: LikelihoodCase) throws {
    func check(_ likelihood: some Likelihood) throws {
      let rows = (0..<200).map { $0 * 5 % testCase.labels.rowCount }
      let few = try LikelihoodProbe(likelihood, labels: testCase.labels)
      let many = try LikelihoodProbe(likelihood, labels: testCase.labels.selecting(rows: rows))
      let point = few.point(spread: 3)
      let (one, all) = (few.evaluate(point), many.evaluate(rows.map { point[$0] }))
      for (place, row) in rows.enumerated() {
        #expect(all.values[place] == one.values[row])
        #expect(all.scores[place] == one.scores[row])
      }
    }
    try check(testCase.likelihood)
  }
}

extension LikelihoodProbe {
  /// Logits up to `spread` from zero, then auxiliary parameters close to their start.
  func point(spread: Double) -> [[Double]] {
    var numbers = TestNumbers(seed: 7)
    return (0..<rowCount).map { _ in
      numbers.uniform(classCount, in: -spread...spread)
        + start.enumerated().map { $1 + 0.3 - 0.07 * Double($0) }
    }
  }

  /// The same logits in every row.
  func samePoint(spread: Double) -> [[Double]] {
    [[Double]](repeating: point(spread: spread)[0], count: rowCount)
  }
}

extension [[Double]] {
  /// A step in one unit of every row.
  func moved(_ unit: Int, by step: Double) -> [[Double]] {
    map { row in
      var row = row
      row[unit] += step
      return row
    }
  }
}
