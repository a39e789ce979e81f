import Foundation
import Testing

/// Bad input is refused as promised: exit status, code word, place, and no output file.
@Suite struct BadInputTests {
  static let all =
    BadInput.files + BadInput.text + BadInput.numbers + BadInput.labels + BadInput.features
    + BadInput.usage + BadInput.validation + BadInput.models + BadInput.votes + BadInput.sparse
    + BadInput.arrays

  @Test(arguments: all)
  func refused(_ row: BadInput) throws {
    let folder = try Workspace()
    for (name, bytes) in row.files { try folder.write(bytes, to: name) }
    let before = folder.names
    let outcome = try Tool.run(row.arguments, in: folder, input: row.input)
    #expect(outcome.status == row.status, "\(outcome.errors)")
    let first = outcome.errors.split(separator: "\n").first.map(String.init) ?? ""
    #expect(first.hasPrefix("error[\(row.code)]: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("\n  "), "every error says more, or how to cure it")
    for text in row.mentions {
      #expect(outcome.errors.contains(text), "\(text) is not in: \(outcome.errors)")
    }
    #expect(folder.names == before, "a refused command leaves no file")
    let isClean = outcome.errors.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" }
    #expect(isClean, "control characters never reach the terminal")
  }
}
