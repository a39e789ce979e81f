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

  /// Accented letters are one cell wide, in one scalar or two; East Asian characters and emoji are
  /// two.
  @Test func cellsAreCountedNotBytes() {
    var table = TextTable(["x", "y"], leftColumns: 1)
    table.append(["é", "1"])
    table.append(["e\u{301}", "2"])
    #expect(table.text(indent: 0) == "x  y\né  1\ne\u{301}  2")
    var wide = TextTable(["name", "x"], leftColumns: 1)
    for name in ["日本", "🙂", "abcd", "한a"] { wide.append([name, "1"]) }
    #expect(wide.text(indent: 0) == "name  x\n日本  1\n🙂    1\nabcd  1\n한a   1")
  }

  /// A table of measurements with long names, in decreasing widths.
  @Test(arguments: [200, 60, 52, 45, 40])
  func tablesFitTheWidth(width: Int) throws {
    var table = TextTable(["class", "feature"] + (1...3).map { "column\($0)" }, leftColumns: 2)
    for row in 0..<3 {
      table.append(
        ["class-\(row)", "a_rather_long_name_of_feature_\(row)_scaled"]
          + (1...3).map { "\($0)\(row).25" })
    }
    let text = TextLayout.$width.withValue(width) { table.text() }
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width })
    for row in 0..<3 {
      for column in 1...3 { #expect(text.contains("\(column)\(row).25")) }
      #expect(lines.contains { $0.contains("class-\(row)") && $0.contains("\(row)_s") })
    }
    #expect((text == table.text()) == (width == 200))
    #expect(text.contains("\n\n") == (width < 50), "the table is one while shorter names suffice")
  }

  /// A column without a heading contains the table's own words, not names from the data.
  @Test func wordsOfTheTableStayWhole() {
    var table = TextTable(["", "first", "second"], leftColumns: 1)
    table.append(["= label entropy of the votes", "1.000000", "2.000000"])
    let text = TextLayout.$width.withValue(40) { table.text() }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 40 })
    #expect(text.matches(of: /= label entropy of the votes/).count == 2)
  }

  /// Names that differ only in the middle are cut such that they remain different.
  @Test func differentNamesRemainDifferent() {
    var table = TextTable(["name", "value"], leftColumns: 1)
    let names = ["left_side_of_the_a_right_side_of_it", "left_side_of_the_b_right_side_of_it"]
    for name in names { table.append([name, "1"]) }
    let lines = TextLayout.$width.withValue(24) { table.text() }.split(separator: "\n")
    #expect(Set(lines).count == 3)
  }

  @Test(arguments: [
    ("short", "short"),
    (
      "  label   one two three four five", "  label   one two\n          three four\n          five"
    ),
    ("one two three four five six", "one two three four\n  five six"),
    ("averyveryverylongwordthatcannotbreak x", "averyveryverylongwordthatcannotbreak\n  x"),
    ("a\n\nb", "a\n\nb"),
  ])
  func proseIsBrokenBetweenWords(text: String, expected: String) {
    #expect(TextLayout.$width.withValue(20) { TextLayout.wrap(text) } == expected)
    #expect(TextLayout.wrap(text) == text)
  }

  /// A name in the data cannot move the cursor or reverse the direction of text.
  @Test func controlCharactersAreShown() {
    #expect(TerminalText.safe("a\u{1B}[2Jb") == "a\\u{1b}[2Jb")
    #expect(TerminalText.safe("\u{202E}x\u{2028}y") == "\\u{202e}x\\u{2028}y")
    #expect(TerminalText.safe("日本 ok") == "日本 ok")
    var table = TextTable(["x"], leftColumns: 1)
    table.append(["line\nfeed"])
    #expect(table.text(indent: 0) == "x\nline\\u{a}feed")
  }
}
