import SurprisalLinearAlgebra

/// Newton's method; the system is solved by conjugate gradients to a precision that follows the
/// gradient.
///
/// Prefer it if the curvature matrix does not fit in memory and L-BFGS takes hundreds of steps.
/// Each product costs about one pass over the data. The inner loop ends at a direction without
/// curvature. Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. (2006), algorithm 7.1.
public struct NewtonCG: Solver {
  public var stopping: StoppingRule
  /// The largest number of products in one inner loop.
  public var maximumProducts: Int

  /// Creates the method; by default with at most 250 products per step.
  public init(stopping: StoppingRule = StoppingRule(), maximumProducts: Int = 250) {
    self.stopping = stopping
    self.maximumProducts = maximumProducts
  }

  public var name: String { "newton-cg" }

  /// Minimises an objective with curvature products.
  public func minimize<O: TwiceDifferentiableObjective>(
    _ objective: O, from start: [Double], observing observer: Observer? = nil
  ) -> Solution {
    DescentLoop(stopping: stopping).run(
      Rule<O>(maximumProducts: maximumProducts), on: objective, from: start, observing: observer)
  }

  private struct Rule<Target: TwiceDifferentiableObjective>: DescentRule {
    let maximumProducts: Int
    var curvatureEvaluations = 0

    mutating func direction(at iterate: Iterate, of objective: Target) -> DescentDirection {
      let curvature = objective.linearize(at: iterate.point)
      let norm = iterate.gradient.euclideanNorm
      let target = min(0.1, norm.squareRoot()) * norm
      var vector = [Double](repeating: 0, count: iterate.point.count)
      var residual = iterate.gradient
      var search = residual.map { -$0 }
      var square = residual.dot(residual)
      for _ in 0..<maximumProducts {
        curvatureEvaluations += 1
        let product = curvature.multiply(search)
        let bend = search.dot(product)
        guard bend > 1e-18 * search.dot(search) else { break }
        let length = square / bend
        vector.add(length, times: search)
        residual.add(length, times: product)
        let next = residual.dot(residual)
        if next.squareRoot() <= target { break }
        search.scale(by: next / square)
        search.add(-1, times: residual)
        square = next
      }
      if vector.infinityNorm == 0 { vector = iterate.gradient.map { -$0 } }
      return DescentDirection(
        vector: vector, squaredDecrement: -vector.dot(iterate.gradient), isNewtonStep: true)
    }

    mutating func learn(step: [Double], gradientChange: [Double]) {}
  }
}
