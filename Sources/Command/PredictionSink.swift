import Foundation
import Surprisal

/// Where streamed results go: the standard output, or a file that appears only when it is whole.
struct PredictionSink: ~Copyable {
  private var stream: OutputFile
  private let temporary: String?
  private let destination: String?
  private var isCommitted = false

  /// `path` is nil or `-` for the standard output.
  init(path: String?, noClobber: Bool, inputs: [InputFile]) throws {
    let destination = path == "-" ? nil : path
    if let destination {
      try AtomicFile(destination, noClobber: noClobber).checkWritable(notSameAs: inputs)
    }
    let process = ProcessInfo.processInfo.processIdentifier
    let temporary = destination.map { "\($0).unfinished-\(process)" }
    let stream = try OutputFile(path: temporary ?? "-")
    self.destination = destination
    self.temporary = temporary
    self.stream = stream
  }

  mutating func write(_ text: String) throws {
    try stream.write(text)
  }

  /// Gives the file its name.
  mutating func commit() throws {
    try stream.close()
    isCommitted = true
    guard let temporary, let destination else { return }
    guard rename(temporary, destination) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw InterchangeError.cannotWrite(file: destination, reason: reason)
    }
  }

  deinit {
    if !isCommitted, let temporary { unlink(temporary) }
  }
}
