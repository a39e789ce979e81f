import Foundation
import SurprisalDatasets
import SurprisalFitting
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

/// Hostile model files with valid checksums: each is refused by an error with a code word, or is a
/// model that predicts and can be written again.
@Suite("Fuzzed model files") struct ModelFuzzTests {
  private static let codes = Set(ErrorText.all.map(\.code))
  private static let words = [
    "null", "[]", "{}", "true", "\"\"", ",", ":", "[", "]", "{", "}", "\\u0000", "-", "1e308",
    "\"a\":1,", "[[[[", "\"x\"", "\\",
  ]

  /// A fault in the result of reading; nil if there is none.
  private static func fault(_ bytes: [UInt8]) -> String? {
    let model: FittedModel
    do throws(ModelFileError) {
      model = try ModelFile.read(bytes)
    } catch {
      let isClean = error.description.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" }
      return codes.contains(error.code) && isClean ? nil : error.description
    }
    let classifier = model.classifier
    do throws(DatasetError) {
      let columns = Columns(trusting: ModelFileFixture.rows, rowCount: 4)
      let values = try classifier.predict(
        .probabilities, from: columns, offsets: nil, threads: .one)
      let isSound = (0..<4).allSatisfy { row in
        let shares = values.row(row)
        return shares.allSatisfy { $0 >= 0 } && (shares.reduce(0, +) - 1).magnitude < 1e-9
      }
      if !isSound { return "it predicts \((0..<4).map { values.row($0) })" }
    } catch {
      // Columns that do not match, or logits beyond the range.
    }
    do throws(ModelFileError) {
      let again = ModelFile.bytes(of: try ModelFile.read(ModelFile.bytes(of: model)))
      return again == ModelFile.bytes(of: model) ? nil : "it is not written as it was"
    } catch {
      return "what is written again cannot be read: \(error)"
    }
  }

  @Test(arguments: ["model-v1.json", "model-v2.json"]) func documents(_ name: String) throws {
    let files = [try ModelFileFixture.golden(name), ModelFile.bytes(of: ModelFileFixture.bare)]
    try Fuzz("model-\(name)", inputs: 700).run { numbers -> [UInt8] in
      var bytes = [UInt8].mutated(files, words: Self.words, using: &numbers)
      if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
      ModelFileChecksum.write(to: &bytes)
      return bytes
    } check: {
      Self.fault($0)
    }
  }

  @Test func networks() throws {
    let whole = ModelFile.bytes(of: NetworkFileTests.model(members: 2))
    let file = try SafetensorsFile(whole, requiring: ModelFile.documentKey)
    let document = Array((file.metadata[ModelFile.documentKey] ?? "").utf8)
    try Fuzz("safetensors", inputs: 700).run { numbers -> [UInt8] in
      if Bool.random(using: &numbers) {
        return .mutated([whole], words: Self.words + ["F32", "shape"], using: &numbers)
      }
      var changed = file
      let index = Int.random(in: 0..<file.tensors.count, using: &numbers)
      let tensor = file.tensors[index]
      var values = tensor.values
      values[Int.random(in: 0..<values.count, using: &numbers)] =
        [0, -0.0, 1e308, -1e308, 0x1p-1074, .infinity, .nan].randomElement(using: &numbers) ?? 0
      changed.tensors[index] = SafetensorsFile.Tensor(
        name: tensor.name, shape: tensor.shape, values: values)
      var bytes =
        Bool.random(using: &numbers)
        ? document : .mutated([document], words: Self.words, using: &numbers)
      let sums = [file, changed].map { Array($0.checksum.utf8) }
      if let place = bytes.firstRange(of: sums[0]) { bytes.replaceSubrange(place, with: sums[1]) }
      if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
      ModelFileChecksum.write(to: &bytes)
      changed.metadata[ModelFile.documentKey] = String(decoding: bytes, as: UTF8.self)
      return changed.bytes
    } check: {
      Self.fault($0)
    }
  }

  @Test func json() throws {
    let texts = [
      #"{"a":[1,-2.5e-3,"x\u00e9\n",null,true,{"b":[]}],"c":{}}"#, "[[[[[1]]]]]",
      #""\ud83d\ude00""#,
    ].map { Array($0.utf8) }
    try Fuzz("json", inputs: 4000).run { numbers -> [UInt8] in
      .mutated(texts, words: Self.words + ["\\ud800", "e", "."], using: &numbers)
    } check: { bytes -> String? in
      guard let value = try? JSONParser().parse(bytes) else { return nil }
      let text = JSONWriter.canonical.bytes(of: value)
      // Foundation must also accept what this reader accepts.
      let isKnown =
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
      if !isKnown { return "it is no JSON" }
      guard let again = try? JSONParser().parse(text) else { return "what is written is no JSON" }
      return JSONWriter.canonical.bytes(of: again) == text ? nil : "it is not written as it was"
    }
  }
}
