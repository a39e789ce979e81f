import SurprisalLinearAlgebra

/// Stochastic gradient descent with Nesterov's momentum.
///
///     g += δ x  (entries in `decayed`),   v = μ v + g,   x -= η (g + μ v)
///
/// Decay is equivalent to the penalty δ/2 |x|² in the objective, because steps are not scaled.
/// Sutskever et al., ICML 2013.
public struct NesterovDescent: StepRule {
  /// μ, 0 for plain descent.
  public var momentum: Double
  /// δ, for the entries in `decayed`.
  public var decay: Double
  /// The entries that decay: weights, not biases.
  public var decayed: Range<Int>

  /// Creates the method. Precondition: 0 <= momentum < 1, decay >= 0.
  public init(momentum: Double = 0.9, decay: Double = 0, decayed: Range<Int> = 0..<0) {
    precondition(momentum >= 0 && momentum < 1 && decay >= 0)
    self.momentum = momentum
    self.decay = decay
    self.decayed = decayed
  }

  public var name: String { "sgd" }

  public var memoryCount: Int { 1 }

  public func step(
    _ point: inout [Double], gradient: [Double], memory: inout [[Double]], number: Int,
    rate: Double, threads: any Reducer
  ) {
    precondition(memory.count == memoryCount && gradient.count == point.count)
    var slope = gradient
    if decay > 0 {
      for index in decayed.clamped(to: 0..<point.count) { slope[index] += decay * point[index] }
    }
    memory[0].scale(by: momentum)
    memory[0].add(1, times: slope)
    point.add(-rate, times: slope)
    point.add(-rate * momentum, times: memory[0])
  }
}
