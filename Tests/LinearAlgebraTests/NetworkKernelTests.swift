import RealModule
import SurprisalKernels
import SurprisalLinearAlgebra
import TestSupport
import Testing

/// Activations and the step of Adam, of every kernel set.
@Suite struct NetworkKernelTests {
  private static func numbers(_ scale: Double) -> [Double] {
    KernelCase.numbers(103, seed: 8, scale: scale) + [0, -0.0, 0x1p-1060, 40, -40, 1e300, -1e300]
  }

  @Test(arguments: KernelSet.available, [1e-3, 1, 6, 30])
  func activationsAreRight(set: KernelSet, scale: Double) {
    let x = Self.numbers(scale)
    for kind in 0..<3 {
      var (value, slope) = (x, x)
      set.table.pointee.activate(Int32(kind), x.count, &value, &slope)
      for (index, x) in x.enumerated() {
        let expected = activation(kind, x)
        let room = 4e-16 * Swift.max(1, x.magnitude.squareRoot(), expected.value.magnitude)
        #expect((value[index] - expected.value).magnitude <= room, "\(kind) \(x)")
        // The derivative of gelu has the factor s (1 - s) times x (1 + 3 * 0.0447 x²), which
        // amplifies the rounding of s.
        let growth = Swift.min(x.magnitude, 20) * (1 + 0.135 * Swift.min(x * x, 400))
        // Four units in the last place of 1: two for the kernel, two for the expected value itself.
        let bound = 8.9e-16 * Swift.max(1, growth)
        #expect((slope[index] - expected.slope).magnitude <= bound, "\(kind) \(x)")
      }
    }
  }

  private func activation(_ kind: Int, _ x: Double) -> (value: Double, slope: Double) {
    switch kind {
    case 0: return (Swift.max(x, 0), x > 0 ? 1 : 0)
    case 1:
      guard x.magnitude < 20 else { return (Swift.max(x, 0), x > 0 ? 1 : 0) }
      let c = (2 / Double.pi).squareRoot()
      let t = Double.tanh(c * (x + 0.044715 * x * x * x))
      return (
        0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * c * (1 + 3 * 0.044715 * x * x)
      )
    default:
      let t = Double.tanh(x)
      return (
        t, 1 / (Double.cosh(Swift.min(x.magnitude, 300)) * Double.cosh(Swift.min(x.magnitude, 300)))
      )
    }
  }

  @Test(arguments: KernelSet.available)
  func activationsKeepWhatIsNoNumber(set: KernelSet) {
    for kind in 0..<3 {
      var (value, slope) = ([Double.nan], [0.0])
      set.table.pointee.activate(Int32(kind), 1, &value, &slope)
      #expect(value[0].isNaN && slope[0].isNaN)
    }
  }

  /// An entry in the tail of a span has the same bits as in the middle.
  @Test(arguments: KernelSet.available)
  func tailsAreNotSpecial(set: KernelSet) {
    let x = KernelCase.numbers(23, seed: 22, scale: 3)
    for kind in 0..<3 {
      var (whole, slopes) = (x, x)
      set.table.pointee.activate(Int32(kind), x.count, &whole, &slopes)
      for index in x.indices {
        var (value, slope) = ([x[index]], [0.0])
        set.table.pointee.activate(Int32(kind), 1, &value, &slope)
        #expect(value[0] == whole[index] && slope[0] == slopes[index])
      }
    }
  }

  @Test(arguments: KernelSet.available)
  func adamTakesItsStep(set: KernelSet) {
    let count = 37
    let (g, x) = (KernelCase.numbers(count, seed: 1), KernelCase.numbers(count, seed: 2))
    let (m, v) = (
      KernelCase.numbers(count, seed: 3), KernelCase.numbers(count, seed: 4).map { $0 * $0 }
    )
    var step = surprisal_adam(
      decay: 0.01, beta1: 0.9, beta2: 0.99, rate: 0.1, scale: 3, epsilon: 1e-8)
    var (point, mean, square) = (x, m, v)
    set.table.pointee.adam_step(count, &step, g, &mean, &square, &point)
    for index in 0..<count {
      let first = 0.9 * m[index] + 0.1 * g[index]
      let second = 0.99 * v[index] + 0.01 * g[index] * g[index]
      let moved = x[index] * 0.99 - 0.1 * first / (second.squareRoot() * 3 + 1e-8)
      #expect(relativeDistance(mean[index], first, floor: 1e-3) < 1e-14)
      #expect(relativeDistance(square[index], second, floor: 1e-3) < 1e-14)
      #expect(relativeDistance(point[index], moved, floor: 1e-3) < 1e-13)
      // A single entry has the same bits as among others.
      var (one, own, other) = ([x[index]], [m[index]], [v[index]])
      set.table.pointee.adam_step(1, &step, [g[index]], &own, &other, &one)
      #expect(one[0] == point[index])
    }
  }
}
