import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

@Suite("Text from outside")
struct EscapedTextTests {
  @Test("control characters are escaped and long text is cut")
  func excerpt() {
    #expect(EscapedText("a\u{1B}[31m\n\u{202E}b").text == "a\\u{1b}[31m\\u{a}\\u{202e}b")
    #expect(
      EscapedText(String(repeating: "é", count: 100)).text == String(repeating: "é", count: 80)
        + "…")
    #expect(EscapedText(bytes: [UInt8](repeating: 0x61, count: 1 << 20)).text.count == 81)
    #expect(EscapedText(bytes: [0xFF, 0x61]).text == "\u{FFFD}a")
  }

  @Test(
    "the nearest word",
    arguments: [
      ("trian", ["train", "test"], "train"), ("p_cta", ["p_cat", "p_dog"], "p_cat"),
      ("Species", ["species"], "species"),
      ("x", ["abc"], nil), ("a", ["b"], nil), ("x", ["xx"], "xx"),
    ] as [(String, [String], String?)])
  func nearest(word: String, candidates: [String], answer: String?) {
    #expect(EditDistance.nearest(to: word, among: candidates) == answer)
  }
}
