import SurprisalDiagnostics
import SurprisalFitting
import SurprisalModelStore
import SurprisalTables

/// The complete content of a model file, without trusting any of it: the output of `surprisal
/// inspect`.
///
/// It can be created for every file that can be opened, whether intact, damaged, of a later version
/// or not a model; `problem` is the reason why `ModelFile.read` refuses it. `contents` lists every
/// name, level and text of the file, and the length and range of lists of numbers, so that no
/// training data can be hidden in a model.
public struct ModelInspection: Sendable, Equatable {
  /// The size of the file in bytes.
  public let byteCount: Int
  /// The value of `format`; nil if there is none.
  public let format: String?
  /// The value of `format_version`.
  public let formatVersion: Int?
  /// The value of `writer`.
  public let writer: String?
  /// The checksum in the file; nil if there is none.
  public let storedChecksum: String?
  /// The checksum of the text; nil if there is none to compare it with.
  public let computedChecksum: String?
  /// The number of parameters; nil if the file cannot be read.
  public let parameterCount: Int?
  /// Why the file cannot be read; nil if it can.
  public let problem: ModelFileError?
  /// The content, one entry per line, in the order of the file. Empty if the text is not JSON.
  public let contents: [Entry]

  /// A position in the file and its content, texts shortened to 80 characters and without control
  /// characters.
  public struct Entry: Sendable, Equatable {
    /// The position: `encoding.sources[0]`.
    public let path: String
    /// The content.
    public let content: String
  }

  /// Whether the stored checksum equals that of the text.
  public var checksumMatches: Bool { storedChecksum != nil && storedChecksum == computedChecksum }

  /// Inspects a file. Throws only if the bytes cannot be read: `io.open`, `io.read`, `model.limit`.
  public init(of input: InputFile) throws(ModelFileError) {
    self.init(try ModelFile.content(of: input), name: input.name)
  }

  /// Inspects the bytes of a file; `name` is its name in `problem`. Complexity: O(bytes).
  public init(_ bytes: [UInt8], name: String = "model") {
    byteCount = bytes.count
    var found: ModelFileError?
    var saved: FittedModel?
    do throws(ModelFileError) {
      saved = try ModelFile.read(bytes, name: name)
    } catch {
      found = error
    }
    problem = found
    parameterCount = saved?.classifier.parameterCount
    let text = ModelInspection.text(of: bytes)
    let checksum = text.flatMap { ModelFileChecksum.comparison(of: $0) }
    storedChecksum = checksum?.stored
    computedChecksum = checksum?.computed
    let document = text.flatMap { try? ModelFile.parse($0) }
    format = document?["format"]?.stringValue
    formatVersion = document?["format_version"]?.integerValue
    writer = document?["writer"]?.stringValue
    contents = document.map { JSONOutline(.object($0)).entries } ?? []
  }

  /// The text of a model file: the file itself, or for a network the document in the metadata.
  private static func text(of bytes: [UInt8]) -> [UInt8]? {
    if SafetensorsFile.begins(bytes) {
      let key = ModelFile.documentKey
      return (try? SafetensorsFile(bytes, requiring: key))?.metadata[key].map { Array($0.utf8) }
    }
    return ForeignModel(bytes) == nil ? bytes : nil
  }

  /// The listing as printed by the command, line by line.
  public var lines: [String] {
    let head = [
      Entry(path: "size", content: "\(byteCount) bytes"),
      Entry(path: "checksum", content: checksumSentence),
      Entry(path: "valid", content: problem.map { "no: \($0.message)" } ?? "yes"),
      Entry(path: "parameters", content: parameterCount.map { "\($0)" } ?? "not known"),
    ]
    let all = head + contents
    let width = all.map(\.path.count).filter { $0 <= 40 }.max() ?? 0
    return all.map { entry in
      let padding = String(repeating: " ", count: max(0, width - entry.path.count))
      return "\(entry.path)\(padding)  \(entry.content)"
    }
  }

  private var checksumSentence: String {
    guard let storedChecksum, let computedChecksum else { return "none" }
    let stored = EscapedText(storedChecksum).text
    return checksumMatches
      ? "\(stored), right" : "\(stored), wrong: the text has \(computedChecksum)"
  }

  /// The listing as one JSON object.
  public var json: JSONValue {
    .members([
      "bytes": .integer(byteCount),
      "format": JSONValue(format),
      "format_version": JSONValue(formatVersion),
      "writer": JSONValue(writer),
      "checksum": .members([
        "stored": JSONValue(storedChecksum), "computed": JSONValue(computedChecksum),
        "matches": .bool(checksumMatches),
      ]),
      "valid": .bool(problem == nil),
      "error": problem.map {
        .members(["code": .string($0.code), "message": .string($0.message)])
      } ?? .null,
      "parameters": JSONValue(parameterCount),
      "contents": .array(
        contents.map { .members(["path": .string($0.path), "content": .string($0.content)]) }),
    ])
  }
}
