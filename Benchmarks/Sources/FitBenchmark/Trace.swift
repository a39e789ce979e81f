import MachineLimits
import Surprisal
import Synchronization

/// What a solver had reached when: seconds, evaluations, objective, norm of the gradient.
final class Trace: Sendable {
  struct Entry: Encodable {
    let seconds: Double
    let processorSeconds: Double
    let evaluations: Int
    let objective: Double
    let gradientNorm: Double
  }

  private let entries = Mutex<[Entry]>([])
  private let start = Mutex(ContinuousClock().now)

  private let processor = Mutex(machine_processor_seconds())

  var seconds: Double { (ContinuousClock().now - start.withLock { $0 }).inSeconds }
  var processorStart: Double { processor.withLock { $0 } }
  var all: [Entry] { entries.withLock { $0 } }

  /// Seconds count from here.
  func begin() {
    start.withLock { $0 = ContinuousClock().now }
    processor.withLock { $0 = machine_processor_seconds() }
  }

  func note(_ progress: SolverProgress) {
    let entry = Entry(
      seconds: seconds, processorSeconds: machine_processor_seconds() - processorStart,
      evaluations: progress.evaluations, objective: progress.value,
      gradientNorm: progress.gradientNorm)
    entries.withLock { $0.append(entry) }
  }
}

extension Swift.Duration {
  var inSeconds: Double { Double(components.seconds) + 1e-18 * Double(components.attoseconds) }
}
