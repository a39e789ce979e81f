import SurprisalKernels

/// One step of Adam on plain vectors, entry by entry; see `AdamW`.
public struct AdamStep: Sendable {
  private let constants: surprisal_adam

  /// Creates a step; `rate` includes the bias correction of the mean and `scale` that of the root
  /// of the squares.
  public init(beta1: Double, beta2: Double, rate: Double, scale: Double, epsilon: Double) {
    constants = surprisal_adam(
      decay: 0, beta1: beta1, beta2: beta2, rate: rate, scale: scale, epsilon: epsilon)
  }

  /// Updates the entries of `parts`, which are disjoint; `decay` is the additional decrease of an
  /// entry.
  public func apply(
    to point: inout [Double], gradient: [Double], mean: inout [Double], square: inout [Double],
    parts: [Range<Int>], decay: Double, threads: any Reducer
  ) {
    let count = point.count
    precondition(gradient.count == count && mean.count == count && square.count == count)
    precondition(parts.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count })
    var constants = constants
    constants.decay = decay
    point.withUnsafeMutableBufferPointer { point in
      gradient.withUnsafeBufferPointer { gradient in
        mean.withUnsafeMutableBufferPointer { mean in
          square.withUnsafeMutableBufferPointer { square in
            guard let x = point.baseAddress, let g = gradient.baseAddress,
              let m = mean.baseAddress, let v = square.baseAddress
            else { return }
            let vectors = Vectors(point: x, gradient: g, mean: m, square: v)
            _ = threads.map(count: parts.count) { [constants] index in
              vectors.step(constants, parts[index])
            }
          }
        }
      }
    }
  }

  /// Unchecked: parts are disjoint.
  private struct Vectors: @unchecked Sendable {
    let point: UnsafeMutablePointer<Double>
    let gradient: UnsafePointer<Double>
    let mean: UnsafeMutablePointer<Double>
    let square: UnsafeMutablePointer<Double>

    func step(_ constants: surprisal_adam, _ part: Range<Int>) {
      var constants = constants
      let first = part.lowerBound
      surprisal_adam_step(
        part.count, &constants, gradient + first, mean + first, square + first, point + first)
    }
  }
}
