import RealModule
import SurprisalProbability
import TestSupport
import Testing

/// Independent Laplace weights: an example of a prior in one file.
///
/// - Penalty: τ Σ |u|; it has a kink at zero, whose smallest subgradient is zero.
/// - Proximal step: v - t τ sign v, or 0 if |v| <= t τ.
/// - Critical strength: the largest |gradient|.
/// - Constant: P log(τ / 2).
struct LaplacePrior: Prior {
  let given: PriorStrength

  init(_ strength: PriorStrength) { given = strength }

  var name: String { "laplace" }

  var strength: PriorStrength? { given }

  var isProper: Bool { true }

  func penalty(of weights: [Double], totalWeight: Double, gradient: inout [Double]) -> Double {
    let rate = given.precision(totalWeight: totalWeight)
    var sum = 0.0
    for (index, weight) in weights.enumerated() {
      sum += weight.magnitude
      if weight != 0 { gradient[index] += weight > 0 ? rate : -rate }
    }
    return rate * sum
  }

  func curvature(at weights: [Double], totalWeight: Double) -> [Double] {
    [Double](repeating: 0, count: weights.count)
  }

  func proximalPoint(of weights: [Double], step: Double, totalWeight: Double) -> [Double] {
    let threshold = step * given.precision(totalWeight: totalWeight)
    return weights.map { $0.magnitude <= threshold ? 0 : $0 - ($0 > 0 ? threshold : -threshold) }
  }

  func criticalStrength(gradient: [Double], totalWeight: Double) -> PriorStrength? {
    let largest = gradient.reduce(0) { max($0, $1.magnitude) }
    return given.expressing(precision: largest, totalWeight: totalWeight)
  }

  func logNormalizer(count: Int, totalWeight: Double) -> Double {
    Double(count) * Double.log(given.precision(totalWeight: totalWeight) / 2)
  }
}

/// Properties of every prior.
@Suite struct PriorTests {
  static let totalWeight = 57.0
  static let priors: [any Prior] = [
    FlatPrior(), GaussianPrior(.precision(1.7)), GaussianPrior(.lambda(0.03)),
    LaplacePrior(.precision(1.7)), LaplacePrior(.lambda(0.03)),
  ]
  static let weights = [0.8, -1.3, 0.02, 2.5, -0.4]

  @Test(arguments: priors.indices) func gradientAndCurvatureAreDerivatives(index: Int) {
    let prior = Self.priors[index]
    var gradient = [Double](repeating: 1, count: 5)
    let value = prior.penalty(
      of: Self.weights, totalWeight: Self.totalWeight, gradient: &gradient)
    #expect(value == prior.penalty(of: Self.weights, totalWeight: Self.totalWeight))
    let curvature = prior.curvature(at: Self.weights, totalWeight: Self.totalWeight)
    for place in 0..<5 {
      let slope = FiniteDifferences.derivative { (step: Double) -> Double in
        prior.penalty(of: moved(place, by: step), totalWeight: Self.totalWeight)
      }
      // The gradient is added to the previous content of `gradient`.
      #expect((gradient[place] - 1 - slope).magnitude < 1e-8)
      let bend = FiniteDifferences.derivative { (step: Double) -> Double in
        var gradient = [Double](repeating: 0, count: 5)
        _ = prior.penalty(
          of: moved(place, by: step), totalWeight: Self.totalWeight, gradient: &gradient)
        return gradient[place]
      }
      #expect((curvature[place] - bend).magnitude < 1e-8)
      #expect(prior.strongConvexity(totalWeight: Self.totalWeight) <= curvature[place])
    }
  }

  private func moved(_ place: Int, by step: Double) -> [Double] {
    var weights = Self.weights
    weights[place] += step
    return weights
  }

  /// The proximal point is at least as good as every point of a fine grid around it, and of a
  /// coarse one.
  @Test(arguments: priors.indices, [0.01, 0.3, 4])
  func proximalPointIsTheMinimum(index: Int, step: Double) {
    let prior = Self.priors[index]
    let found = prior.proximalPoint(
      of: Self.weights, step: step, totalWeight: Self.totalWeight)
    for (place, weight) in Self.weights.enumerated() {
      func value(_ u: Double) -> Double {
        step * prior.penalty(of: [u], totalWeight: Self.totalWeight)
          + (u - weight) * (u - weight) / 2
      }
      let least = value(found[place])
      for offset in -2000...2000 {
        #expect(least <= value(found[place] + Double(offset) * 1e-5) + 1e-15)
        #expect(least <= value(Double(offset) * 2e-3) + 1e-15)
      }
    }
  }

  /// The density of one weight integrates to one, by Simpson's rule on either side of the kink.
  @Test(arguments: priors.indices.filter { priors[$0].isProper })
  func densityIntegratesToOne(index: Int) {
    let prior = Self.priors[index]
    let constant = prior.logNormalizer(count: 1, totalWeight: Self.totalWeight)
    func density(_ u: Double) -> Double {
      Double.exp(constant - prior.penalty(of: [u], totalWeight: Self.totalWeight))
    }
    let (intervals, end) = (20_000, 40.0)
    let width = end / Double(intervals)
    var sum = 0.0
    for side in [-1.0, 1] {
      for point in 0...intervals {
        let factor = point == 0 || point == intervals ? 1.0 : point.isMultiple(of: 2) ? 2 : 4
        sum += factor * density(side * Double(point) * width)
      }
    }
    #expect((sum * width / 3 - 1).magnitude < 1e-10)
    #expect(
      relativeDistance(prior.logNormalizer(count: 7, totalWeight: Self.totalWeight), 7 * constant)
        < 1e-14)
  }

  /// At the critical strength zero is a fixed point of a proximal gradient step, below it is not.
  @Test(arguments: [PriorStrength.precision(1), .lambda(1)])
  func criticalStrengthIsWhereWeightsBecomeZero(form: PriorStrength) throws {
    let gradient = [0.5, -3.25, 1]
    let critical = try #require(
      LaplacePrior(form).criticalStrength(gradient: gradient, totalWeight: Self.totalWeight))
    #expect(relativeDistance(critical.precision(totalWeight: Self.totalWeight), 3.25) < 1e-15)
    func step(_ strength: Double) -> [Double] {
      LaplacePrior(.precision(strength)).proximalPoint(
        of: gradient.map { -0.1 * $0 }, step: 0.1, totalWeight: Self.totalWeight)
    }
    #expect(step(3.25 * (1 + 1e-12)).allSatisfy { $0 == 0 })
    #expect(step(3.24).contains { $0 != 0 })
    for prior in [GaussianPrior(form)] as [any Prior] + [FlatPrior()] {
      #expect(prior.criticalStrength(gradient: gradient, totalWeight: Self.totalWeight) == nil)
    }
  }

  /// A strength is stored as given: 0.01 times 57 rows, divided by 57, is another number.
  @Test func strengthIsKeptAsGiven() {
    let prior = GaussianPrior(.lambda(0.01))
    #expect(prior.strength == .lambda(0.01))
    #expect(prior.strength?.lambda(totalWeight: 57) == 0.01)
    #expect(prior.strength?.precision(totalWeight: 57) == 0.01 * 57)
    #expect(0.01 * 57 / 57 != 0.01)
    #expect(GaussianPrior(.precision(2)).strength?.lambda(totalWeight: 57) == 2.0 / 57)
    #expect(FlatPrior().strength == nil)
  }
}
