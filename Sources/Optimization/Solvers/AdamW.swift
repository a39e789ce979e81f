import RealModule
import SurprisalLinearAlgebra

/// Adam: steps scaled by running means of the gradient and of its square, with optional decoupled
/// weight decay.
///
///     m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²          (entry by entry)
///     x -= η δ x,   x -= η (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
///
/// With `decay` δ = 0 the objective is minimised including any penalty in it. Decoupled decay gives
/// a different estimate: at its stationary point g = -δ (√v + ε) x, which is the stationary point
/// under a Gaussian prior whose precision differs between entries, in proportion to √v + ε. The two
/// agree only for steps without scaling. Kingma and Ba (2015), arXiv:1412.6980; Loshchilov and
/// Hutter (2019), arXiv:1711.05101.
public struct AdamW: StepRule {
  /// The decay rate of the running mean of gradients.
  public var beta1: Double
  /// The decay rate of the running mean of squared gradients.
  public var beta2: Double
  /// Keeps steps finite if gradients vanish.
  public var epsilon: Double
  /// δ, for the entries in `decayed`.
  public var decay: Double
  /// The entries that decay: weights, not biases.
  public var decayed: Range<Int>

  /// Creates the method; defaults are its usual constants. Precondition: 0 <= β < 1 for both, ε >
  /// 0, δ >= 0.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0,
    decayed: Range<Int> = 0..<0
  ) {
    precondition(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && decay >= 0)
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    self.decayed = decayed
  }

  public var name: String { "adamw" }

  public var memoryCount: Int { 2 }

  public func step(
    _ point: inout [Double], gradient: [Double], memory: inout [[Double]], number: Int,
    rate: Double, threads: any Reducer
  ) {
    precondition(memory.count == memoryCount)
    let count = Double(number)
    let step = AdamStep(
      beta1: beta1, beta2: beta2, rate: rate / (1 - Double.pow(beta1, count)),
      scale: 1 / (1 - Double.pow(beta2, count)).squareRoot(), epsilon: epsilon)
    let inside = decayed.clamped(to: 0..<point.count)
    let ranges = [0..<inside.lowerBound, inside, inside.upperBound..<point.count]
    // Moved out of the list while threads write to them, so that they are not copied.
    var (mean, square): ([Double], [Double]) = ([], [])
    swap(&mean, &memory[0])
    swap(&square, &memory[1])
    for (index, range) in ranges.enumerated() where !range.isEmpty {
      let parts = parts(of: range.count, threads: threads).map {
        range.lowerBound + $0.lowerBound..<range.lowerBound + $0.upperBound
      }
      let decay = index == 1 ? rate * decay : 0
      step.apply(
        to: &point, gradient: gradient, mean: &mean, square: &square, parts: parts, decay: decay,
        threads: threads)
    }
    swap(&mean, &memory[0])
    swap(&square, &memory[1])
  }
}
