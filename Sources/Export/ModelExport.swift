import SurprisalDatasets
import SurprisalFitting
import SurprisalModelStore
import SurprisalTables

/// The formats that a model can be exported to.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// An ONNX graph: features to class and probabilities.
  case onnx
  /// Tensors of coefficients or of layers, by name.
  case safetensors
  /// The coefficients of the logits, one line per class.
  case csv
  /// A C function.
  case c
  /// A Swift function.
  case swift

  /// The extension of its file names.
  public var fileExtension: String { rawValue }

  /// The format of a file by its extension; nil for an unknown one.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }

  /// The formats that compute whole predictions.
  static var code: String { "onnx, c or swift" }
}

extension FittedModel {
  /// The model in another format.
  ///
  /// - Parameters:
  ///   - format: the format.
  ///   - name: the name of the functions in source code; characters other than letters, digits and
  ///     `_`
  ///     become `_`.
  ///   - isSingle: whether numbers, inputs and outputs are in single precision; only for ONNX.
  ///
  /// The exported model predicts what `classifier` predicts in double precision. Throws
  /// `ExportError` if a part of the model would be lost. Complexity: O(parameters).
  public func exported(
    to format: ExportFormat, name: String = "model", isSingle: Bool = false
  ) throws(ExportError) -> [UInt8] {
    if isSingle, format != .onnx { throw .single(format) }
    switch format {
    case .onnx:
      let program = try PredictionProgram(classifier)
      return try ONNXModel(program, properties: properties, isSingle: isSingle).bytes
    case .c, .swift:
      let program = try PredictionProgram(classifier)
      let source = SourceCode(program: program, name: SourceCode.identifier(name))
      return Array((format == .c ? source.c : source.swift).utf8)
    case .csv: return Array(try coefficientLines().utf8)
    case .safetensors: return try coefficientTensors()
    }
  }

  /// The metadata in the file, by name.
  var properties: [(String, String)] {
    let encoding = classifier.encoding
    func list(_ names: [String]) -> String { JSONWriter.compact.text(of: .strings(names)) }
    return [
      ("writer", SurprisalVersion.writer),
      ("classes", list(classifier.classNames)),
      ("features", list(encoding.sources.map(\.name))),
      ("columns", list(encoding.columnNames)),
      ("model", classifier.networks == nil ? "softmax" : "mlp"),
      ("likelihood", classifier.uncalibrated.likelihood.name),
      ("calibration", classifier.calibration?.method.rawValue ?? "none"),
    ]
  }

  // MARK: Coefficients

  /// `class,(intercept),<design columns>`: one line per class, on the scale of the features.
  private func coefficientLines() throws(ExportError) -> String {
    let (weights, intercepts) = try coefficients(for: .csv)
    let writer = DelimitedWriter()
    let names = ["class", "(intercept)"] + classifier.encoding.columnNames
    var text = writer.line(names.map { writer.field($0) })
    for (index, name) in classifier.classNames.enumerated() {
      text += writer.line(
        [writer.field(name), writer.field(intercepts[index])]
          + weights[index].map { writer.field($0) })
    }
    return text
  }

  /// `weight`, C x D, and `bias`, C; for networks the tensors of their model files.
  private func coefficientTensors() throws(ExportError) -> [UInt8] {
    let texts = Dictionary(properties, uniquingKeysWith: { $1 })
    if case .network(let networks) = classifier {
      var metadata = texts
      let network = networks.members[0].model.network
      metadata["network"] = JSONWriter.compact.text(of: .encoding(network))
      return SafetensorsFile.bytes(of: networks, metadata: metadata)
    }
    let (weights, intercepts) = try coefficients(for: .safetensors)
    return SafetensorsFile.bytes(
      of: [
        ("weight", [weights.count, classifier.encoding.columnCount], weights.flatMap { $0 }),
        ("bias", [intercepts.count], intercepts),
      ], metadata: texts)
  }

  private func coefficients(
    for format: ExportFormat
  ) throws(ExportError) -> (weights: [[Double]], intercepts: [Double]) {
    if classifier.calibration != nil { throw .calibration(format) }
    guard let affine = classifier.affine else { throw .network(format) }
    let found = affine.coefficients
    let intercepts =
      found.intercepts.isEmpty
      ? [Double](repeating: 0, count: found.weights.count) : found.intercepts
    guard intercepts.allSatisfy(\.isFinite), found.weights.joined().allSatisfy(\.isFinite) else {
      throw .range
    }
    return (found.weights, intercepts)
  }
}
