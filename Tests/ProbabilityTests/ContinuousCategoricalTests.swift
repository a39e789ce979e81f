import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct ContinuousCategoricalTests {
  @Test
  func normalizerAndMeanAreThoseOfTheReference() throws {
    for row in try ReferenceValue(shared: "reference/continuous_categorical.json")["rows"].array {
      let logits = row["eta"].numbers
      let found = ExponentialSimplex.logNormalizer(logits)
      #expect(relativeDistance(found, row["log_Z"].number, floor: 0.01) < 3e-14, "\(row)")
      for (mean, expected) in zip(ExponentialSimplex.mean(logits), row["mean"].numbers) {
        #expect(relativeDistance(mean, expected) < 3e-14, "\(row)")
      }
    }
  }

  @Test(arguments: [2, 3, 5, 10, 40, 100], [1e-9, 0.01, 1, 8, 30, 120, 400])
  func contourAgreesWithTheSeries(classCount: Int, spread: Double) {
    var numbers = TestNumbers(seed: UInt64(classCount))
    let logits = numbers.uniform(classCount, in: -spread / 2...spread / 2)
    let expected = ExponentialSeries(logits)
    let found = ExponentialSimplex.logNormalizer(logits)
    #expect(relativeDistance(found, expected.logNormalizer, floor: 1) < 1e-13)
    for (mean, expected) in zip(ExponentialSimplex.mean(logits), expected.mean) {
      #expect(relativeDistance(mean, expected) < 1e-12)
    }
  }

  @Test(arguments: [1, 2, 10], [1, 30, 70, 200, 400, 990])
  func manyTiesFarBelowAFewAgreeWithTheSeries(few: Int, many: Int) {
    for distance in [0.5, 40, 146, 178, 336, 560] {
      let logits =
        [Double](repeating: 0, count: few) + [Double](repeating: -distance, count: many)
      let expected = TwoValues(few: few, many: many, distance: distance)
      let mean = ExponentialSimplex.mean(logits)
      let found = ExponentialSimplex.logNormalizer(logits)
      #expect(relativeDistance(found, expected.logNormalizer, floor: 1) < 1e-13)
      #expect(relativeDistance(mean[0], expected.top) < 1e-12)
      #expect(relativeDistance(mean[few], expected.bottom) < 1e-12)
    }
  }

  @Test(arguments: [2, 3, 10, 100, 1000])
  func equalLogitsGiveTheVolumeOfTheSimplex(classCount: Int) {
    let logits = [Double](repeating: 2.5, count: classCount)
    let expected = 2.5 - Double.logGamma(Double(classCount))
    #expect(relativeDistance(ExponentialSimplex.logNormalizer(logits), expected) < 1e-14)
    for mean in ExponentialSimplex.mean(logits) {
      #expect(relativeDistance(mean, 1 / Double(classCount)) < 1e-13)
    }
  }

  /// For distant logits the coordinates are independent exponentials and log C is a sum of
  /// logarithms.
  @Test(arguments: [1e4, 1e8, 1e60, 1e140])
  func hugeSpreadsKeepEverySignAndDigit(scale: Double) throws {
    let logits = [0, -1, -3, -7.5].map { $0 * scale }
    let expected = -logits.dropFirst().reduce(0) { $0 + Double.log(-$1) }
    #expect(
      relativeDistance(ExponentialSimplex.logNormalizer(logits), expected) < 3 / scale + 1e-14)
    let mean = ExponentialSimplex.mean(logits)
    for index in 1..<4 {
      #expect(relativeDistance(mean[index], -1 / logits[index]) < 3 / scale + 1e-14)
    }
    let probe = try LikelihoodProbe(
      ContinuousCategorical(),
      labels: .probabilities(ClassProbabilities(BlockedMatrix(rows: [mean], columnCount: 4))))
    let covariance = probe.information(.observed, at: [logits])[0]
    for row in 1..<4 {
      #expect(relativeDistance(covariance[row][row], mean[row] * mean[row]) < 10 / scale + 1e-10)
      #expect(covariance[row][0] < 0)
    }
    #expect(covariance[0][0] > 0)
  }

  @Test func infiniteLogitsAreFarAway() throws {
    let mean = ExponentialSimplex.mean([0, 0, -.infinity])
    #expect(vectorDistance(mean, [0.5, 0.5, 0]) < 1e-13)
  }

  @Test(arguments: [-30, -2, 0, 1e-8, 3, 50])
  func twoClassesAreTheContinuousBernoulli(logit: Double) {
    let density = ExponentialSimplex.logDensity([0.3, 0.7], logits: [logit, 0])
    let normalizer =
      logit.magnitude < 1e-3
      ? Double.log(1 + logit / 2) : Double.log(Double.expMinusOne(logit) / logit)
    #expect((density - (0.3 * logit - normalizer)).magnitude < 1e-13)
  }

  /// The ledger's statement: the density is minus cross entropy plus a term that depends on z.
  @Test func densityIsMinusCrossEntropyPlusTheBracket() {
    let (p, z) = ([0.2, 0.5, 0.3], [0.4, -1.1, 2])
    let bracket = Softmax.logSumExp(z) - ExponentialSimplex.logNormalizer(z)
    let crossEntropy = Distribution.crossEntropy(p, logProbabilities: Softmax.logProbabilities(z))
    #expect(
      (ExponentialSimplex.logDensity(p, logits: z) + crossEntropy - bracket).magnitude < 1e-14)
  }

  /// Simpson's rule over the triangle.
  @Test func densityOfThreeClassesIntegratesToOne() {
    let (z, n) = ([1.2, -0.7, 0.3], 60)
    func inner(_ a: Double) -> Double {
      simpson(n, to: 1 - a) {
        Double.exp(ExponentialSimplex.logDensity([a, $0, 1 - a - $0], logits: z))
      }
    }
    #expect((simpson(n, to: 1, inner) - 1).magnitude < 1e-7)
  }

  @Test(arguments: [[0.5, 0.5], [0.9, 0.1], [0.2, 0.3, 0.5], [1e-3, 1e-5, 1 - 1e-3 - 1e-5]])
  func logitsOfAMeanHaveThatMean(mean: [Double]) {
    #expect(
      vectorDistance(ExponentialSimplex.mean(ExponentialSimplex.logits(ofMean: mean)), mean) < 1e-12
    )
  }

  @Test func logitsOfAMeanWithAZeroHaveNone() {
    let logits = ExponentialSimplex.logits(ofMean: [0.25, 0, 0.75])
    #expect(logits[1] == -.infinity)
    #expect(vectorDistance(ExponentialSimplex.mean(logits), [0.25, 0, 0.75]) < 1e-12)
  }

  private func simpson(_ n: Int, to end: Double, _ f: (Double) -> Double) -> Double {
    let h = end / Double(n)
    var sum = 0.0
    for i in 0...n {
      let weight: Double = i == 0 || i == n ? 1 : (i % 2 == 1 ? 4 : 2)
      sum += weight * f(Double(i) * h)
    }
    return sum * h / 3
  }
}

/// The series for `few` logits equal to 0 and `many` equal to -distance: each term follows from the
/// previous one.
private struct TwoValues {
  let logNormalizer: Double
  let top: Double
  let bottom: Double

  init(few: Int, many: Int, distance y: Double) {
    let (t, count) = (Double(few), Double(few + many))
    var (term, sum, top, bottom, m) = (1.0, 0.0, 0.0, 0.0, 0.0)
    while m < 3 * y + 200 {
      sum += term
      bottom += term / (m + count)
      top += term * (m + t) / t / (m + count)
      term *= y * (m + t) / ((m + 1) * (m + count))
      m += 1
    }
    logNormalizer = Double.log(sum) - Double.logGamma(count) - y
    (self.top, self.bottom) = (top / sum, bottom / sum)
  }
}
