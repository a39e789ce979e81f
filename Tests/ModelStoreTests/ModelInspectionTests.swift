import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalReporting
@testable import SurprisalTables

@Suite("Inspection of model files")
struct ModelInspectionTests {
  @Test("an intact file is listed in full") func intact() throws {
    let inspection = ModelInspection(try ModelFileFixture.golden("model-v2.json"))
    #expect(inspection.problem == nil)
    #expect(inspection.checksumMatches)
    #expect(inspection.format == "surprisal-model")
    #expect(inspection.formatVersion == 2)
    #expect(inspection.writer == "surprisal 0.1.0")
    #expect(inspection.parameterCount == 18)
    let contents = Dictionary(
      inspection.contents.map { ($0.path, $0.content) }, uniquingKeysWith: { first, _ in first })
    #expect(contents["classes"] == #"3 texts: "low", "medium", "high""#)
    #expect(
      contents["encoding.sources[1].kind.factor.levels"] == #"3 texts: "blue", "green", "red""#)
    #expect(contents["model.softmax.weights"] == "3 x 5 numbers from -2.5 to 3.0")
    #expect(contents["fit.statistics.rows"] == "24.0")
    #expect(inspection.lines.first?.contains("bytes") == true)
  }

  @Test("every name and text of the file is in the listing") func complete() throws {
    let document = try JSONParser().parse(try ModelFileFixture.golden("model-v1.json"))
    let listing = ModelInspection(try ModelFileFixture.golden("model-v1.json")).lines.joined()
    var stack = [document]
    while let value = stack.popLast() {
      switch value {
      case .string(let text): #expect(listing.contains(EscapedText(text).text))
      case .array(let values): stack += values
      case .object(let object): stack += object.members.map(\.value)
      default: break
      }
    }
  }

  @Test("a damaged file is listed with its fault") func damaged() throws {
    var bytes = try ModelFileFixture.golden("model-v1.json")
    let place = try #require(bytes.firstRange(of: Array("medium".utf8)))
    bytes[place.lowerBound] = UInt8(ascii: "M")
    let inspection = ModelInspection(bytes)
    #expect(inspection.problem?.code == "model.checksum")
    #expect(!inspection.checksumMatches)
    #expect(inspection.parameterCount == nil)
    #expect(inspection.contents.contains { $0.content.contains("Medium") })
    #expect(inspection.json["valid"] == .bool(false))
    #expect(inspection.json["error"]?["code"] == .string("model.checksum"))
  }

  @Test("additions to a file are listed too") func additions() throws {
    let text = String(decoding: try ModelFileFixture.golden("model-v1.json"), as: UTF8.self)
    let bytes = ModelFileFixture.withChecksum(
      text.replacing(
        #""uses_offsets""#, with: #""\u001b[31mrows":[["Ann",37],["Bob",41]],"uses_offsets""#))
    let inspection = ModelInspection(bytes)
    #expect(inspection.problem?.code == "model.json")
    #expect(inspection.contents.contains { $0.content.contains("Ann") })
    #expect(!inspection.lines.contains { $0.unicodeScalars.contains { $0.value < 0x20 } })
  }

  @Test("other formats are named, and text that is not JSON has no contents") func foreign() {
    let inspection = ModelInspection(Array("tree\nversion=v4\n".utf8), name: "m.txt")
    #expect(inspection.problem?.code == "model.foreign")
    #expect(inspection.contents.isEmpty)
    #expect(inspection.lines.contains { $0.contains("LightGBM") })
  }
}
