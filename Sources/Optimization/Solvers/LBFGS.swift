import SurprisalLinearAlgebra

/// Limited-memory BFGS: a quasi-Newton method that keeps the last few steps.
///
/// Prefer it where the curvature matrix is too large to form; prefer a Newton method where it is
/// small, or where features are correlated and unscaled. Memory: 2 m + 3 vectors.
/// Reference: Nocedal and Wright, Numerical Optimization, 2nd ed. (2006), algorithm 7.5;
/// doi:10.1007/978-0-387-40065-5.
public struct LBFGS: Solver {
  public var stopping: StoppingRule
  /// How many steps are remembered.
  public var memory: Int

  /// The method with a memory of ten steps unless told otherwise.
  public init(stopping: StoppingRule = StoppingRule(), memory: Int = 10) {
    precondition(memory >= 1)
    self.stopping = stopping
    self.memory = memory
  }

  public var name: String { "lbfgs" }

  /// Minimises an objective that has a gradient.
  public func minimize<O: DifferentiableObjective>(
    _ objective: O, from start: [Double], observing observer: Observer? = nil
  ) -> Solution {
    DescentLoop(stopping: stopping).run(
      Rule<O>(memory: memory), on: objective, from: start, observing: observer)
  }

  private struct Rule<Target: DifferentiableObjective>: DescentRule {
    let memory: Int
    var curvatureEvaluations: Int { 0 }
    var pairs: [(step: [Double], change: [Double], curvature: Double)] = []

    init(memory: Int) { self.memory = memory }

    mutating func direction(at iterate: Iterate, of objective: Target) -> DescentDirection {
      guard let last = pairs.last else { return steepest(iterate) }
      var vector = iterate.gradient
      var shares = [Double](repeating: 0, count: pairs.count)
      for index in pairs.indices.reversed() {
        shares[index] = pairs[index].step.dot(vector) / pairs[index].curvature
        vector.add(-shares[index], times: pairs[index].change)
      }
      vector.scale(by: last.curvature / last.change.dot(last.change))
      for index in pairs.indices {
        let back = pairs[index].change.dot(vector) / pairs[index].curvature
        vector.add(shares[index] - back, times: pairs[index].step)
      }
      vector.scale(by: -1)
      guard vector.isFinite, vector.dot(iterate.gradient) < 0 else {
        pairs.removeAll()
        return steepest(iterate)
      }
      return DescentDirection(vector: vector)
    }

    /// A pair is kept only where the objective curves upward along the step.
    mutating func learn(step: [Double], gradientChange change: [Double]) {
      let curvature = step.dot(change)
      guard curvature > 1e-14 * step.euclideanNorm * change.euclideanNorm else { return }
      if pairs.count == memory { pairs.removeFirst() }
      pairs.append((step, change, curvature))
    }

    private func steepest(_ iterate: Iterate) -> DescentDirection {
      var vector = iterate.gradient
      vector.scale(by: -1)
      return DescentDirection(vector: vector, firstStep: 1 / max(vector.euclideanNorm, 1e-300))
    }
  }
}
