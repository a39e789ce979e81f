import Surprisal
import Synchronization

/// Rows that were left out, until they are written to their file.
final class RejectCollector: Sendable {
  private let rows = Mutex<[UInt8]>([])

  func add(_ row: RejectedRow) {
    rows.withLock { $0.append(contentsOf: row.bytes) }
  }

  /// Writes the rows, byte for byte, whole or not at all.
  func write(to path: String?) throws {
    guard let path else { return }
    try AtomicFile(path).write(rows.withLock { $0 })
  }
}
