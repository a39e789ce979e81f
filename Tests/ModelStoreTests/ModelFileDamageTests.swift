import SurprisalDatasets
import SurprisalEstimation
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalReporting
@testable import SurprisalTables

/// Damaged files. Every one is refused with a code word, and none causes a trap.
@Suite("Damaged model files")
struct ModelFileDamageTests {
  /// The code word of the error; nil if the bytes are read.
  static func code(_ bytes: [UInt8]) -> String? {
    do throws(ModelFileError) {
      _ = try ModelFile.read(bytes)
      return nil
    } catch {
      return error.description.isEmpty ? nil : error.code
    }
  }

  /// All indices if heavy tests run, otherwise every `step`-th and the ends.
  static func sample(_ count: Int, step: Int) -> [Int] {
    heavyTestsEnabled
      ? Array(0..<count) : Array(stride(from: 0, to: count, by: step)) + [count - 1]
  }

  static let goldens = ["model-v1.json", "model-v2.json"]

  @Test("cut short at any byte", arguments: goldens) func truncation(file: String) throws {
    let bytes = try ModelFileFixture.golden(file)
    for count in Self.sample(bytes.count, step: 11) {
      #expect(Self.code(Array(bytes.prefix(count))) == "model.truncated", "\(count) bytes")
    }
  }

  @Test("any one bit flipped", arguments: goldens) func flippedBits(file: String) throws {
    let bytes = try ModelFileFixture.golden(file)
    let key = try #require(bytes.firstRange(of: Array(#""crc32c":""#.utf8)))
    for index in Self.sample(bytes.count, step: 17) {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        let code = Self.code(damaged)
        // A damaged key may leave a text that is not JSON; without its end the file is cut short.
        let isJSON = (try? JSONParser().parse(damaged)) != nil
        let expected =
          index == bytes.count - 1
          ? "model.truncated" : key.contains(index) && !isJSON ? "model.json" : "model.checksum"
        #expect(code == expected, "byte \(index), bit \(bit)")
      }
    }
  }

  /// A fifth of the values at a byte; which fifth depends on its place.
  @Test("any byte replaced by others", .tags(.heavy), .enabled(if: heavyTestsEnabled))
  func replacedBytes() throws {
    let bytes = try ModelFileFixture.golden("model-v2.json")
    for index in bytes.indices {
      var damaged = bytes
      for value in stride(from: index % 5, to: 256, by: 5).map({ UInt8($0) })
      where value != bytes[index] {
        damaged[index] = value
        if Self.code(damaged) == nil { Issue.record("byte \(index) as \(value) was read") }
      }
    }
  }

  @Test("any byte removed or doubled") func shiftedBytes() throws {
    let bytes = try ModelFileFixture.golden("model-v1.json")
    for index in Self.sample(bytes.count, step: 23) {
      var shorter = bytes
      shorter.remove(at: index)
      var longer = bytes
      longer.insert(bytes[index], at: index)
      // Removing either letter of "gg" gives the same text.
      #expect(Self.code(shorter) != nil, "without byte \(index)")
      #expect(Self.code(longer) != nil, "byte \(index) twice")
    }
  }

  @Test("pieces exchanged, files joined, bytes added before or after") func piecewise() throws {
    let bytes = try ModelFileFixture.golden("model-v1.json")
    let half = bytes.count / 2
    #expect(Self.code(Array(bytes[half...] + bytes[..<half])) != nil)
    #expect(Self.code(bytes + bytes) == "model.checksum")
    #expect(Self.code([0xEF, 0xBB, 0xBF] + bytes) == "model.checksum")
    #expect(Self.code(bytes + [0x0A]) == "model.checksum")
    #expect(Self.code([UInt8](repeating: 0, count: bytes.count)) == "model.foreign")
  }

  @Test("a reformatted file is refused, with a hint how to inspect it", arguments: goldens)
  func reformatted(file: String) throws {
    let bytes = try ModelFileFixture.golden(file)
    let document = try JSONParser().parse(bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    for changed in [
      JSONWriter.pretty.text(of: document), JSONWriter.pretty.text(of: document) + "\n",
      text.replacing(#""crc32c":"#, with: #""crc32c": "#),
      text.replacing(#""crc32c":"#, with: #""crc32c" :"#),
      text.replacing(#""crc32c":"#, with: #""crc32C":"#),
    ] {
      let error = #expect(throws: ModelFileError.self) { try ModelFile.read(Array(changed.utf8)) }
      #expect(error?.code == "model.checksum")
      #expect(error?.suggestion?.contains("surprisal inspect") == true)
      #expect(!ModelInspection(Array(changed.utf8)).contents.isEmpty)
    }
  }

  /// Values that often break readers, inserted in place of any value.
  static let palette: [JSONValue] = [
    .null, .bool(true), .integer(-1), .integer(0), .integer(3), .integer(.max), .integer(.min),
    .number(-0.0), .number(0.5), .number(-2), .number(1.7976931348623157e308),
    .number(.leastNonzeroMagnitude),
    .number(1e19), .string(""), .string("nan"), .string("-inf"), .string("factor"),
    .string("level"), .string("low"), .string(String(repeating: "\u{1F600}", count: 1100)),
    .array([]), .array([.null]), .array([.number(1)]), .object(JSONObject()),
    .members(["kind": .string("level"), "source": .integer(1), "level": .integer(7)]),
  ]

  @Test("any value replaced by another, with a valid checksum", arguments: goldens)
  func replacedValues(file: String) throws {
    let document = try JSONParser().parse(try ModelFileFixture.golden(file))
    var random = SeededBits(seed: 20_240_611)
    var accepted = 0
    for _ in 0..<(heavyTestsEnabled ? 10_000 : 400) {
      var changed = document
      for _ in 0...random.below(3) { changed = replacing(in: changed, &random) }
      let bytes = ModelFileFixture.withChecksum(JSONWriter.canonical.text(of: changed) + "\n")
      _ = ModelInspection(bytes).lines
      guard let saved = try? ModelFile.read(bytes) else { continue }
      // A file that is read can be used: it causes no trap and is written unchanged.
      accepted += 1
      _ = try? ModelFileFixture.probabilities(of: saved)
      _ = saved.affine.encoding.columnNames
      _ = saved.affine.coefficients
      #expect(Self.code(ModelFile.bytes(of: saved)) == nil)
    }
    #expect(accepted > 0)
  }

  /// The value with one of its parts replaced, at any depth.
  func replacing(in value: JSONValue, _ random: inout SeededBits) -> JSONValue {
    if random.below(8) > 0 {
      switch value {
      case .object(var object) where object.count > 0:
        let key = object.keys[random.below(object.count)]
        object[key] = object[key].map { replacing(in: $0, &random) }
        return .object(object)
      case .array(var values) where !values.isEmpty:
        let index = random.below(values.count)
        values[index] = replacing(in: values[index], &random)
        return .array(values)
      default: break
      }
    }
    return Self.palette[random.below(Self.palette.count)]
  }
}
