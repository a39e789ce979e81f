import Foundation
import Testing

/// Equivalent forms of one table, which must give the same bytes of the model file.
@Suite struct SameModelTests {
  private static let clean =
    "x,y,s,class\n1,0.5,u,a\n2,0.25,v,b\n3,1,u,b\n4,2,v,a\n5,0,u,b\n6,3,v,a\n"
  private static let fit = ["fit", "data.csv", "--target", "class", "--l2", "0.01", "-o", "m.json"]

  /// The bytes of the model of the clean table; empty if the tool failed, which every test detects.
  private static let expected: [UInt8] = (try? model(Array(clean.utf8))) ?? []

  /// The bytes of the model of a table.
  private static func model(
    _ bytes: [UInt8], _ flags: [String] = [], environment: [String: String] = [:]
  ) throws -> [UInt8] {
    let folder = try Workspace()
    try folder.write(bytes, to: "data.csv")
    let outcome = try Tool.run(fit + flags, in: folder, environment: environment)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try folder.read("m.json")
  }

  struct Spelling: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    var flags: [String] = []

    init(_ name: String, _ text: String, _ flags: String...) {
      testDescription = name
      bytes = Array(text.utf8)
      self.flags = flags
    }
  }

  static let spellings = [
    Spelling("5 byte order mark", "\u{FEFF}" + clean),
    Spelling("9 CRLF", clean.replacing("\n", with: "\r\n")),
    Spelling("9 mixed line ends", clean.replacing("\n3", with: "\r\n3")),
    Spelling("9 no final line end", String(clean.dropLast())),
    Spelling("11 blank lines", clean.replacing("\n3", with: "\n\n\n3") + "\n\n"),
    Spelling("30 spaces round numbers", clean.replacing("0.25", with: "  0.25\t")),
    Spelling(
      "quotation marks",
      clean.replacing("u", with: "\"u\"").replacing("2,", with: "\"2\",")
        .replacing("class", with: "\"class\"")),
    Spelling("other spellings of numbers", clean.replacing("0.25", with: "+25e-2")),
    Spelling("tabs", clean.replacing(",", with: "\t"), "--delimiter", "tab"),
    Spelling("semicolons", clean.replacing(",", with: ";"), "--delimiter", ";"),
    Spelling(
      "23 decimal commas", clean.replacing(",", with: ";").replacing(".", with: ","), "--delimiter",
      ";", "--decimal", ","),
    Spelling(
      "7 an ignored column may hold anything",
      clean.replacing("\n", with: ",\u{1}x\n").replacing("class,\u{1}x", with: "class,z"),
      "--ignore", "z"),
    Spelling(
      "14 bad rows left out", clean.replacing("\n3", with: "\n9,9\n3"), "--on-bad-row", "skip"),
    Spelling("25 rows with empty cells left out", clean + "7,,u,a\n,1,v,b\n", "--missing", "drop"),
    Spelling(
      "72 rows of weight zero left out",
      clean.replacing("\n", with: ",1\n").replacing("class,1", with: "class,w") + "9,9,u,a,0\n",
      "--frequency", "w"),
    Spelling("quiet", clean, "--quiet"),
    Spelling("125 one thread", clean, "-j", "1"),
    Spelling("125 two threads", clean, "-j", "2"),
    Spelling("125 more threads than there can be", clean, "-j", "10000"),
  ]

  @Test(arguments: spellings)
  func sameBytes(_ spelling: Spelling) throws {
    var expected = Self.expected
    if spelling.testDescription.hasPrefix("72") {
      // The record distinguishes frequencies from rows: compare with frequencies of one.
      let ones = Self.clean.replacing("\n", with: ",1\n").replacing("class,1", with: "class,w")
      expected = try Self.model(Array(ones.utf8), ["--frequency", "w"])
    }
    #expect(try Self.model(spelling.bytes, spelling.flags) == expected)
  }

  @Test(
    "24, 124: locale, home and terminal do not matter",
    arguments: [
      ["LC_ALL": "de_DE.UTF-8"], ["LC_ALL": "C", "LANG": "tr_TR.UTF-8"], ["HOME": "/nonexistent"],
      ["TERM": "", "COLUMNS": "1"], ["COLUMNS": "-5", "LINES": "x"], ["NO_COLOR": "1"],
    ])
  func environment(_ environment: [String: String]) throws {
    let bytes = try Self.model(Array(Self.clean.utf8), environment: environment)
    #expect(bytes == Self.expected)
  }

  @Test("36: the standard input, a byte at a time") func byteByByte() throws {
    let folder = try Workspace()
    try folder.write(Self.clean, to: "data.csv")
    let line = """
      i=1; n=$(wc -c < data.csv)
      while [ $i -le $n ]; do dd if=data.csv bs=1 skip=$((i-1)) count=1 2>/dev/null; i=$((i+1)); done |
        "$TOOL" fit - --target class --l2 0.01 -o m.json
      """
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.read("m.json") == Self.expected)
  }

  @Test("P3: threads over many blocks of rows", arguments: [1, 2, 3, 7])
  func manyRows(threads: Int) throws {
    var text = "x,y,p_a,p_b,p_c\n"
    for row in 0..<1000 {
      let (x, y) = (Double(row * 37 % 101) / 7, Double(row * 61 % 97) / 11)
      let share = Double(row % 8) / 8
      text += "\(x),\(y),\(share),\((1 - share) / 4),\((1 - share) * 3 / 4)\n"
    }
    let folder = try Workspace()
    try folder.write(text, to: "data.csv")
    for (name, count) in [("one.json", 1), ("many.json", threads)] {
      let arguments = ["fit", "data.csv", "--probs", "p_*", "-j", "\(count)", "-o", name]
      #expect(try Tool.run(arguments, in: folder).status == 0)
    }
    #expect(try folder.read("one.json") == folder.read("many.json"))
  }
}
