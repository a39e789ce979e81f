import Surprisal

/// One kernel on one block that is in the cache: its time against the peak of one thread.
struct KernelTimings {
  let set: KernelSet
  let features: Int
  let units: Int
  private let rows = BlockedMatrix.blockSize

  /// Multiples of the peak's time, and nanoseconds per element of the tile.
  struct Result {
    var product = Double.infinity
    var outerProduct = Double.infinity
    var gram = Double.infinity
    var score = Double.infinity
  }

  func measure(repeats: Int) -> Result {
    var machine = Machine(threads: .one)
    var result = Result()
    let x = numbers(features * rows)
    let w = numbers(units * features)
    let h = numbers(rows)
    var z = numbers(units * rows)
    var g = numbers(units * features)
    var gram = numbers(features * features)
    var values = numbers(rows)
    let shares = [Double](repeating: 1 / Double(units), count: units * rows)
    let flops = 2 * Double(rows) * Double(features) * Double(units)
    let gramFlops = Double(rows) * Double(features) * Double(features + 1)
    let table = set.table.pointee
    for _ in 0..<repeats {
      machine.measure()
      result.product = min(
        result.product,
        seconds(flops) {
          table.add_product(rows, features, units, x, rows, w, features, &z, rows, nil)
        })
      result.score = min(
        result.score,
        seconds(20 * Double(rows * units)) {
          table.cross_entropy_score(rows, units, shares, rows, nil, nil, &z, rows, &values)
        })
      result.outerProduct = min(
        result.outerProduct,
        seconds(flops) {
          table.add_outer_product(rows, features, units, x, rows, z, rows, &g, features)
        })
      result.gram = min(
        result.gram,
        seconds(gramFlops) {
          table.add_weighted_gram(rows, features, x, rows, h, &gram, features)
        })
    }
    result.product /= flops * machine.flop.processor
    result.outerProduct /= flops * machine.flop.processor
    result.gram /= gramFlops * machine.flop.processor
    result.score *= 1e9 / Double(rows * units)
    return result
  }

  /// Processor seconds of one call, from as many as make about 20 ms.
  private func seconds(_ flops: Double, _ body: () -> Void) -> Double {
    let calls = max(1, Int(min(1e9 / flops, 100_000)))
    let time = Duration.measuring(threads: .one) { for _ in 0..<calls { body() } }
    return time.processor / Double(calls)
  }

  private func numbers(_ count: Int) -> [Double] {
    (0..<count).map { Double(($0 &* 29) % 97) / 97 - 0.5 }
  }
}
