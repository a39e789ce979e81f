import SurprisalFitting
import SurprisalTables

/// Reads and writes model files; see `docs/model-file.md` for the format.
///
/// A file is one JSON object in canonical form with a checksum; for a network, that text is the
/// metadata of a safetensors file with the parameters. It contains names, levels, parameters and
/// summary statistics, and cannot refer to another file, a type or code.
public enum ModelFile {
  /// The value of the key `format`.
  public static let format = "surprisal-model"
  /// The version that is written. All versions up to it can be read.
  public static let version = 2
  /// The largest file that is read: 1 GiB.
  public static let sizeLimit = 1 << 30
  /// The longest name, in bytes of UTF-8: 4 KiB.
  public static let nameLimit = 4096
  /// The key of the document in the metadata of a network's file.
  package static let documentKey = "surprisal"

  /// The file as bytes: the same model gives the same bytes.
  ///
  /// A model that `read` would refuse, such as one with an infinite weight, can be converted to
  /// bytes; `write` refuses it. Complexity: O(parameters).
  public static func bytes(of model: FittedModel) -> [UInt8] {
    guard let networks = model.classifier.networks else { return text(of: ModelDocument(model)) }
    var file = SafetensorsFile(metadata: [:], tensors: NetworkTensors.tensors(of: networks))
    let document = ModelDocument(model, tensorsChecksum: file.checksum)
    file.metadata[documentKey] = String(decoding: text(of: document), as: UTF8.self)
    return file.bytes
  }

  /// The text of a document with its checksum and its final line feed.
  private static func text(of document: ModelDocument) -> [UInt8] {
    var bytes = JSONWriter.canonical.bytes(of: .encoding(document))
    bytes.append(UInt8(ascii: "\n"))
    ModelFileChecksum.write(to: &bytes)
    return bytes
  }

  /// The bytes of a file, after checking that they can be read back.
  ///
  /// Throws what `read` throws for a model with infinite weights, or with names that are equal or
  /// too long; `name` is the name of the file in errors.
  public static func checkedBytes(
    of model: FittedModel, name: String
  ) throws(ModelFileError) -> [UInt8] {
    let bytes = bytes(of: model)
    _ = try read(bytes, name: name)
    return bytes
  }

  /// Checks, before a fit, that a file can store the names of its classes; throws `model.limit`.
  public static func requireStorable(
    _ classNames: [String], name: String
  ) throws(ModelFileError) {
    if let long = classNames.map(\.utf8.count).first(where: { $0 > nameLimit }) {
      throw ModelFileError(
        file: name, problem: .nameLength(path: "classes", bytes: long, limit: nameLimit))
    }
  }

  /// Writes a file atomically.
  ///
  /// Throws what `checkedBytes(of:name:)` throws, and `io.create` or `io.write`.
  public static func write(
    _ model: FittedModel, to output: AtomicFile
  ) throws(ModelFileError) {
    let path = output.path
    let bytes = try checkedBytes(of: model, name: path)
    do throws(FileError) {
      try output.write(bytes)
    } catch {
      throw ModelFileError(file: path, problem: .file(error))
    }
  }

  /// Reads and checks a file.
  ///
  /// Throws `io.open` and `io.read`, `model.limit` beyond `sizeLimit`, `limit.memory`, and what
  /// `read(_:name:)` throws.
  public static func read(_ input: InputFile) throws(ModelFileError) -> FittedModel {
    try read(try content(of: input), name: input.name)
  }

  /// Reads and checks the bytes of a file; `name` is its name in errors.
  ///
  /// The bytes are not trusted: every index, length and number is checked before a classifier is
  /// built, so that a prediction with the result cannot fail because of the file. Throws
  /// `model.truncated`, `model.foreign`, `model.checksum`, `model.version`, `model.json`,
  /// `model.values`, `model.shape`, `model.likelihood`, `model.limit` and `limit.memory`.
  public static func read(
    _ bytes: [UInt8], name: String = "model"
  ) throws(ModelFileError) -> FittedModel {
    do throws(ModelFileError.Problem) {
      guard SafetensorsFile.begins(bytes) else { return try fittedModel(of: bytes, tensors: nil) }
      let file = try SafetensorsFile(bytes, requiring: documentKey)
      guard let text = file.metadata[documentKey] else { throw .foreign(.safetensors) }
      return try fittedModel(of: Array(text.utf8), tensors: file)
    } catch {
      throw ModelFileError(file: name, problem: error)
    }
  }

  /// The model of a document. Checks the checksum, the format and the version before the members.
  private static func fittedModel(
    of bytes: [UInt8], tensors: SafetensorsFile?
  ) throws(ModelFileError.Problem) -> FittedModel {
    let checksum = try ModelFileChecksum.check(bytes)
    var document = try parse(bytes)
    guard document["format"] == .string(format) else { throw .foreign(nil) }
    guard let checksum, document["crc32c"] == .string(checksum) else { throw .noChecksum }
    let decoder = JSONValueDecoder.modelFile
    for key in ["format_version", "writer"] where document[key] == nil {
      throw .missingKey(path: key)
    }
    let writer = try decoder.value(
      String.self, from: document["writer"] ?? .null, path: "writer")
    try Check.name(writer, "writer")
    let found = try decoder.value(
      Int.self, from: document["format_version"] ?? .null, path: "format_version")
    guard found >= 1 else { throw .value(path: "format_version", found: "\(found)") }
    guard found <= version else { throw .version(found, writer: writer) }
    if found == 1 { document = try ModelFileUpgrade.version2(of: document) }
    return try decoder.value(ModelDocument.self, from: .object(document))
      .fittedModel(tensors: tensors)
  }

  /// The bytes of an input; throws if it is too large.
  package static func content(of input: InputFile) throws(ModelFileError) -> [UInt8] {
    var tooLarge: Int?
    do throws(FileError) {
      var source = try input.open()
      if source.size ?? 0 <= sizeLimit {
        // The size of a pipe is unknown, so the amount read is limited.
        return try source.readAll(
          budget: MemoryBudget(bytes: min(MemoryBudget.ofMachine.bytes, 3 * sizeLimit)))
      }
      tooLarge = source.size
    } catch {
      throw ModelFileError(file: input.name, problem: .file(error))
    }
    throw ModelFileError(
      file: input.name, problem: .size(bytes: tooLarge ?? 0, limit: sizeLimit))
  }

  /// Parses the text as JSON, after checking that memory suffices.
  package static func parse(_ bytes: [UInt8]) throws(ModelFileError.Problem) -> JSONObject {
    guard bytes.count <= sizeLimit else { throw .size(bytes: bytes.count, limit: sizeLimit) }
    let value: JSONValue
    do throws(FileError) {
      try MemoryBudget.ofMachine.require(memory(toParse: bytes), for: "reading a model file")
      value = try JSONParser().parse(bytes)
    } catch {
      guard case .json(_, let offset, let problem) = error else { throw .file(error) }
      if case .numberOverflow(let text) = problem {
        throw .value(path: "the number at byte \(offset)", found: text)
      }
      throw .syntax(byteOffset: offset, problem)
    }
    guard case .object(let object) = value else { throw .foreign(nil) }
    return object
  }

  /// An upper bound on the memory of the values of a JSON text. A text with two bytes per value
  /// needs forty times its size, so the values are counted by their commas and brackets before
  /// parsing.
  private static func memory(toParse bytes: [UInt8]) -> Int {
    bytes.reduce(bytes.count) { sum, byte in
      switch byte {
      case UInt8(ascii: ","): sum + 72
      case UInt8(ascii: "["): sum + 64
      case UInt8(ascii: "{"): sum + 512
      default: sum
      }
    }
  }
}

extension FittedModel {
  /// Reads the model in a file. Throws `ModelFileError`.
  public init(contentsOf path: String) throws(ModelFileError) {
    self = try ModelFile.read(InputFile(path))
  }
}
