import Foundation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

@Suite("Model files")
struct ModelFileTests {
  static let models = [ModelFileFixture.saved, ModelFileFixture.bare]

  @Test("a model is read back with the same bits", arguments: models.indices)
  func roundTrip(index: Int) throws {
    let saved = Self.models[index]
    let bytes = ModelFile.bytes(of: saved)
    let read = try ModelFile.read(bytes)
    #expect(read.record == saved.record)
    let (old, new) = (saved.affine, read.affine)
    #expect(new.parameters.map(\.bitPattern) == old.parameters.map(\.bitPattern))
    #expect(new.encoding == old.encoding)
    #expect(new.standardization == old.standardization)
    #expect(new.classNames == old.classNames)
    #expect(new.usesOffsets == old.usesOffsets)
    #expect(new.model.hasIntercept == old.model.hasIntercept)
    #expect(new.likelihood.name == old.likelihood.name)
    #expect(ModelFile.bytes(of: read) == bytes)
  }

  @Test("the same model gives the same bytes") func deterministic() {
    #expect(
      ModelFile.bytes(of: ModelFileFixture.saved) == ModelFile.bytes(of: ModelFileFixture.saved))
  }

  @Test(
    "names of any characters are kept",
    arguments: [
      "<script>alert(1)</script>", "\u{1B}[31mred\u{1B}[0m", "two\nlines", "a \"quote\" \\ b",
      "\u{1F600}\u{1F468}\u{200D}\u{1F469}", "\u{0}", "\u{7F}\u{202E}",
      "\",\"crc32c\":\"00000000\",",
      String(repeating: "x", count: 4096), "",
    ])
  func names(name: String) throws {
    let saved = ModelFileFixture.model(classNames: [name, "medium", "high"])
    let read = try ModelFile.read(ModelFile.bytes(of: saved))
    #expect(read.affine.classNames.first.map { Array($0.utf8) } == Array(name.utf8))
    #expect(!ModelFile.bytes(of: saved).dropLast().contains { $0 < 0x20 || $0 == 0x7F })
  }

  @Test("the text is canonical: sorted keys, no spaces, a valid checksum") func canonical()
    throws
  {
    let bytes = ModelFile.bytes(of: ModelFileFixture.saved)
    #expect(bytes.last == 0x0A)
    let value = try JSONParser().parse(bytes)
    #expect(JSONWriter.canonical.bytes(of: value) == bytes.dropLast())
    // The rule of the format: the checksum is that of the text without the member.
    guard case .object(var object) = value else { return #expect(Bool(false)) }
    let stored = object["crc32c"]?.stringValue
    object["crc32c"] = nil
    let check = CRC32C.checksum(of: JSONWriter.canonical.bytes(of: .object(object)))
    #expect(stored.flatMap { UInt32($0, radix: 16) } == check)
    #expect(stored?.utf8.count == 8)
  }

  @Test("files are written and read by path; an existing one is kept on request") func files()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.json").path
    try ModelFile.write(ModelFileFixture.saved, to: AtomicFile(path))
    #expect(try ModelFile.read(InputFile(path)).record == ModelFileFixture.record)
    let kept = #expect(throws: ModelFileError.self) {
      try ModelFile.write(ModelFileFixture.bare, to: AtomicFile(path, noClobber: true))
    }
    #expect(kept?.code == "io.create")
    #expect(kept?.exitCode == 73)
    #expect(try ModelFile.read(InputFile(path)).record == ModelFileFixture.record)
    let absent = #expect(throws: ModelFileError.self) {
      try ModelFile.read(InputFile(folder.appendingPathComponent("none.json").path))
    }
    #expect(absent?.code == "io.open")
    #expect(absent?.exitCode == 66)
  }

  @Test("a model that could not be read again is not written") func refused() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    var saved = ModelFileFixture.saved
    let old = saved.affine
    for value in [Double.nan, .infinity] {
      saved.affine = ModelClassifier(
        model: old.model, parameters: [value] + old.parameters.dropFirst(),
        likelihood: old.likelihood, encoding: old.encoding, standardization: old.standardization,
        classNames: old.classNames, usesOffsets: false)
      let error = #expect(throws: ModelFileError.self) {
        try ModelFile.write(saved, to: AtomicFile(path))
      }
      #expect(error?.code == "model.values")
      #expect(!FileManager.default.fileExists(atPath: path))
    }
    let alike = ModelFileFixture.model(classNames: ["a", "b", "a"])
    #expect(throws: ModelFileError.self) { try ModelFile.write(alike, to: AtomicFile(path)) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
