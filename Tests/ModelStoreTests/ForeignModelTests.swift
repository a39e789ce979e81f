import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

@Suite("Models of other tools")
struct ForeignModelTests {
  /// The first bytes of files as written by the tools.
  static let files: [(format: ForeignModel, bytes: [UInt8])] = [
    (
      .xgboostJSON,
      Array(#"{"learner":{"attributes":{},"feature_names":[]},"version":[2,1,0]}"#.utf8)
    ),
    (.xgboostJSON, Array("{\n  \"version\": [1, 7, 6],\n  \"learner\": {}}".utf8)),
    (.xgboostUBJ, Array("{L".utf8) + [0, 0, 0, 0, 0, 0, 0, 7] + Array("learner{L".utf8)),
    (.xgboostUBJ, Array("{i".utf8) + [7] + Array("learner{i".utf8)),
    (.xgboostBinary, Array("binf".utf8) + [0, 0, 0, 63, 3, 0, 0, 0]),
    (.lightGBM, Array("tree\nversion=v4\nnum_class=3\n".utf8)),
    (.lightGBM, Array("tree\r\nversion=v3\r\n".utf8)),
    (.catBoost, Array("CBM1".utf8) + [24, 0, 0, 0]),
    (.onnx, [0x08, 0x08, 0x12, 0x08] + Array("skl2onnx".utf8) + [0x1A, 0x06]),
    (.onnx, [0x08, 0x07, 0x3A, 0x90, 0x02, 0x0A, 0x10, 0x0A, 0x01, 0x78]),
    (.pickle, [0x80, 0x04, 0x95, 0x22, 0, 0, 0, 0, 0, 0, 0]),
    (.pickle, Array("ccopy_reg\n_reconstructor\np0\n".utf8)),
    (.joblib, [0x78, 0x9C, 0xED, 0x9D]),
    (
      .safetensors,
      [19, 0, 0, 0, 0, 0, 0, 0] + Array(#"{"__metadata__":{}}"#.utf8)
    ),
    (.gguf, Array("GGUF".utf8) + [3, 0, 0, 0]),
    (.pmml, Array("<?xml version=\"1.0\"?>\n<PMML>".utf8)),
    (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]),
    (.zip, Array("PK\u{3}\u{4}".utf8) + [20, 0]),
    (.compressed, [0x1F, 0x8B, 0x08, 0x00]),
    (.array, [0x93] + Array("NUMPY".utf8) + [1, 0]),
  ]

  @Test("each format is named", arguments: files.indices) func named(index: Int) {
    let (format, bytes) = Self.files[index]
    #expect(ForeignModel(bytes) == format)
    let error = #expect(throws: ModelFileError.self) { try ModelFile.read(bytes) }
    #expect(error?.problem == .foreign(format))
    #expect(error?.code == "model.foreign")
    #expect(error?.message.contains(format.rawValue) == true)
  }

  @Test(
    "what is nobody's is no model file",
    arguments: [
      "class,x\na,1\n", "{}", "{}\n", "[1,2]\n", "3", "\n", "{\"format\":7}\n", "\u{FEFF}{}",
    ])
  func unknown(text: String) {
    #expect(ModelFileDamageTests.code(Array(text.utf8)) == "model.foreign")
  }

  @Test("an empty file is reported as cut short") func empty() {
    #expect(ModelFileDamageTests.code([]) == "model.truncated")
  }

  @Test("files of this package are not attributed to other tools") func own() throws {
    #expect(ForeignModel(try ModelFileFixture.golden("model-v1.json")) == nil)
  }

  @Test("any first bytes are examined without a trap") func noise() {
    var random = SeededBits(seed: 3)
    for _ in 0..<2000 {
      let bytes = (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(ModelFileDamageTests.code(bytes) != nil)
    }
  }
}
