import Surprisal

/// Where streamed results go: the standard output, or a file that appears only when it is whole.
struct PredictionSink: ~Copyable {
  private var standard: OutputFile
  private var file: AtomicStream?

  /// `path` is nil or `-` for the standard output.
  init(path: String?, noClobber: Bool, inputs: [InputFile]) throws {
    standard = OutputFile()
    if let path, path != "-" {
      file = try AtomicStream(AtomicFile(path, noClobber: noClobber), notSameAs: inputs)
    } else {
      file = nil
    }
  }

  mutating func write(_ text: String) throws {
    if file == nil { try standard.write(text) } else { try file?.write(text) }
  }

  /// Hands over the rest, and gives the file its name.
  mutating func commit() throws {
    try standard.close()
    try file?.commit()
  }
}
