import Surprisal
import Synchronization

/// Rows that were left out, until they are written to their file.
final class RejectCollector: Sendable {
  private let rows = Mutex<[Int: [UInt8]]>([:])

  func add(_ row: RejectedRow) {
    rows.withLock { $0[row.row] = row.bytes }
  }

  /// Writes the rows of `file` that are left out, byte for byte in their order, whole or not at all;
  /// `kept` are the numbers of those that are not, of `count`. Of the standard input, which cannot be
  /// read again, these are the rows that could not be read.
  func write(
    to path: String?, of file: InputFile, kept: [Int], count: Int, options: DelimitedOptions
  ) throws {
    guard let path else { return }
    var known = rows.withLock { $0 }
    let kept = Set(kept)
    let others = Set(
      (1...max(1, count)).filter { $0 <= count && !kept.contains($0) && known[$0] == nil })
    let isText =
      !TableFile(file, options: options).isArray && !TableFile(file, options: options).isSparse
    if !others.isEmpty, isText {
      if file.isStandardInput {
        Console.warn(
          code: "rows.rejected",
          "\(others.count) rows that are left out are not in \(path): the standard input is read once"
        )
      } else {
        known.merge(try DelimitedReader(options: options).records(others, of: file)) { $1 }
      }
    }
    try AtomicFile(path).write(known.keys.sorted().flatMap { known[$0] ?? [] })
  }

  /// The same for data that were read.
  func write(
    to path: String?, of file: InputFile, _ loaded: LoadedData, options: DelimitedOptions
  ) throws {
    guard path != nil else { return }
    try write(
      to: path, of: file, kept: loaded.rowNumbers, count: loaded.fileRowCount, options: options)
  }
}
