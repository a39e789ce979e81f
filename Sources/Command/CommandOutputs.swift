import Surprisal
import Synchronization

/// The skipped rows, collected until they are written to their file.
final class RejectCollector: Sendable {
  private let rows = Mutex<[Int: [UInt8]]>([:])
  private let isWanted: Bool

  /// A collector; if no file was requested, it does not read any input again.
  init(isWanted: Bool = false) { self.isWanted = isWanted }

  func add(_ row: RejectedRow) {
    rows.withLock { $0[row.row] = row.bytes }
  }

  /// Adds the rows of a file of `count` rows that were skipped; `kept` are the numbers of the
  /// others. The standard input cannot be read again, so only its unreadable rows are known.
  func add(
    rowsOf file: InputFile, kept: [Int], count: Int, _ options: DelimitedOptions
  ) throws {
    guard isWanted else { return }
    let table = TableFile(file, options: options)
    let known = Set(kept).union(rows.withLock { $0.keys })
    let others = Set((0..<count).map { $0 + 1 }).subtracting(known)
    if others.isEmpty { return }
    guard !table.isArray, !file.isStandardInput else {
      let (count, isOne) = (others.count, others.count == 1)
      return Console.warn(
        code: "rows.rejected",
        "\(count) skipped \(isOne ? "row is" : "rows are") not in the file of --rejects: "
          + (table.isArray ? "an array has no lines of text" : "the standard input is read once"))
    }
    let found = try table.records(others)
    rows.withLock { $0.merge(found) { $1 } }
  }

  /// Adds the rows that are missing from the loaded data.
  func add(
    rowsLeftOutOf loaded: LoadedData, _ file: InputFile, _ options: DelimitedOptions
  ) throws {
    guard isWanted else { return }
    try add(rowsOf: file, kept: loaded.rowNumbers, count: loaded.fileRowCount, options)
  }

  /// The rows, byte for byte, in the order of the file.
  var bytes: [UInt8] {
    rows.withLock { rows in rows.keys.sorted().flatMap { rows[$0] ?? [] } }
  }
}

/// The files that a command writes: checked before the work starts, renamed together at the end.
struct CommandOutputs {
  /// Collects the skipped rows.
  let collector: RejectCollector
  private let noClobber: Bool
  private let rejects: AtomicFile?
  private let files: OutputSet

  /// Checks all outputs against all inputs: files that are written at the end; `running`, which are
  /// written during the work; and the file of rejected rows.
  ///
  /// Throws `UsageError` for `-`, which is not a file, and what `OutputSet` throws.
  init(
    _ paths: [String?] = [], noClobber: Bool = false, running: [String] = [], rejects: String?,
    inputs: [InputFile]
  ) throws {
    self.noClobber = noClobber
    collector = RejectCollector(isWanted: rejects != nil)
    self.rejects = rejects.map { AtomicFile($0) }
    let paths = paths.compactMap { $0 }
    guard !(paths + running + [rejects].compactMap { $0 }).contains("-") else {
      throw UsageError(
        "this output needs a file, not -: the standard output has the result",
        suggestion: "name a file; for a file with the name - use ./-")
    }
    files = try OutputSet(
      paths.map { AtomicFile($0, noClobber: noClobber) }
        + (running.map { AtomicFile($0) } + [self.rejects].compactMap { $0 }), inputs: inputs)
  }

  /// Creates a staged file.
  func stage(_ path: String) throws(FileError) -> StagedFile {
    try files.stage(AtomicFile(path, noClobber: noClobber))
  }

  /// Stages a text file.
  func stage(_ text: String, as path: String) throws(FileError) {
    try files.stage(text.utf8, as: AtomicFile(path, noClobber: noClobber))
  }

  /// Stages a model file.
  func stage(_ model: FittedModel, as path: String) throws {
    try files.stage(
      ModelFile.checkedBytes(of: model, name: path), as: AtomicFile(path, noClobber: noClobber))
  }

  /// Creates a folder for output files.
  func makeFolder(_ path: String) throws(FileError) { try files.makeFolder(path) }

  /// Prints the result and moves all files to their final names. Only that last step must not fail,
  /// so a command that fails leaves no file.
  ///
  /// If a reader of the printed result closes the pipe early, the files are still written.
  func finish(_ print: () throws -> Void = {}) throws {
    if let rejects { try files.stage(collector.bytes, as: rejects) }
    try Interruption.check()
    var gone: FileError?
    do {
      try print()
    } catch let error as FileError {
      guard case .readerIsGone = error else { throw error }
      gone = error
    }
    try Interruption.commit { try files.commit() }
    if let gone { throw gone }
  }
}
