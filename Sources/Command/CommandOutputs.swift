import Surprisal
import Synchronization

/// Rows that were left out, until they are written to their file.
final class RejectCollector: Sendable {
  private let rows = Mutex<[Int: [UInt8]]>([:])
  private let isWanted: Bool

  /// A collector; what is not wanted costs no second reading.
  init(isWanted: Bool = false) { self.isWanted = isWanted }

  func add(_ row: RejectedRow) {
    rows.withLock { $0[row.row] = row.bytes }
  }

  /// Adds the rows of a file of `count` rows that are left out; `kept` are the numbers of the
  /// others. The standard input cannot be read again: of it only rows that could not be read are
  /// known.
  func add(
    rowsOf file: InputFile, kept: [Int], count: Int, _ options: DelimitedOptions
  ) throws {
    let table = TableFile(file, options: options)
    guard isWanted, !table.isArray, !table.isSparse else { return }
    let known = Set(kept).union(rows.withLock { $0.keys })
    let others = Set((0..<count).map { $0 + 1 }).subtracting(known)
    if others.isEmpty { return }
    guard !file.isStandardInput else {
      return Console.warn(
        code: "rows.rejected",
        "\(others.count) rows that are left out are not in the file of --rejects: the standard "
          + "input is read once")
    }
    let found = try DelimitedReader(options: options).records(others, of: file)
    rows.withLock { $0.merge(found) { $1 } }
  }

  /// Adds the rows that are not in data that were read.
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

/// The files that a command writes: checked before its work, named together at its end.
struct CommandOutputs {
  /// Takes the rows that are left out.
  let collector: RejectCollector
  private let noClobber: Bool
  private let rejects: AtomicFile?
  private let files: OutputSet

  /// Checks all outputs against all inputs: files that are written at the end; `running`, which are
  /// written during the work; and that of rejected rows.
  ///
  /// Throws `UsageError` for `-`, which is no file, and what `OutputSet` throws.
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
        "- is no file for this output: the standard output has the result",
        suggestion: "name a file; one that is called - is ./-")
    }
    files = try OutputSet(
      paths.map { AtomicFile($0, noClobber: noClobber) }
        + (running.map { AtomicFile($0) } + [self.rejects].compactMap { $0 }), inputs: inputs)
  }

  /// Begins a file.
  func stage(_ path: String) throws(FileError) -> StagedFile {
    try files.stage(AtomicFile(path, noClobber: noClobber))
  }

  /// Writes a file.
  func stage(_ text: String, as path: String) throws(FileError) {
    try files.stage(text.utf8, as: AtomicFile(path, noClobber: noClobber))
  }

  /// Writes the file of a model.
  func stage(_ model: FittedModel, as path: String) throws {
    try files.stage(
      ModelFile.checkedBytes(of: model, name: path), as: AtomicFile(path, noClobber: noClobber))
  }

  /// Makes a folder for files.
  func makeFolder(_ path: String) throws(FileError) { try files.makeFolder(path) }

  /// Prints the result and gives all files their names: everything may fail but the latter, so that
  /// a command that fails leaves no file.
  ///
  /// A reader of the result who stops early costs no file.
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
