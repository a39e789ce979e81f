import SurprisalReporting
import Testing

@Suite struct MarkupTests {
  @Test(
    "text reads back as it was, or in visible characters",
    arguments: [
      ("plain", "plain"), ("a < b & c > \"d\" 'e'", "a < b & c > \"d\" 'e'"),
      ("</svg><script>alert(1)</script>", "</svg><script>alert(1)</script>"),
      ("\u{1B}[31mred\u{07}", "\\u{1b}[31mred\\u{7}"), ("a\u{202E}b", "a\\u{202e}b"),
      ("\u{FFFE}\u{FFFF}\u{1FFFF}", "\\u{fffe}\\u{ffff}\\u{1ffff}"), ("\u{E000}", "\\u{e000}"),
      ("שלום 你好 👍🏽 é", "שלום 你好 👍🏽 é"), ("]]>&amp;", "]]>&amp;"), ("", ""),
    ])
  func escaping(text: String, shown: String) throws {
    let markup = Markup.element("p", ["title": text], text: text)
    let read = try MarkupReader.read(markup.rendered)
    #expect(read.text == shown)
    #expect(read.attributes["title"] == shown)
    #expect(read.children.isEmpty)
  }

  @Test func elementsAreClosedAsHTMLAsks() {
    #expect(Markup.element("div").rendered == "<div></div>\n")
    #expect(Markup.element("br").rendered == "<br/>")
    #expect(
      Markup.element("circle", ["r": "2"], [.element("title", text: "x")]).rendered
        == "<circle r=\"2\"><title>x</title>\n</circle>")
  }

  @Test(
    "coordinates",
    arguments: [
      (0.0, "0"), (-0.001, "0"), (12, "12"), (1.5, "1.5"), (1.25, "1.25"), (-3.456, "-3.46"),
      (0.05, "0.05"), (-0.5, "-0.5"), (.nan, "0"), (.infinity, "0"), (1e300, "0"),
      (99.999, "100"),
    ])
  func coordinate(value: Double, text: String) {
    #expect(MarkupText.coordinate(value) == text)
  }

  @Test(
    "the reader of these tests refuses what is not well-formed",
    arguments: [
      "<a>", "<a></b>", "<a b=\"1\" b=\"2\"></a>", "<a>&nbsp;</a>", "<a>\u{1}</a>",
      "<a><b></a></b>",
      "<a></a><b></b>", "<a b=1></a>", "<a>x > y</a>",
    ])
  func reader(text: String) {
    #expect(throws: MarkupFault.self) { try MarkupReader.read(text) }
  }
}
