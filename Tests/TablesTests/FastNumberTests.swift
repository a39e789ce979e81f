import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

@Suite("Plain numbers")
struct FastNumberTests {
  /// The value and the length of the number at the start of a text; nil if it does not have the
  /// plain form.
  private func read(_ text: String, decimal: Character = ".") -> (value: Double, count: Int)? {
    let bytes = Array(text.utf8) + [0x0A] + [UInt8](repeating: 0x39, count: 16)
    return bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      var position = base
      var value = 0.0
      let isRead = FastNumber(decimal: decimal.asciiValue ?? 0).read(&position, &value)
      return isRead ? (value, position - base) : nil
    }
  }

  private func exact(_ text: String) -> DecimalNumber.Reading {
    Array(text.utf8).withUnsafeBufferPointer { DecimalNumber.read($0) }
  }

  @Test(
    "numbers of the plain form",
    arguments: [
      "0", "-0", "+7", "1", "12345678", "123456789", "0.1", "-0.25", ".5", "5.", "1e5", "1E-5",
      "1.5e+10", "12345678.12345678", "0.12345678901234567", "0.0012345678901234567",
      "9007199254740993", "9007199254740992.5", "1234567890123456789", "9999999999999999999",
      "0.00000000000000000000000000001", "00000000000000000000000012", "1e22", "1e23", "1e-22",
      "1e-400", "4.9e-324", "2.2250738585072011e-308", "1.7976931348623157e308", "0e9999", "-0.0",
      "123.4567", "1.23456789012345678", "0.000000000000000000", "8.5", "1.2345678", "1.23456789",
    ])
  func values(text: String) throws {
    let (value, count) = try #require(read(text))
    #expect(count == text.utf8.count)
    #expect(.number(value) == exact(text))
    #expect(value.bitPattern == Double(text.hasPrefix(".") ? "0" + text : text)?.bitPattern)
  }

  @Test(
    "what is left to others",
    arguments: [
      "", "-", ".", "x", "e5", "1e", "1e+", "1e999", "12345678901234567890", "1e99999", "-.",
      "0.123456789012345678901", "+", "-+7", "+-7", "--7", "++7",
    ])
  func others(text: String) { #expect(read(text) == nil) }

  @Test("a number ends where its grammar does")
  func ends() {
    #expect(read("1.5,2")?.count == 3)
    #expect(read("12 ")?.count == 2)
    #expect(read("1.2.3")?.count == 3)
    #expect(read("7x")?.count == 1)
    #expect(read("1,5", decimal: ",")?.value == 1.5)
  }

  @Test("random doubles are read back with the same bits, for any number of digits")
  func random() {
    var bits = SeededBits(seed: 20)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: bits.next())
      guard value.isFinite else { continue }
      #expect(read("\(value)")?.value.bitPattern == value.bitPattern)
      let digits = String((0..<1 + bits.below(25)).map { _ in Character("\(bits.below(10))") })
      let place = digits.index(digits.startIndex, offsetBy: bits.below(digits.count + 1))
      let text = "\(digits[..<place]).\(digits[place...])"
      if let found = read(text) { #expect(.number(found.value) == exact(text), "\(text)") }
    }
  }
}
