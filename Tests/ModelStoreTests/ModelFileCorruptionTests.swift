import Foundation
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalReporting
@testable import SurprisalTables

/// A manual change with a valid checksum, and the expected error.
struct Corruption: Sendable, CustomTestStringConvertible {
  let old: String
  let new: String
  let code: String
  /// A text that the message must contain.
  let says: String

  init(_ old: String, _ new: String, _ code: String, _ says: String = "m.json") {
    self.old = old
    self.new = new
    self.code = code
    self.says = says
  }

  var testDescription: String { "\(old) -> \(new)" }
}

@Suite("Model files changed by hand")
struct ModelFileCorruptionTests {
  /// Changes of files in both versions.
  static let common: [Corruption] = [
    .init(#""surprisal-model""#, #""other-model""#, "model.foreign"),
    .init(#""uses_offsets":false"#, #""uses_offsets":false,"uses_offsets":false"#, "model.json"),
    .init(#""uses_offsets":false"#, #""uses_offsets":false,"x":1"#, "model.json", "x is not a key"),
    .init(#""uses_offsets":false,"#, "", "model.json", "uses_offsets is missing"),
    .init(#""uses_offsets":false"#, #""uses_offsets":0"#, "model.json", "true or false"),
    .init(#""uses_offsets":false"#, #""uses_offsets":NaN"#, "model.json"),
    .init(#"["low","medium","high"]"#, #"["low","medium","high",]"#, "model.json"),
    .init(#""medium""#, #""low""#, "model.json", "twice"),
    .init(#""medium""#, "7", "model.json", "classes[1]"),
    .init(#"["low","medium","high"]"#, #"["low"]"#, "model.shape", "two or more"),
    .init(#"["low","medium","high"]"#, #"["low","medium"]"#, "model.shape", "2 rows"),
    .init(#"["low","medium","high"]"#, "[]", "model.shape"),
    .init(#""medium""#, "\"\(String(repeating: "x", count: 4097))\"", "model.limit", "4097"),
    .init(#""levels":["blue""#, #""levels":["red""#, "model.json", "twice"),
    .init(#""base":0"#, #""base":-1"#, "model.shape"),
    .init(#""base":0"#, #""base":9223372036854775807"#, "model.shape"),
    .init(#""substitute":41.5"#, #""substitute":"blue""#, "model.values"),
    .init(#""name":"color""#, #""name":"age""#, "model.json", "twice"),
    .init(#""intercepts":[0.25,"#, #""intercepts":[null,"#, "model.values", "intercepts[0]"),
    .init(#""intercepts":[0.25,"#, #""intercepts":["inf","#, "model.values"),
    .init(#""intercepts":[0.25,"#, #""intercepts":[1e400,"#, "model.values", "1e400"),
    .init(#""intercepts":[0.25,"#, #""intercepts":["#, "model.shape", "expected 3"),
    .init(#""intercepts":[0.25,"#, #""intercepts":[0.25,0.25,"#, "model.shape"),
    .init(#""intercepts":[0.25,-0.75,1e-17]"#, #""intercepts":7"#, "model.json"),
    .init(#""weights":[["#, #""weights":[[1.0,"#, "model.shape", "weights[0]"),
    .init(#""weights":[["#, #""weights":[[],["#, "model.shape", "3 rows"),
    .init(#""scales":[11.5"#, #""scales":[0.0"#, "model.values", "scales[0]"),
    .init(#""scales":[11.5"#, #""scales":[-11.5"#, "model.values"),
    .init(#""scales":[11.5,"#, #""scales":["#, "model.shape"),
    .init(#""centers":[41.25"#, #""centers":[null"#, "model.values"),
    .init(#""name":"multinomial""#, #""name":"bernoulli""#, "model.likelihood", "bernoulli"),
    .init(#""options":{}"#, #""options":{"precision":[1.0]}"#, "model.json", "options.precision"),
    .init(#""options":{}"#, #""options":null"#, "model.json", "an object"),
    .init(#""parameters":[]"#, #""parameters":[1.0]"#, "model.shape"),
    .init(#""reference":0"#, #""reference":3"#, "model.shape", "reference"),
    .init(#""labels":"counts""#, #""labels":"votes""#, "model.json", "votes"),
    .init(#""state":"infinite""#, #""state":"estimated""#, "model.values", "estimate"),
    .init(#""estimate":-1.0"#, #""estimate":null"#, "model.values"),
    .init(#""class":1,"estimate":-1.0"#, #""class":5,"estimate":-1.0"#, "model.shape"),
    .init(#""null_log_likelihood":"-inf""#, #""null_log_likelihood":"huge""#, "model.values"),
    .init(#""iterations":6"#, #""iterations":-6"#, "model.values"),
    .init(#""iterations":6"#, #""iterations":6.5"#, "model.json"),
  ]

  /// Changes of a file in version 1, which is converted to version 2.
  static let corruptions1: [Corruption] = [
    .init(#""format_version":1"#, #""format_version":3"#, "model.version", "surprisal 0.1.0"),
    .init(#""format_version":1"#, #""format_version":2"#, "model.json", "encoding"),
    .init(#""format_version":1"#, #""format_version":0"#, "model.values", "format_version"),
    .init(#""format_version":1"#, #""format_version":1.0"#, "model.json", "format_version"),
    .init(#""aic":3494.0836"#, #""cost":3494.0836"#, "model.json", "available.aic is missing"),
    .init(
      #""aic":3494.0836"#, #""aic":3494.0836,"reason":"none""#, "model.json",
      "unavailable.aic is not a key"),
    .init(#""base":0"#, #""base":3"#, "model.shape", "factor.base"),
    .init(#""substitute":1}"#, #""substitute":3}"#, "model.shape"),
    .init(#""substitute":1}"#, #""substitute":0.5}"#, "model.json"),
    .init(#""kind":"number""#, #""kind":"picture""#, "model.json", "picture"),
    .init(
      #""kind":"level","level":1,"source":1"#, #""kind":"level","level":9,"source":1"#,
      "model.shape"),
    .init(
      #""kind":"level","level":1,"source":1"#, #""kind":"level","level":1,"source":0"#,
      "model.shape"),
    .init(#""kind":"level","level":1,"source":1"#, #""kind":"value","source":1"#, "model.shape"),
    .init(#"{"kind":"absence","source":0}"#, #"{"kind":"absence","source":2}"#, "model.shape"),
    .init(#"[{"kind":"absence","source":0}]"#, "[]", "model.shape", "columns[4]"),
    .init(#",[{"kind":"absence","source":0}]"#, "", "model.shape"),
    .init(#""kind":"softmax""#, #""kind":"forest""#, "model.json", "forest"),
  ]

  /// Changes of a file in version 2: its keys, optional members (present, at least as null),
  /// enumerations (one key each), and finite numbers.
  static let corruptions2: [Corruption] = [
    .init(#""format_version":2"#, #""format_version":3"#, "model.version", "surprisal 0.1.0"),
    .init(#""format_version":2"#, #""format_version":0"#, "model.values", "format_version"),
    .init(#""format_version":2"#, #""format_version":2.0"#, "model.json", "format_version"),
    .init(
      #""aic":3494.0836"#, #""cost":3494.0836"#, "model.json", "criteria.available.aic is missing"),
    .init(
      #""aic":3494.0836"#, #""aic":3494.0836,"reason":"none""#, "model.json",
      "available.reason is not a key"),
    .init(#""base":0"#, #""base":3"#, "model.shape", "sources[1].kind.factor.base"),
    .init(#""substitute":1.0}"#, #""substitute":3.0}"#, "model.shape"),
    .init(#""substitute":1.0}"#, #""substitute":0.5}"#, "model.values", "substitute"),
    .init(#""kind":{"number"#, #""kind":{"picture"#, "model.json", "picture"),
    .init(
      #"{"level":{"level":1,"source":1}}"#, #"{"level":{"level":9,"source":1}}"#,
      "model.shape"),
    .init(
      #"{"level":{"level":1,"source":1}}"#, #"{"level":{"level":1,"source":0}}"#,
      "model.shape"),
    .init(#"{"level":{"level":1,"source":1}}"#, #"{"value":{"source":1}}"#, "model.shape"),
    .init(#"{"absence":{"source":0}}"#, #"{"absence":{"source":2}}"#, "model.shape"),
    .init(#"[{"absence":{"source":0}}]"#, "[]", "model.shape", "columns[4]"),
    .init(#",{"factors":[{"absence":{"source":0}}]}"#, "", "model.shape"),
    .init(#"{"softmax":{"#, #"{"forest":{"#, "model.json", "forest"),
    .init(#"{"calibration":null,"#, "{", "model.json", "calibration is missing"),
    .init(#""takeuchi":null,"#, "", "model.json", "uncertainty.takeuchi is missing"),
    .init(#""training":null,"#, #""training":[],"#, "model.json", "fit.training"),
    .init(#""kind":{"number":{}}"#, #""kind":{"number":{},"factor":{}}"#, "model.shape", "kind"),
    .init(#""kind":{"number":{}}"#, #""kind":{"number":{"x":1}}"#, "model.json", "x is not a key"),
    .init(#""kind":{"number":{}}"#, #""kind":"number""#, "model.json", "sources[0].kind"),
    .init(#"{"softmax":{"#, #"{"mlp":{"#, "model.json", "model.mlp"),
    .init(#""estimate":-1.0"#, #""estimate":"inf""#, "model.values", "coefficients[0].estimate"),
    .init(#""p_value":0.001374"#, #""p_value":"nan""#, "model.values", "tests[0].p_value"),
    .init(#""interval":[0.0625,0.75]"#, #""interval":[0.75,0.0625]"#, "model.values", "interval"),
    .init(#""interval":[0.0625,0.75]"#, #""interval":[0.0625]"#, "model.shape", "interval"),
    .init(#""interval":[0.0625,0.75]"#, #""interval":[0.0625,0.75,1]"#, "model.shape", "interval"),
  ]

  @Test("each is refused with its position, in version 1", arguments: common + corruptions1)
  func version1(_ corruption: Corruption) throws {
    try check(corruption, of: "model-v1.json")
  }

  @Test("each is refused with its position, in version 2", arguments: common + corruptions2)
  func version2(_ corruption: Corruption) throws {
    try check(corruption, of: "model-v2.json")
  }

  private func check(_ corruption: Corruption, of file: String) throws {
    let text = String(decoding: try ModelFileFixture.golden(file), as: UTF8.self)
    try #require(text.contains(corruption.old))
    let changed = text.replacingOccurrences(
      of: corruption.old, with: corruption.new, options: .literal,
      range: text.range(of: corruption.old))
    let bytes = ModelFileFixture.withChecksum(changed)
    let error = #expect(throws: ModelFileError.self) { try ModelFile.read(bytes, name: "m.json") }
    #expect(error?.code == corruption.code)
    #expect(error?.exitCode == 65)
    #expect(error?.message.contains(corruption.says) == true, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix("m.json") == true)
  }

  @Test("nesting of a million is refused without recursion") func nesting() {
    let brackets = String(repeating: "[", count: 1_000_000)
    let bytes = Array((#"{"classes":"# + brackets + "\n").utf8)
    #expect(ModelFileDamageTests.code(bytes) == "model.json")
    _ = ModelInspection(bytes).lines
  }

  @Test("a file beyond the limit is refused before it is read") func tooLarge() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: UInt64(ModelFile.sizeLimit) + 1)
    try handle.close()
    let error = #expect(throws: ModelFileError.self) { try ModelFile.read(InputFile(file.path)) }
    #expect(error?.code == "model.limit")
  }

  @Test("a message shows a hostile name without its control characters") func escaping() throws {
    let saved = ModelFileFixture.model(classNames: ["\u{1B}[2J<b>", "\u{1B}[2J<b>", "c"])
    let error = #expect(throws: ModelFileError.self) {
      try ModelFile.read(ModelFile.bytes(of: saved), name: "a\u{7}.json")
    }
    #expect(error?.code == "model.json")
    #expect(error?.description.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" } == false)
  }
}
