import SurprisalLinearAlgebra

/// Limited-memory BFGS: a quasi-Newton method that stores the last few steps.
///
/// Prefer it if the curvature matrix is too large to form; prefer a Newton method if it is small,
/// or if features are correlated and unscaled. Memory: 2 m + 3 vectors. Reference: Nocedal and
/// Wright, Numerical Optimization, 2nd ed. (2006), algorithm 7.5; doi:10.1007/978-0-387-40065-5.
public struct LBFGS: Solver {
  public var stopping: StoppingRule
  /// The number of stored steps.
  public var memory: Int

  /// Creates the method; by default with a memory of ten steps. Precondition: at least one.
  public init(stopping: StoppingRule = StoppingRule(), memory: Int = 10) {
    precondition(memory >= 1)
    self.stopping = stopping
    self.memory = memory
  }

  public var name: String { "lbfgs" }

  /// Minimises an objective that has a gradient.
  ///
  /// A `preconditioner` replaces a multiple of the identity as initial inverse curvature: with
  /// correlated or unscaled features this takes ten to forty steps instead of hundreds.
  /// `visit` is given each point with its progress; after `false` it stops.
  public func minimize<O: DifferentiableObjective>(
    _ objective: O, from start: [Double], preconditioner: (any Preconditioner)? = nil,
    observing observer: Observer? = nil, visiting visit: ((SolverProgress, [Double]) -> Bool)? = nil
  ) -> Solution {
    DescentLoop(stopping: stopping).run(
      Rule<O>(memory: memory, preconditioner: preconditioner), on: objective, from: start,
      observing: observer, visiting: visit)
  }

  private struct Rule<Target: DifferentiableObjective>: DescentRule {
    let memory: Int
    let preconditioner: (any Preconditioner)?
    var curvatureEvaluations: Int { 0 }
    var pairs: [Pair] = []

    /// An accepted step, the change of the gradient over it, their product, and the matching
    /// multiple of the initial inverse.
    struct Pair {
      let step: [Double]
      let change: [Double]
      let curvature: Double
      let scale: Double
    }

    init(memory: Int, preconditioner: (any Preconditioner)?) {
      self.memory = memory
      self.preconditioner = preconditioner
    }

    mutating func direction(at iterate: Iterate, of objective: Target) -> DescentDirection {
      guard let last = pairs.last else { return steepest(iterate) }
      var vector = iterate.gradient
      var shares = [Double](repeating: 0, count: pairs.count)
      for index in pairs.indices.reversed() {
        shares[index] = pairs[index].step.dot(vector) / pairs[index].curvature
        vector.add(-shares[index], times: pairs[index].change)
      }
      applyInitialInverse(to: &vector, scaledBy: last)
      for index in pairs.indices {
        let back = pairs[index].change.dot(vector) / pairs[index].curvature
        vector.add(shares[index] - back, times: pairs[index].step)
      }
      vector.scale(by: -1)
      guard vector.isFinite, vector.dot(iterate.gradient) < 0 else {
        pairs.removeAll()
        return steepest(iterate)
      }
      return DescentDirection(vector: vector, squaredDecrement: decrement(iterate))
    }

    /// Applies the initial inverse curvature, scaled to the last step.
    private func applyInitialInverse(to vector: inout [Double], scaledBy last: Pair) {
      if let preconditioner { vector = preconditioner.multiply(vector) }
      if last.scale.isFinite, last.scale > 0 { vector.scale(by: last.scale) }
    }

    private func decrement(_ iterate: Iterate) -> Double? {
      guard let preconditioner, preconditioner.estimatesDecrement else { return nil }
      return iterate.gradient.dot(preconditioner.multiply(iterate.gradient))
    }

    /// Stores a pair only if the curvature along the step is positive.
    mutating func learn(step: [Double], gradientChange change: [Double]) {
      let curvature = step.dot(change)
      guard curvature > 1e-14 * step.euclideanNorm * change.euclideanNorm else { return }
      if pairs.count == memory { pairs.removeFirst() }
      let preconditioned = preconditioner?.multiply(change) ?? change
      pairs.append(
        Pair(
          step: step, change: change, curvature: curvature,
          scale: curvature / change.dot(preconditioned)))
    }

    private func steepest(_ iterate: Iterate) -> DescentDirection {
      if let preconditioner {
        var vector = preconditioner.multiply(iterate.gradient)
        vector.scale(by: -1)
        if vector.isFinite, vector.dot(iterate.gradient) < 0 {
          return DescentDirection(vector: vector, squaredDecrement: decrement(iterate))
        }
      }
      var vector = iterate.gradient
      vector.scale(by: -1)
      return DescentDirection(vector: vector, firstStep: 1 / max(vector.euclideanNorm, 1e-300))
    }
  }
}
