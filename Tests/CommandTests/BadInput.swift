import Testing

/// An input that must be refused: the files, the command line, and the expected error.
struct BadInput: Sendable, CustomTestStringConvertible {
  let name: String
  let files: [String: [UInt8]]
  let arguments: [String]
  let input: [UInt8]?
  let status: Int32
  let code: String
  let mentions: [String]

  /// A row of the table. `type` is split at spaces; `data` becomes `data.csv`.
  init(
    _ name: String, _ data: String = "", files: [String: String] = [:],
    type: String = "fit data.csv --target class -o model.json", exit status: Int32 = 65,
    _ code: String, _ mentions: String...
  ) {
    self.init(
      name, bytes: Array(data.utf8), files: files, type: type, exit: status, code, mentions)
  }

  /// The same for data that are not text.
  init(
    _ name: String, bytes: [UInt8], files: [String: String] = [:],
    type: String = "fit data.csv --target class -o model.json", input: String? = nil,
    exit status: Int32 = 65, _ code: String, _ mentions: [String]
  ) {
    self.name = name
    self.files = files.mapValues { Array($0.utf8) }.merging(["data.csv": bytes]) { first, _ in first
    }
    arguments = type.split(separator: " ").map(String.init)
    self.input = input.map { Array($0.utf8) }
    self.status = status
    self.code = code
    self.mentions = mentions
  }

  var testDescription: String { name }
}
