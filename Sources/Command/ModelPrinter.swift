import Surprisal

/// A model as printed by `fit` and `summary`.
struct ModelPrinter {
  let model: FittedModel
  var dataName: String?
  /// The storage of the features in the fit, if known.
  var storage: MatrixStorage?
  /// The specification of the fit, if known.
  var specification: Specification?
  /// The coverage of intervals.
  var level = 0.95

  /// The summary as text.
  func text(
    all: Bool, exponentiates: Bool = false, times: [(String, Double)] = [], quiet: Bool = false
  ) -> String {
    var summary = model.summaryTable(dataName: dataName)
    if all { summary.rowLimit = nil }
    if storage == .single {
      summary.storageNote =
        "stored in single precision (--float32): rounded to 24 bits, sums in double"
    }
    summary.exponentiates = exponentiates
    summary.level = level
    let lines = times.map { "\($0.0) \(NumberText.fixed($0.1, 3))" }
    return ([summary.text] + lines).joined(separator: "\n")
  }

  /// The coefficients in a format for documents.
  func coefficients(as format: DocumentFormat, exponentiates: Bool) -> String {
    var summary = model.summaryTable()
    summary.exponentiates = exponentiates
    summary.level = level
    return summary.coefficients(as: format)
  }

  /// The summary as a JSON object.
  ///
  /// A calibrated model has the member `calibration`.
  func json(
    adding times: [(String, Double)] = [], notices: [DataWarning] = []
  ) -> JSONValue {
    let value = model.json(level: level)
    guard case .object(var object) = value else { return value }
    for (key, seconds) in times { object[key] = JSONValue(seconds) }
    if let storage { object["feature_storage"] = .string(storage.word) }
    let heard = notices.map { notice in
      JSONValue.members(["code": .string(notice.code), "message": .string(notice.message)])
    }
    object["warnings"] = .array(heard + (object["warnings"]?.arrayValue ?? []))
    if let specification { object["specification"] = specification.json }
    return .object(object)
  }
}

extension MatrixStorage {
  /// The word for it in results.
  fileprivate var word: String {
    switch self {
    case .double: "float64"
    case .single: "float32"
    case .sparse: "sparse"
    }
  }
}
