import SurprisalDatasets
import SurprisalFitting
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalProbability
import Testing

@testable import SurprisalExport

/// The exported files, and refusals. Predictions of exported models are compared with those of the
/// tool in `Python/tests/test_export.py` and in `ExportCommandTests`.
@Suite struct ExportTests {
  private static let rows: [[Double]] = (0..<40).map { (row: Int) -> [Double] in
    let (x, y) = (Double(row * 37 % 41), Double(row * 17 % 23))
    return [x / 20 - 1, y / 11 - 1]
  }

  private static func fit(
    _ json: String = "{}", offsets: BlockedMatrix? = nil
  ) throws -> FittedModel {
    let shares = rows.map { (row: [Double]) -> [Double] in
      let share = 0.1 + 0.8 / (1 + row[0] * row[0] + (row[1] > 0 ? 1 : 0))
      return [share, (1 - share) / 2, (1 - share) / 2]
    }
    let data = try Dataset(
      features: Features(rows),
      labels: .probabilities(ClassProbabilities(BlockedMatrix(rows: shares, columnCount: 3))),
      classNames: ["a", "b", "c"], offsets: offsets)
    return try Specification(json: json).fit(data)
  }

  @Test("examples of the documentation of protocol buffers") func wireFormat() {
    var message = ProtocolBuffer()
    message.add(1, 150)
    message.add(2, "testing")
    message.add(3, ProtocolBuffer.message { $0.add(1, 150) })
    message.add(4, -1)
    #expect(
      message.bytes
        == [0x08, 0x96, 0x01] + [0x12, 0x07] + Array("testing".utf8)
        + [0x1A, 0x03, 0x08, 0x96, 0x01] + [0x20] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
  }

  @Test(arguments: [
    ("a.onnx", ExportFormat.onnx), ("b/c.SWIFT", .swift), ("x.y.csv", .csv), ("a.c", .c),
    ("t.safetensors", .safetensors),
  ])
  func formatsByName(path: String, format: ExportFormat) {
    #expect(ExportFormat(path: path) == format)
  }

  @Test(arguments: ["onnx", "a.onnx/b", "model.bin", "a.", ""])
  func noFormat(path: String) { #expect(ExportFormat(path: path) == nil) }

  @Test(arguments: [("iris-2", "iris_2"), ("2x", "_2x"), ("größe", "gr__e"), ("", "model")])
  func identifiers(text: String, identifier: String) {
    #expect(SourceCode.identifier(text) == identifier)
  }

  @Test func coefficientsAreThoseOfTheModel() throws {
    let model = try Self.fit(#"{"prior": {"l2": 0.01}}"#)
    let lines = try String(decoding: model.exported(to: .csv), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines.first == ["class", "(intercept)", "f1", "f2"])
    let coefficients = try #require(model.classifier.affine?.coefficients)
    for (index, line) in lines.dropFirst().enumerated() {
      #expect(line[0] == model.classifier.classNames[index])
      #expect(
        line.dropFirst().map { Double($0) }
          == [coefficients.intercepts[index]] + coefficients.weights[index])
    }
    #expect(lines.count == 4)
  }

  @Test("an ONNX file is recognised") func recognised() throws {
    let model = try Self.fit()
    let bytes = try model.exported(to: .onnx)
    #expect(ForeignModel(bytes) == .onnx)
    #expect(try model.exported(to: .onnx) == bytes, "the same model, the same bytes")
    let single = try model.exported(to: .onnx, isSingle: true)
    #expect(single.count < bytes.count)
  }

  @Test func refusals() throws {
    let model = try Self.fit()
    #expect(throws: ExportError.single(.c)) { try model.exported(to: .c, isSingle: true) }
    let mean = try Self.fit(
      #"{"likelihood": {"name": "continuous-categorical"}, "prior": {"l2": 0.01}}"#)
    #expect(throws: ExportError.mean(likelihood: "continuous-categorical")) {
      try mean.exported(to: .onnx)
    }
    let offsets = BlockedMatrix(
      rows: Self.rows.map { [$0[0], 0, 0] }, columnCount: 3)
    let shifted = try Self.fit(offsets: offsets)
    #expect(throws: ExportError.offsets) { try shifted.exported(to: .swift) }
    let network = try Self.fit(
      #"{"model": "mlp", "network": {"hidden": [3], "epochs": 2}, "prior": {"l2": 0.01}}"#)
    #expect(throws: ExportError.network(.csv)) { try network.exported(to: .csv) }
    let tensors = try network.exported(to: .safetensors)
    #expect(SafetensorsFile.begins(tensors))
  }
}
