import Foundation
import Surprisal
import Testing

@testable import SurprisalCommand

/// Every code word in the sources has a text, and every text has a code word.
@Suite struct ExplainErrorTests {
  /// Words of the form `family.word` in quotation marks, in the sources of the package except the
  /// texts.
  private static let emitted: Set<String> = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    let families = Set(ErrorText.all.compactMap { $0.code.split(separator: ".").first })
    var result: Set<String> = []
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift", !file.path.contains("/ErrorTexts/"),
        let text = try? String(contentsOf: file, encoding: .utf8)
      else { continue }
      for match in text.matches(of: /"([a-z]+)\.([a-z0-9]+)"/) where families.contains(match.1) {
        result.insert("\(match.1).\(match.2)")
      }
    }
    return result
  }()

  @Test func everyCodeHasAText() {
    let explained = Set(ErrorText.all.map(\.code))
    #expect(Self.emitted.count > 60)
    #expect(Self.emitted.subtracting(explained).sorted() == [])
  }

  @Test func everyTextHasACode() {
    let explained = Set(ErrorText.all.map(\.code)).subtracting(["usage"])
    #expect(explained.subtracting(Self.emitted).sorted() == [])
  }

  @Test func textsAreWhole() {
    #expect(Set(ErrorText.all.map(\.code)).count == ErrorText.all.count, "no code twice")
    for text in ErrorText.all {
      for part in [text.title, text.meaning, text.example, text.suggestion] {
        #expect(!part.isEmpty, "\(text.code)")
      }
      #expect(text.text.split(separator: "\n").allSatisfy { $0.count <= 110 }, "\(text.code)")
    }
  }

  @Test func printed() throws {
    let folder = try Workspace()
    let text = try Tool.run(["explain-error", "label.sum"], in: folder)
    #expect(text.status == 0)
    #expect(text.text.hasPrefix("label.sum: "))
    let pasted = try Tool.run(["explain-error", "error[label.sum]"], in: folder)
    #expect(pasted.output == text.output)
    let list = try Tool.run(["explain-error"], in: folder)
    #expect(ErrorText.all.allSatisfy { list.text.contains($0.code) })
  }
}
