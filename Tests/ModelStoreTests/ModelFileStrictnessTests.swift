import SurprisalFitting
import SurprisalProbability
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

/// Every member of every type in a model file is required, and no other is accepted.
@Suite("Strictness of model files")
struct ModelFileStrictnessTests {
  /// A model of each kind.
  static let models: [FittedModel] =
    [ModelFileFixture.saved, ModelFileFixture.bare, NetworkFileTests.model()]
    + CalibratedModelFileTests.calibrators.map { CalibratedModelFileTests.model($0) }

  @Test("a model of any kind is read back unchanged", arguments: models.indices)
  func roundTrip(index: Int) throws {
    let bytes = ModelFile.bytes(of: Self.models[index])
    let read = try ModelFile.read(bytes)
    #expect(read.record == Self.models[index].record)
    #expect(read.classifier.calibration == Self.models[index].classifier.calibration)
    #expect(ModelFile.bytes(of: read) == bytes)
  }

  @Test("a member that is added, missing or of another type is refused", arguments: models.indices)
  func members(index: Int) throws {
    let file = try File(Self.models[index])
    #expect(file.code(of: file.document) == nil)
    var count = 0
    for path in Self.objects(in: .object(file.document), at: []) {
      let added = Self.changing(.object(file.document), path) { $0["zz"] = .integer(1) }
      #expect(file.code(of: added)?.hasPrefix("model.") == true, "\(path): a member added")
      let keys = Self.value(.object(file.document), path)?.objectValue?.keys ?? []
      for key in keys {
        let removed = Self.changing(.object(file.document), path) { $0[key] = nil }
        #expect(file.code(of: removed)?.hasPrefix("model.") == true, "\(path) without \(key)")
        let changed = Self.changing(.object(file.document), path) {
          $0[key] = .members(["zz": .bool(true)])
        }
        #expect(file.code(of: changed)?.hasPrefix("model.") == true, "\(path).\(key) an object")
        count += 1
      }
    }
    #expect(count > 60)
  }

  /// The document of a model, and its tensors.
  private struct File {
    let document: JSONObject
    private let tensors: SafetensorsFile?

    init(_ model: FittedModel) throws {
      let bytes = ModelFile.bytes(of: model)
      tensors =
        SafetensorsFile.begins(bytes)
        ? try SafetensorsFile(bytes, requiring: ModelFile.documentKey) : nil
      let text = tensors?.metadata[ModelFile.documentKey].map { Array($0.utf8) } ?? bytes
      document = try ModelFile.parse(text)
    }

    /// The code word of a file with another document, whose checksum is valid.
    func code(of document: JSONObject) -> String? {
      let text = JSONWriter.canonical.text(of: .object(document)) + "\n"
      let bytes = ModelFileFixture.withChecksum(text)
      guard var file = tensors else { return ModelFileDamageTests.code(bytes) }
      file.metadata[ModelFile.documentKey] = String(decoding: bytes, as: UTF8.self)
      return ModelFileDamageTests.code(file.bytes)
    }
  }

  private enum Step {
    case key(String)
    case index(Int)
  }

  /// The paths of all objects, in lists only of the first and the last element.
  private static func objects(in value: JSONValue, at path: [Step]) -> [[Step]] {
    switch value {
    case .object(let object):
      [path] + object.members.flatMap { objects(in: $0.value, at: path + [.key($0.key)]) }
    case .array(let values):
      Set([0, values.count - 1]).filter(values.indices.contains).sorted().flatMap {
        objects(in: values[$0], at: path + [.index($0)])
      }
    default: []
    }
  }

  private static func value(_ value: JSONValue, _ path: [Step]) -> JSONValue? {
    path.reduce(value) { (value: JSONValue?, step) in
      switch step {
      case .key(let key): value?[key]
      case .index(let index): value?.arrayValue?[index]
      }
    }
  }

  /// The document with the object at a path changed.
  private static func changing(
    _ value: JSONValue, _ path: [Step], _ change: (inout JSONObject) -> Void
  ) -> JSONObject {
    changed(value, path[...], change).objectValue ?? JSONObject()
  }

  private static func changed(
    _ value: JSONValue, _ path: ArraySlice<Step>, _ change: (inout JSONObject) -> Void
  ) -> JSONValue {
    switch (value, path.first) {
    case (.object(var object), nil):
      change(&object)
      return .object(object)
    case (.object(var object), .key(let key)?):
      object[key] = object[key].map { changed($0, path.dropFirst(), change) }
      return .object(object)
    case (.array(var values), .index(let index)?):
      values[index] = changed(values[index], path.dropFirst(), change)
      return .array(values)
    default: return value
    }
  }
}
