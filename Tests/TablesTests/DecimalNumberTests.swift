import Foundation
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

/// Whether millions of numbers are tested, as before a release.
private let isHeavy = ProcessInfo.processInfo.environment["SURPRISAL_HEAVY"] != nil

func readNumber(_ text: String, decimal: Character = ".") -> DecimalNumber.Reading {
  let bytes = Array(text.utf8)
  return bytes.withUnsafeBufferPointer {
    DecimalNumber.read($0, decimal: decimal.asciiValue ?? UInt8(ascii: "."))
  }
}

@Suite("Numbers")
struct DecimalNumberTests {
  @Test(
    "the grammar",
    arguments: [
      ("0", 0), ("1", 1), ("+1", 1), ("-2.5", -2.5), (".5", 0.5), ("+.5", 0.5), ("1.", 1),
      ("1e3", 1000), ("1E+3", 1000), ("1e-3", 0.001), ("00012", 12), ("0.000", 0),
      ("1e0000003", 1000),
      ("9007199254740993", 9_007_199_254_740_992), ("1e23", 1e23),
      ("123456789012345678", 123_456_789_012_345_680),
      ("4.9e-324", 0x1p-1074), ("2.4703282292062328e-324", 0x1p-1074), ("2.47e-324", 0),
      ("1e-400", 0),
      ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
      ("1.7976931348623157e308", .greatestFiniteMagnitude),
      ("0e999999999999999999999", 0), ("1e-99999999999999999999999", 0),
    ] as [(String, Double)])
  func accepted(text: String, value: Double) {
    #expect(readNumber(text) == .number(value))
  }

  @Test(
    "what is no number",
    arguments: [
      "", "+", "-", ".", "e5", "1e", "1e+", "0x1p-3", "nan(0x7)", "1_000", "١", "1,5", "1d3", "1 2",
      "--1",
      "+-1", "1.2.3", "1e5.0", "NaN", "nan", "infinit", "0x10", "1\u{0}", "½", "1f", "−1",
    ])
  func refused(text: String) { #expect(readNumber(text) == .word) }

  @Test("infinity and overflow are distinguished")
  func infinity() {
    for text in ["inf", "Inf", "-INF", "+infinity", "Infinity"] {
      #expect(readNumber(text) == .infinite)
    }
    for text in [
      "1e400", "-1e309", "1.7976931348623159e308", "1" + String(repeating: "0", count: 400),
    ] {
      #expect(readNumber(text) == .overflow)
    }
  }

  @Test("a decimal comma")
  func comma() {
    #expect(readNumber("1,5", decimal: ",") == .number(1.5))
    #expect(readNumber("1.5", decimal: ",") == .word)
    let long = "0,1000000000000000055511151231257827021181583404541015625"
    #expect(readNumber(long, decimal: ",") == .number(0.1))
  }

  @Test("minus zero keeps its sign")
  func minusZero() {
    for text in ["-0", "-0.0", "-1e-400"] {
      guard case .number(let value) = readNumber(text) else {
        Issue.record("\(text)")
        continue
      }
      #expect(value == 0 && value.sign == .minus)
    }
  }

  @Test("the same bits as strtod for random bits, digits and exponents")
  func random() {
    var bits = SeededBits(seed: 20)
    var wrong: [String] = []
    for round in 0..<(isHeavy ? 5_000_000 : 70_000) {
      for text in [
        bitText(&bits), digitText(&bits), round % 256 == 0 ? halfwayText(&bits) : edgeText(&bits),
      ] {
        if !agrees(text) { wrong.append(text) }
      }
    }
    #expect(wrong.prefix(5).isEmpty)
  }

  /// The complete decimal expansion of a number exactly between two doubles, or a number next to
  /// it.
  private func halfwayText(_ bits: inout SeededBits) -> String {
    let value = Double(bitPattern: (bits.next() >> 1) % (0x7FE0 << 48))
    let middle = exactMiddle(value)
    switch bits.below(3) {
    case 0: return middle
    case 1: return middle + (middle.contains(".") ? "0000001" : ".0000001")
    default:
      // The last digit of a midpoint is never 0: subtracting one gives a number below it.
      guard let last = middle.last?.wholeNumberValue, last > 0 else { return middle }
      return middle.dropLast() + "\(last - 1)9"
    }
  }

  /// The decimal expansion of `value + ulp / 2`, by integer arithmetic on decimal digits.
  private func exactMiddle(_ value: Double) -> String {
    let isNormal = value.exponentBitPattern > 0
    let significand = value.significandBitPattern | (isNormal ? 1 << 52 : 0)
    var digits = Array(String(significand * 2 + 1).reversed()).compactMap(\.wholeNumberValue)
    var exponent = Int(max(1, value.exponentBitPattern)) - 1023 - 52 - 1
    var point = 0
    while exponent > 0 {
      multiply(&digits, by: 2)
      exponent -= 1
    }
    while exponent < 0 {
      multiply(&digits, by: 5)
      exponent += 1
      point += 1
    }
    while digits.count <= point { digits.append(0) }
    let text = digits.reversed().map(String.init).joined()
    let split = text.index(text.endIndex, offsetBy: -point)
    return point == 0 ? text : "\(text[..<split]).\(text[split...])"
  }

  private func multiply(_ digits: inout [Int], by factor: Int) {
    var carry = 0
    for index in digits.indices {
      carry += digits[index] * factor
      digits[index] = carry % 10
      carry /= 10
    }
    while carry > 0 {
      digits.append(carry % 10)
      carry /= 10
    }
  }

  private func bitText(_ bits: inout SeededBits) -> String {
    let value = Double(bitPattern: bits.next())
    return value.isFinite ? "\(value)" : "0"
  }

  private func digitText(_ bits: inout SeededBits) -> String {
    var text = bits.below(2) == 0 ? "-" : ""
    for _ in 0...bits.below(24) { text += "\(bits.below(10))" }
    text += "."
    for _ in 0..<bits.below(12) { text += "\(bits.below(10))" }
    return text + "e\(bits.below(700) - 350)"
  }

  /// A number with few digits at an end of the range.
  private func edgeText(_ bits: inout SeededBits) -> String {
    "\(bits.next() >> UInt64(bits.below(64)))e\(bits.below(2) == 0 ? 280 + bits.below(30) : -350 + bits.below(40))"
  }

  private func agrees(_ text: String) -> Bool {
    let expected = strtod(text, nil)
    switch readNumber(text) {
    case .number(let value): return value.bitPattern == expected.bitPattern
    case .overflow: return expected.isInfinite
    default: return false
    }
  }
}
