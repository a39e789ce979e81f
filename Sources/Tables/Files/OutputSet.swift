#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// All files that a command writes: they appear together when everything is done, or none does.
///
/// Before anything is opened each output is compared with each input and each other output, by the
/// files to which the paths lead. Standard streams are included if they are regular files.
public final class OutputSet {
  private let inputs: [(name: String, place: FilePlace)]
  private var outputs: [(name: String, place: FilePlace)] = []
  private var checked: Set<String> = []
  private var staged: [StagedFile] = []
  private var folders: [String] = []
  private var isCommitted = false

  /// Checks inputs and outputs; outputs that are known later may be added by `stage`.
  ///
  /// Throws `usage` if two inputs are the standard input, or an output is an input or another
  /// output, and what `AtomicFile.checkWritable()` throws.
  public init(_ files: [AtomicFile], inputs: [InputFile]) throws(FileError) {
    guard inputs.count(where: \.isStandardInput) < 2 else { throw .standardInputTwice }
    self.inputs = inputs.compactMap { input in
      FilePlace(of: input).map { (input.isStandardInput ? input.name : input.path, $0) }
    }
    for (name, descriptor) in [("standard output", Int32(1)), ("standard error", 2)] {
      guard let place = FilePlace(descriptor: descriptor) else { continue }
      try requireOther(name, place, than: self.inputs)
      outputs.append((name, place))
    }
    for file in files { try check(file) }
  }

  deinit {
    staged = []
    if !isCommitted { for folder in folders.reversed() { TemporaryFiles.remove(folder) } }
  }

  /// Begins a file, which gets its name in `commit`.
  public func stage(_ file: AtomicFile) throws(FileError) -> StagedFile {
    if !checked.contains(file.path) { try check(file) }
    let result = try StagedFile(file)
    staged.append(result)
    return result
  }

  /// Writes a whole file, which gets its name in `commit`.
  public func stage(_ bytes: some Sequence<UInt8>, as file: AtomicFile) throws(FileError) {
    let result = try stage(file)
    try result.write(bytes)
    try result.finish()
  }

  /// Makes a folder and missing parent folders; they are removed again if nothing is committed.
  /// Throws `io.create`.
  public func makeFolder(_ path: String) throws(FileError) {
    if let existing = FileIdentity(path: path) {
      guard existing.isDirectory else {
        throw .cannotCreate(file: path, reason: "it is a file, not a folder")
      }
      return
    }
    let bare = path.hasSuffix("/") ? String(path.dropLast()) : path
    let above = AtomicFile.folder(of: bare)
    if above != ".", above != "/" { try makeFolder(above) }
    if let fault = TemporaryFiles.createFolder(bare), fault != EEXIST {
      throw .cannotCreate(file: path, reason: "the folder cannot be made")
    }
    folders.append(bare)
  }

  /// Gives every file its name. If renaming one fails, the previous ones are reverted.
  ///
  /// Throws `io.write` and `io.create`.
  public func commit() throws(FileError) {
    for file in staged { try file.finish() }
    for (index, file) in staged.enumerated() {
      do throws(FileError) {
        try file.publish(keepingOld: staged.count > 1)
      } catch {
        for done in staged[..<index].reversed() { done.revert() }
        throw error
      }
    }
    for file in staged { file.settle() }
    for folder in folders { TemporaryFiles.forget(folder) }
    isCommitted = true
  }

  private func check(_ file: AtomicFile) throws(FileError) {
    checked.insert(file.path)
    if file.isStandardOutput { return }
    guard let place = FilePlace(of: file) else { return try file.checkWritable() }
    try requireOther(file.path, place, than: inputs)
    if let other = outputs.first(where: { $0.place == place }) {
      throw .sameOutput(file.path, other.name)
    }
    outputs.append((file.path, place))
    try file.checkWritable()
  }

  private func requireOther(
    _ name: String, _ place: FilePlace, than inputs: [(name: String, place: FilePlace)]
  ) throws(FileError) {
    if let input = inputs.first(where: { $0.place == place }) {
      throw .outputIsInput(output: name, input: input.name)
    }
  }
}

/// The identity of the file at a path: device and inode, or those of the folder and the name in it.
private struct FilePlace: Equatable {
  private let node: FileNode
  private let name: String?

  /// An input; nil if it cannot be opened, and for devices and terminals.
  init?(of input: InputFile) {
    let identity =
      input.isStandardInput ? FileIdentity(descriptor: 0) : FileIdentity(path: input.path)
    guard let identity, !identity.isDevice else { return nil }
    self.init(identity)
  }

  /// An output, existing or not; nil for devices, and if it cannot be created.
  init?(of output: AtomicFile) {
    guard let target = try? output.resolvedTarget() else { return nil }
    if let existing = FileIdentity(path: target) {
      guard !existing.isDevice else { return nil }
      self.init(existing)
      return
    }
    guard let folder = FileIdentity(path: AtomicFile.folder(of: target)) else { return nil }
    self.init(folder, name: target.split(separator: "/").last.map(String.init))
  }

  /// An open regular file.
  init?(descriptor: Int32) {
    guard let identity = FileIdentity(descriptor: descriptor), identity.isRegular else {
      return nil
    }
    self.init(identity)
  }

  private init(_ identity: FileIdentity, name: String? = nil) {
    (node, self.name) = (identity.node, name)
  }
}
