import SurprisalReporting
import Testing

@Suite struct TextTableTests {
  @Test func columnsAreAligned() {
    var table = TextTable(["name", "value"], leftColumns: 1)
    table.append(["a", "1"])
    table.append(["longer name", "-12.5"])
    #expect(
      table.text() == """
          name         value
          a                1
          longer name  -12.5
        """)
  }

  @Test func missingCellsAndEmptyHeadings() {
    var table = TextTable(["", ""], leftColumns: 2)
    table.append(["only"])
    table.append(["a", "b", "too many"])
    #expect(table.text(indent: 0) == "only\na     b")
  }

  /// Accents and emoji are one character wide here; so is what is written in two scalars.
  @Test func charactersAreCountedNotBytes() {
    var table = TextTable(["x", "y"], leftColumns: 1)
    table.append(["é", "1"])
    table.append(["e\u{301}", "2"])
    #expect(table.text(indent: 0) == "x  y\né  1\ne\u{301}  2")
  }

  /// A name in the data cannot move the cursor or turn the text around.
  @Test func controlCharactersAreShown() {
    #expect(TerminalText.safe("a\u{1B}[2Jb") == "a\\u{1b}[2Jb")
    #expect(TerminalText.safe("\u{202E}x\u{2028}y") == "\\u{202e}x\\u{2028}y")
    #expect(TerminalText.safe("日本 ok") == "日本 ok")
    var table = TextTable(["x"], leftColumns: 1)
    table.append(["line\nfeed"])
    #expect(table.text(indent: 0) == "x\nline\\u{a}feed")
  }
}
