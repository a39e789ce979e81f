import Surprisal

/// A file with the output of `surprisal cv --json`.
struct CrossValidationPathFile {
  let file: InputFile

  init(_ path: String) { file = InputFile(path) }

  func read() throws -> CrossValidationPath {
    let text = String(decoding: try file.readAll(), as: UTF8.self)
    let json = try JSONParser().parse(text, source: file.name)
    guard let path = CrossValidationPath(crossValidation: json) else {
      throw ForeignFile(name: file.name)
    }
    return path
  }

  /// A JSON file with other content.
  private struct ForeignFile: LocatedError {
    let name: String
    var code: String { "cv.path" }
    var message: String { "\(EscapedText(name)) contains no path of strengths" }
    var details: [String] { [] }
    var suggestion: String? { "write it with surprisal cv ... --json > FILE" }
    var exitCode: Int32 { 65 }
  }
}
