import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalExport
import SurprisalFitting
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalProbability
import SurprisalReporting
import SurprisalTables

/// `nonisolated(unsafe)`: it is never modified.
private nonisolated(unsafe) let versionText = UnsafePointer(copied(SurprisalVersion.current))

/// The version of the library; a constant that is never freed.
@c(surprisal_version)
public func surprisalVersion() -> UnsafePointer<CChar> { versionText }

/// The code word of an error; valid until the error is freed.
@c(surprisal_error_code)
public func surprisalErrorCode(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
  object(ForeignError.self, error).map { UnsafePointer($0.code) }
}

/// The sentence of an error; valid until the error is freed.
@c(surprisal_error_message)
public func surprisalErrorMessage(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
  object(ForeignError.self, error).map { UnsafePointer($0.message) }
}

/// The suggested remedy of an error, or further facts; empty if there are none.
@c(surprisal_error_suggestion)
public func surprisalErrorSuggestion(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
  object(ForeignError.self, error).map { UnsafePointer($0.suggestion) }
}

/// Frees an error; NULL is allowed.
@c(surprisal_error_free)
public func surprisalErrorFree(_ error: OpaquePointer?) {
  error.map { Unmanaged<ForeignError>.fromOpaque(UnsafeRawPointer($0)).release() }
}

/// Frees a text or bytes that a function returned; NULL is allowed.
@c(surprisal_free)
public func surprisalFree(_ memory: UnsafeMutableRawPointer?) { memory?.deallocate() }

/// Frees a model; NULL is allowed.
@c(surprisal_model_free)
public func surprisalModelFree(_ model: OpaquePointer?) {
  model.map { Unmanaged<ForeignModel>.fromOpaque(UnsafeRawPointer($0)).release() }
}

/// Predicts rows x classes numbers, row by row.
@c(surprisal_predict)
public func surprisalPredict(
  _ handle: OpaquePointer?, _ form: Int32, _ features: UnsafePointer<surprisal_features>?,
  _ offsets: UnsafePointer<surprisal_matrix>?, _ threads: Int32,
  _ result: UnsafeMutablePointer<Double>?, _ capacity: Int64,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let features, let result else { throw CallError.argument("features or result is NULL") }
    let classifier = try model(handle).classifier
    let forms: [PredictionForm] = [.probabilities, .logProbabilities, .logits]
    guard forms.indices.contains(Int(form)) else {
      throw CallError.argument("there is no form \(form) of predictions")
    }
    let values = try prediction(
      forms[Int(form)], of: classifier, features.pointee, offsets?.pointee,
      threads: Run.threads(threads))
    try write(values, to: result, capacity)
  }
}

/// Writes a model to a file.
@c(surprisal_save)
public func surprisalSave(
  _ handle: OpaquePointer?, _ path: UnsafePointer<CChar>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) { try model(handle).write(to: text(path, "the path")) }
}

/// Reads a model from a file.
@c(surprisal_load)
public func surprisalLoad(
  _ path: UnsafePointer<CChar>?, _ result: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let result else { throw CallError.argument("model is NULL") }
    result.pointee = nil
    result.pointee = handle(
      ForeignModel(try FittedModel(contentsOf: text(path, "the path"))))
  }
}

/// The bytes of a model's file, which the caller frees.
@c(surprisal_to_bytes)
public func surprisalToBytes(
  _ handle: OpaquePointer?, _ bytes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ count: UnsafeMutablePointer<Int64>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    try give(ModelFile.bytes(of: try model(handle).forKeeping), bytes, count)
  }
}

/// Reads a model from the bytes of a file.
@c(surprisal_from_bytes)
public func surprisalFromBytes(
  _ bytes: UnsafePointer<UInt8>?, _ count: Int64, _ result: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let bytes, let result, count >= 0 else {
      throw CallError.argument("bytes or model is NULL, or their number is negative")
    }
    result.pointee = nil
    let content = Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    result.pointee = handle(ForeignModel(try ModelFile.read(content)))
  }
}

/// The model in another format, as the bytes of a file.
@c(surprisal_export)
public func surprisalExport(
  _ handle: OpaquePointer?, _ format: UnsafePointer<CChar>?, _ name: UnsafePointer<CChar>?,
  _ single: Int32, _ bytes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ count: UnsafeMutablePointer<Int64>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    let word = try text(format, "the format")
    guard let format = ExportFormat(rawValue: word) else {
      throw CallError.argument(
        "the format is one of \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "not \(EscapedText(word))")
    }
    try give(
      try model(handle).exported(
        to: format, name: try name.map { try text($0, "the name") } ?? "model",
        isSingle: single != 0), bytes, count)
  }
}

/// Passes bytes to the caller.
private func give(
  _ content: [UInt8], _ bytes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ count: UnsafeMutablePointer<Int64>?
) throws(CallError) {
  guard let bytes, let count else { throw .argument("bytes or count is NULL") }
  let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, content.count))
  copy.initialize(from: content, count: content.count)
  (bytes.pointee, count.pointee) = (copy, Int64(content.count))
}

/// One of the texts of a model; NULL if it does not exist.
@c(surprisal_text)
public func surprisalText(
  _ handle: OpaquePointer?, _ which: Int32, _ dataName: UnsafePointer<CChar>?
) -> UnsafeMutablePointer<CChar>? {
  guard let model = try? model(handle) else { return nil }
  let name = try? dataName.map { try text($0, "the name") }
  guard let tables = try? TidyTables(model.record, classNames: model.classifier.classNames)
  else { return nil }
  switch which {
  case Int32(SURPRISAL_SUMMARY): return copied(model.summary(dataName: name))
  case Int32(SURPRISAL_FULL_SUMMARY):
    var summary = model.summaryTable(dataName: name)
    summary.rowLimit = nil
    return copied(summary.text)
  case Int32(SURPRISAL_JSON): return copied(JSONWriter.pretty.text(of: model.json))
  case Int32(SURPRISAL_TIDY): return copied(tables.tidy)
  case Int32(SURPRISAL_GLANCE): return copied(tables.glance)
  case Int32(SURPRISAL_INPUTS): return copied(JSONWriter.compact.text(of: model.inputsJSON))
  case Int32(SURPRISAL_PAGE): return copied(ModelPage(model, dataName: name).html)
  default: return nil
  }
}

/// The shape and, on request, the numbers of an array of a model.
@c(surprisal_array)
public func surprisalArray(
  _ handle: OpaquePointer?, _ which: Int32, _ result: UnsafeMutablePointer<Double>?,
  _ capacity: Int64, _ rows: UnsafeMutablePointer<Int64>?,
  _ columns: UnsafeMutablePointer<Int64>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let rows, let columns else { throw CallError.argument("rows or columns is NULL") }
    let model = try model(handle)
    let values: [[Double]]
    switch which {
    case Int32(SURPRISAL_COEFFICIENTS): values = model.logitCoefficients
    case Int32(SURPRISAL_COVARIANCE):
      let matrix = model.parameters.covarianceMatrix
      values = (0..<(matrix?.dimension ?? 0)).map { row in
        (0..<(matrix?.dimension ?? 0)).map { matrix?[max(row, $0), min(row, $0)] ?? .nan }
      }
    default: throw CallError.argument("there is no array \(which)")
    }
    (rows.pointee, columns.pointee) = (Int64(values.count), Int64(values.first?.count ?? 0))
    guard let result else { return }
    guard values.reduce(0, { $0 + $1.count }) <= capacity else {
      throw CallError.argument("the result buffer is too small")
    }
    for (index, value) in values.joined().enumerated() { result[index] = value }
  }
}

/// Predictions of a classifier for features and offsets of the caller.
func prediction(
  _ form: PredictionForm, of classifier: SavedClassifier, _ features: surprisal_features,
  _ offsets: surprisal_matrix?, threads: ThreadCount
) throws -> BlockedMatrix {
  let columns = try features.columns(for: classifier.inputs, threads: threads)
  if classifier.usesOffsets, offsets == nil {
    throw CallError.argument("the model was fitted with offsets, and needs them to predict")
  }
  let added = try offsets.map {
    try $0.offsets(rows: columns.rowCount, classes: classifier.classNames.count)
  }
  return try classifier.predict(form, from: columns, offsets: added, threads: threads)
}

/// Logarithms of predicted probabilities.
func logProbabilities(
  of classifier: SavedClassifier, _ features: surprisal_features, _ offsets: surprisal_matrix?,
  threads: ThreadCount
) throws -> BlockedMatrix {
  try prediction(.logProbabilities, of: classifier, features, offsets, threads: threads)
}

/// Writes a matrix row by row.
private func write(
  _ matrix: BlockedMatrix, to result: UnsafeMutablePointer<Double>, _ capacity: Int64
) throws(CallError) {
  let columns = matrix.columnCount
  guard matrix.rowCount.multipliedSaturating(by: columns) <= capacity else {
    throw .argument("the result buffer is too small")
  }
  for column in 0..<columns {
    matrix.forEachSegment(ofColumn: column) { segment, rows in
      for (offset, row) in rows.enumerated() { result[row * columns + column] = segment[offset] }
    }
  }
}

extension FittedModel {
  /// For affine logits: the weights of each class, then its intercept.
  fileprivate var logitCoefficients: [[Double]] {
    guard case .affine(let classifier) = classifier.uncalibrated else { return [] }
    let coefficients = classifier.coefficients
    return coefficients.weights.indices.map {
      coefficients.weights[$0] + [coefficients.intercepts.isEmpty ? 0 : coefficients.intercepts[$0]]
    }
  }

  /// The inputs of the model, as a caller needs them for predictions.
  fileprivate var inputsJSON: JSONValue {
    .members([
      "classes": .strings(classifier.classNames),
      "inputs": .strings(classifier.inputs.columns.map(\.name)),
      "text": .array(classifier.inputs.columns.map { .bool($0.isText) }),
      "columns": .strings(classifier.encoding.columnNames),
      "offsets": .bool(classifier.usesOffsets),
      "network": .bool(classifier.networks != nil),
      "calibrated": .bool(classifier.calibration != nil),
    ])
  }
}
