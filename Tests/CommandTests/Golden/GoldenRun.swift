import Foundation
import Surprisal
import TestSupport

/// Runs a case and records all its results.
struct GoldenRun {
  /// Longer texts, and bytes that are not text, are recorded by size and checksum.
  private static let textLimit = 30_000
  private static let threads =
    ProcessInfo.processInfo.environment["SURPRISAL_GOLDEN_THREADS"] ?? "1"
  private static let environment = [
    "SURPRISAL_KERNELS": "reference", "TZ": "UTC", "LANG": "C", "LC_ALL": "C",
  ]
  private static let commandsWithThreads: Set<String> = [
    "fit", "cv", "calibrate", "predict", "evaluate", "compare", "report",
  ]

  private let folder: Workspace
  private let columns: Int
  private var known: [String: [UInt8]] = [:]
  private var lines: [String] = []
  /// The checksums of the model files that the calls wrote.
  private var checksums: Set<String> = []

  /// The transcript of a case, line by line.
  static func transcript(of item: GoldenCase) throws -> [String] {
    var run = try GoldenRun(folder: Workspace(), columns: item.columns)
    for step in item.steps { try run.perform(step) }
    return run.lines
  }

  private init(folder: Workspace, columns: Int) {
    self.folder = folder
    self.columns = columns
  }

  private mutating func perform(_ step: GoldenCase.Step) throws {
    switch step {
    case .file(let name, let bytes):
      try folder.write(bytes, to: name)
      known[name] = bytes
    case .call(let arguments, let input, let output):
      for name in arguments + [input].compactMap({ $0 }) { try provide(name) }
      let outcome = try Tool.run(
        arguments + Self.threadOption(arguments), in: folder,
        input: input.map { try folder.read($0) },
        environment: Self.environment.merging(["COLUMNS": "\(columns)"]) { $1 }, limit: 600)
      if !lines.isEmpty { lines.append("") }
      let redirection = [input.map { " < \($0)" }, output.map { " > \($0)" }]
      lines.append(
        "$ surprisal " + arguments.joined(separator: " ")
          + redirection.compactMap { $0 }.joined())
      lines.append("exit status \(outcome.status)")
      if let output {
        try folder.write(outcome.output, to: output)
      } else {
        record("standard output", outcome.output)
      }
      record("standard error", Array(outcome.errors.utf8))
      try recordFiles()
    }
  }

  /// Copies a file of `Inputs` or of `Tests/Data` into the folder.
  private mutating func provide(_ name: String) throws {
    guard !name.isEmpty, !name.contains("/"), known[name] == nil else { return }
    let inputs = GoldenCase.folder.appendingPathComponent("Inputs").appendingPathComponent(name)
    for url in [inputs, SharedData.projectURL("data/\(name)")]
    where FileManager.default.fileExists(atPath: url.path) {
      let bytes = [UInt8](try Data(contentsOf: url))
      try folder.write(bytes, to: name)
      known[name] = bytes
      return
    }
  }

  /// One thread, unless `SURPRISAL_GOLDEN_THREADS` is set: the number changes no output.
  private static func threadOption(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, commandsWithThreads.contains(command),
      Set(["--help", "--threads", "-j"]).isDisjoint(with: arguments)
    else { return [] }
    return ["--threads", threads]
  }

  /// Records the files that the call made or changed.
  private mutating func recordFiles() throws {
    let paths = FileManager.default.subpaths(atPath: folder.url.path) ?? []
    for path in paths.sorted() {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder.url(path).path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      let bytes = try folder.read(path)
      if known[path] == bytes { continue }
      known[path] = bytes
      record("file \(path)", bytes)
    }
  }

  private mutating func record(_ title: String, _ bytes: [UInt8]) {
    guard !bytes.isEmpty || title.hasPrefix("file") else { return }
    // A Latin-1 string holds any bytes, so that binary files are masked too.
    let latin = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    for match in latin.matches(of: /"crc32c\\?": ?\\?"([0-9a-f]{8})/) where title.hasPrefix("file")
    {
      checksums.insert(String(match.1))
    }
    let masked = masked(latin).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    guard masked.count <= Self.textLimit, !masked.contains(0),
      let text = String(validating: masked, as: UTF8.self)
    else {
      let checksum = String(CRC32C.checksum(of: masked), radix: 16)
      lines.append("--- \(title)  \(masked.count) bytes  crc32c \(checksum)")
      return
    }
    lines.append("--- \(title)")
    var content = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if content.last == "" { content.removeLast() } else { content.append("(no line end)") }
    lines += content.flatMap(Self.broken)
  }

  /// A long line, such as that of a model file, is continued with `>` at each member of an object.
  private static func broken(_ line: String) -> [String] {
    line.utf8.count < 400
      ? [line] : line.replacing(",\"", with: ",\n>\"").split(separator: "\n").map(String.init)
  }

  /// Masks the only parts that may differ between runs or releases:
  /// - seconds: the number after `..._seconds`, and those at the end of a line of progress;
  /// - the release: `surprisal 0.1.0`, and the checksums of model files, which cover it.
  private func masked(_ text: String) -> String {
    let text =
      text
      .replacing(/(_seconds(?:":)? )[0-9.e+-]+/) { "\($0.1)SECONDS" }
      .replacing(/[ ]{2}(?:[0-9.]+ s left[ ]{2})?[0-9.]+ s\n/, with: "  SECONDS s\n")
      .replacing(SurprisalVersion.writer, with: "surprisal VERSION")
    return checksums.reduce(text) { $0.replacing($1, with: "CHECKSUM") }
  }
}
