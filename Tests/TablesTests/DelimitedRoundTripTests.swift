import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

@Suite("Delimited text, at random")
struct DelimitedRoundTripTests {
  /// Random cells, some of which must be quoted.
  private func randomCell(_ bits: inout SeededBits) -> String {
    let letters: [Character] = ["a", "b", " ", ",", "\"", "\n", "\r\n", "é", "😀", ";", "1", "."]
    return String((0..<bits.below(6)).map { _ in letters[bits.below(letters.count)] }) + "x"
  }

  private func quoted(_ cell: String, _ bits: inout SeededBits) -> String {
    let isNeeded = cell.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    guard isNeeded || bits.below(4) == 0 else { return cell }
    var escaped = ""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { escaped += "\"" }
      escaped.unicodeScalars.append(scalar)
    }
    return "\"\(escaped)\""
  }

  @Test("cells are read back as written, in pieces of any size", arguments: 0..<30)
  func roundTrip(seed: Int) throws {
    var bits = SeededBits(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    let width = 2 + bits.below(4)
    let cells = (0..<40).map { _ in (0..<width).map { _ in randomCell(&bits) } }
    var text = (0..<width).map { "c\($0)" }.joined(separator: ",")
    for row in cells {
      text += bits.below(3) == 0 ? "\r\n" : "\n"
      text += row.map { quoted($0, &bits) }.joined(separator: ",")
    }
    for window in [1, 16, 1 << 18] {
      var options = DelimitedOptions()
      options.windowCapacity = window
      let table = try readTable(text, chunk: 1 + bits.below(40), options: options) { _ in .text }
      for column in 0..<width {
        #expect(texts(table, "c\(column)") == cells.map { $0[column] })
      }
    }
  }

  @Test("numbers in many windows, some columns with late text or missing cells")
  func large() throws {
    var bits = SeededBits(seed: 5)
    var text = "a,b,c\n"
    var expected: [Double] = []
    for row in 0..<3000 {
      let value = Double(bitPattern: bits.next() >> 2)
      expected.append(value)
      text += "\(value),\(row % 100 == 7 ? "NA" : "\(row)"),\(row == 2900 ? "end" : "\(row % 5)")\n"
    }
    for window in [100, 1 << 18] {
      var options = DelimitedOptions()
      options.windowCapacity = window
      let table = try readTable(text, options: options)
      #expect(numbers(table, "a") == expected)
      #expect(table.column(named: "b")?.missingRows == (0..<3000).filter { $0 % 100 == 7 })
      #expect(texts(table, "c") == (0..<3000).map { $0 == 2900 ? "end" : "\($0 % 5)" })
      #expect(table.line(ofRow: 2999) == 3001)
    }
  }

  @Test("random bytes give a table or an error, and never a trap", arguments: 0..<20)
  func noise(seed: Int) {
    var bits = SeededBits(seed: UInt64(seed) + 77)
    let alphabet = Array(",\"\n\r\u{0}1.e-x;\t NA".utf8) + [0xFF, 0xC3, 0xEF, 0xBB, 0xBF]
    for _ in 0..<300 {
      let bytes = (0..<bits.below(60)).map { _ in alphabet[bits.below(alphabet.count)] }
      var options = DelimitedOptions()
      options.hasHeader = bits.below(2) == 0
      options.lazyQuotes = bits.below(2) == 0
      options.dedupeHeaders = true
      if bits.below(2) == 0 { options.badRows = .skip { _ in } }
      let results = [(1, 1), (.max, 1 << 16), (3, 7)].map { chunk, window in
        options.windowCapacity = window
        return Result { () throws(FileError) in
          try DelimitedReader(options: options).read(
            ByteSource(bytes: bytes, name: "noise", chunkSize: chunk)
          ) { _ in .automatic }
        }
      }
      #expect(same(results[0], results[1]) && same(results[0], results[2]), "\(bytes)")
    }
  }

  /// Whether tables are equal, including NaN at missing cells, or errors are equal.
  private func same(
    _ left: Result<Table, FileError>, _ right: Result<Table, FileError>
  ) -> Bool {
    switch (left, right) {
    case (.success(let a), .success(let b)): "\(a)" == "\(b)"
    case (.failure(let a), .failure(let b)): a == b
    default: false
    }
  }
}
