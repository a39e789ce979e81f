import Foundation
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

@Suite("JSON")
struct JSONTests {
  @Test(
    "what is JSON, written in canonical form",
    arguments: [
      ("null", "null"), (" true ", "true"), ("0", "0"), ("-0", "-0.0"), ("1.0", "1.0"),
      ("1e2", "100.0"),
      ("0.1", "0.1"), ("5e-324", "5e-324"), ("9223372036854775807", "9223372036854775807"),
      ("9223372036854775808", "9.223372036854776e+18"), ("[]", "[]"), ("{}", "{}"),
      ("[1, [2, {}], \"x\"]", "[1,[2,{}],\"x\"]"),
      ("{\"b\": 1, \"a\": {\"d\": [], \"c\": null}}", "{\"a\":{\"c\":null,\"d\":[]},\"b\":1}"),
      ("\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\"", "\"é😀/\\u0008\\u000c\\n\\r\\t\""),
      ("\"\\u0000\\u001f\\u007f\"", "\"\\u0000\\u001f\\u007f\""),
    ])
  func accepted(text: String, canonical: String) throws {
    let value = try JSONParser().parse(text)
    #expect(JSONWriter.canonical.text(of: value) == canonical)
    #expect(try JSONParser().parse(canonical) == value)
  }

  @Test(
    "what is not JSON, and at which byte",
    arguments: [
      ("", "json.syntax", 0), ("  ", "json.syntax", 2), ("[1,]", "json.syntax", 3),
      ("[1 2]", "json.syntax", 3),
      ("{\"a\":1,}", "json.syntax", 7), ("{a:1}", "json.syntax", 1),
      ("{\"a\" 1}", "json.syntax", 5),
      ("[", "json.syntax", 1), ("{\"a\":", "json.syntax", 5), ("]", "json.syntax", 0),
      ("[1}", "json.syntax", 2),
      ("NaN", "json.syntax", 0), ("[Infinity]", "json.syntax", 1), ("-Infinity", "json.syntax", 1),
      ("+1", "json.syntax", 0), ("01", "json.syntax", 0), ("-01", "json.syntax", 1),
      ("1.", "json.syntax", 2),
      (".5", "json.syntax", 0), ("1e", "json.syntax", 2), ("0x10", "json.syntax", 1),
      ("tru", "json.syntax", 0),
      ("truee", "json.syntax", 4), ("null null", "json.syntax", 5), ("'a'", "json.syntax", 0),
      ("\"a", "json.syntax", 2), ("\"\\x\"", "json.syntax", 2), ("\"\\u12g4\"", "json.syntax", 5),
      ("\"\n\"", "json.syntax", 1), ("// c\n1", "json.syntax", 0), ("\u{FEFF}1", "json.syntax", 0),
      ("{\"a\":1,\"a\":2}", "json.duplicate", 7), ("{\"é\":1,\"e\\u0301\":2}", "json.duplicate", 8),
      ("[1e400]", "json.number", 1), ("-1e309", "json.number", 0),
      ("\"\\ud800\"", "json.surrogate", 1),
      ("\"\\udc00\"", "json.surrogate", 1), ("\"\\ud800\\u0041\"", "json.surrogate", 1),
      ("\"\\ud83d\\n\"", "json.surrogate", 1),
    ])
  func refused(text: String, code: String, offset: Int) {
    let error = #expect(throws: FileError.self) { try JSONParser().parse(text, source: "m") }
    #expect(error?.code == code)
    guard case .json("m", let found, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == offset)
    #expect(error?.exitCode == 65)
  }

  @Test(
    "bytes that are not UTF-8",
    arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]])
  func invalidUTF8(bytes: [UInt8]) {
    let error = #expect(throws: FileError.self) { try JSONParser().parse(bytes) }
    #expect(error == .json(source: "JSON", byteOffset: 1, .invalidUTF8))
  }

  @Test("nesting up to the limit, and any number of brackets beyond it")
  func depth() throws {
    let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(JSONWriter.canonical.text(of: try JSONParser().parse(deep)) == deep)
    for open in ["[", "{\"a\":"] {
      let error = #expect(throws: FileError.self) {
        try JSONParser().parse(String(repeating: open, count: 100_000))
      }
      #expect(error?.code == "json.depth")
    }
  }

  @Test("doubles read back to the same bits, and integers stay integers")
  func numbers() throws {
    var bits = SeededBits(seed: 9)
    var values = (0..<2000).map { _ in Double(bitPattern: bits.next()) }.filter(\.isFinite)
    values += [
      0, -0.0, 1, 1e15, 1e16, 1e22, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0.1 + 0.2,
    ]
    let text = JSONWriter.canonical.text(of: .numbers(values))
    let read = try #require(try JSONParser().parse(text).doubleArray)
    #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(JSONWriter.compact.text(of: .array([.integer(3), .number(3)])) == "[3,3.0]")
  }

  @Test("numbers that are not finite are null")
  func notFinite() {
    #expect(JSONWriter.compact.text(of: .numbers([.nan, .infinity, 1])) == "[null,null,1.0]")
    #expect(JSONWriter.compact.text(of: .number(.nan)) == "null")
    #expect(JSONValue(nil as Double?) == .null)
  }

  @Test("the order of keys is kept, and objects are equal in any order")
  func order() throws {
    let value = JSONValue.members(["b": 1.json, "a": .array([]), "c": .members([:])])
    #expect(JSONWriter.compact.text(of: value) == "{\"b\":1,\"a\":[],\"c\":{}}")
    #expect(
      JSONWriter.pretty.text(of: .members(["b": .array([1.json, 2.json]), "a": .members([:])]))
        == "{\n  \"b\": [\n    1,\n    2\n  ],\n  \"a\": {}\n}")
    #expect(value["a"]?.arrayValue?.isEmpty == true)
    var object = try #require(value.objectValue)
    object["b"] = nil
    object["b"] = 1.json
    #expect(object.keys == ["a", "c", "b"])
    #expect(.object(object) == value)
  }

  @Test("Foundation reads what is written")
  func foundation() throws {
    let value = JSONValue.members([
      "text": "a\"\\\u{1}\u{7F}\u{2028}é😀".json, "numbers": .numbers([1.5, -2e-300]), "none": .null,
    ])
    let read = try JSONSerialization.jsonObject(with: Data(JSONWriter.canonical.bytes(of: value)))
    let object = try #require(read as? [String: Any])
    #expect(object["text"] as? String == value["text"]?.stringValue)
    #expect(object["numbers"] as? [Double] == [1.5, -2e-300])
    #expect(object["none"] is NSNull)
  }
}

extension Int {
  fileprivate var json: JSONValue { .integer(self) }
}

extension String {
  fileprivate var json: JSONValue { .string(self) }
}
