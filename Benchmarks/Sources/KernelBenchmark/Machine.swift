import MachineLimits
import Surprisal

/// The limits of the machine, measured while the kernels are: seconds per flop and per byte read.
struct Machine: Sendable {
  let threads: ThreadCount
  var flop = Duration.none
  var byte = Duration.none

  private let memory: BlockedMatrix

  init(threads: ThreadCount) {
    self.threads = threads
    memory = BlockedMatrix(rowCount: 192 * 200 * 8, columnCount: 100)
  }

  /// One more measurement of both; the best counts.
  mutating func measure() {
    let rounds = 400_000
    var flops = 0.0
    let computing = Duration.measuring(threads: threads) {
      flops = threads.map(count: threads.value) { _ in machine_multiply_add(rounds) }
        .reduce(0, +)
    }
    flop = flop.minimum(computing.scaled(by: 1 / flops))
    let matrix = memory
    let reading = Duration.measuring(threads: threads) {
      let sums = threads.map(count: matrix.blockCount) { index in
        matrix.block(index).withColumns { machine_read(matrix.columnCount * $1, $0) }
      }
      precondition(sums.allSatisfy { $0 == 0 })
    }
    let bytes = 8 * Double(matrix.rowCount) * Double(matrix.columnCount)
    byte = byte.minimum(reading.scaled(by: 1 / bytes))
  }

  /// No pass can be faster: the larger of computing and reading.
  func floor(flops: Double, bytes: Double) -> Duration {
    flop.scaled(by: flops).maximum(byte.scaled(by: bytes))
  }
}
