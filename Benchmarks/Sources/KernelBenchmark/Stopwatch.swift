import MachineLimits
import Surprisal

/// Seconds on the wall, and of processor time divided by the threads: the second is what the first
/// would be if nobody else used the machine.
struct Duration: Sendable {
  var wall: Double
  var processor: Double

  static let none = Duration(wall: .infinity, processor: .infinity)

  /// The time of one call.
  static func measuring(threads: ThreadCount, _ body: () -> Void) -> Duration {
    let clock = ContinuousClock()
    let processor = machine_processor_seconds()
    let elapsed = clock.measure(body).components
    return Duration(
      wall: Double(elapsed.seconds) + 1e-18 * Double(elapsed.attoseconds),
      processor: (machine_processor_seconds() - processor) / Double(threads.value))
  }

  /// Each kind of time by itself.
  func minimum(_ other: Duration) -> Duration {
    Duration(wall: min(wall, other.wall), processor: min(processor, other.processor))
  }

  func maximum(_ other: Duration) -> Duration {
    Duration(wall: max(wall, other.wall), processor: max(processor, other.processor))
  }

  func scaled(by factor: Double) -> Duration {
    Duration(wall: wall * factor, processor: processor * factor)
  }
}
