/// An input of the command line: a path, or `-` for the standard input.
public struct InputFile: Sendable, Equatable {
  /// The path, or `-`.
  public let path: String

  /// An input; nothing is opened yet.
  public init(_ path: String) { self.path = path }

  /// Whether it is the standard input.
  public var isStandardInput: Bool { path == "-" }

  /// The last component of the path, or `standard input`, for messages.
  public var name: String {
    isStandardInput ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The extension of the name, in lower case; empty if there is none.
  public var fileExtension: String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 ? (parts.last.map { $0.lowercased() } ?? "") : ""
  }

  /// Opens the input. Throws `io.open` with the reason and, for a missing file, the nearest name in
  /// the folder.
  public func open() throws(FileError) -> ByteSource {
    if isStandardInput {
      return ByteSource(descriptor: 0, closes: false, name: name, path: nil)
    }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw .cannotOpen(file: path, reason: "no file can have this name", suggestion: nil)
    }
    let descriptor = Platform.open(path)
    if descriptor < 0 {
      let error = Platform.lastError
      throw .cannotOpen(
        file: path, reason: Platform.reasonAgainstReading(error),
        suggestion: Platform.isMissing(error) ? nearestName() : nil)
    }
    let identity = FileIdentity(descriptor: descriptor)
    if identity?.isDirectory != false {
      Platform.close(descriptor)
      throw .cannotOpen(file: path, reason: "it is a directory", suggestion: nil)
    }
    return ByteSource(descriptor: descriptor, closes: true, name: name, path: path)
  }

  /// All bytes of the input. Throws as `open()` and `ByteSource.readAll(budget:)` do.
  public func readAll(budget: MemoryBudget = .ofMachine) throws(FileError) -> [UInt8] {
    var source = try open()
    return try source.readAll(budget: budget)
  }

  /// The path with its last component replaced by the most similar name in the folder, if one
  /// differs by few letters.
  private func nearestName() -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let last = parts.last, !last.isEmpty else { return nil }
    let folder = parts.dropLast().joined(separator: "/")
    let listed = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    let names = Platform.names(inFolder: listed)
    guard let best = EditDistance.nearest(to: String(last), among: names.sorted()) else {
      return nil
    }
    return (parts.dropLast().map(String.init) + [best]).joined(separator: "/")
  }
}
