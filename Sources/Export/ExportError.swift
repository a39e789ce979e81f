import SurprisalDiagnostics
import SurprisalTables

/// Why a model cannot be written in a format.
public enum ExportError: Error, Sendable, Equatable {
  /// Offsets of rows, which no format supports.
  case offsets
  /// A likelihood whose mean is not the softmax of the logits.
  case mean(likelihood: String)
  /// A calibration, in a format of coefficients.
  case calibration(ExportFormat)
  /// The hidden layers of a network, in a format that does not support them.
  case network(ExportFormat)
  /// A coefficient on the user's scale exceeds the range of doubles.
  case range
  /// A number underflows to zero or overflows in single precision.
  case singleRange
  /// Single precision, in a format without it.
  case single(ExportFormat)
  /// A model without features: the file could not determine the number of rows.
  case noFeatures
  /// The format cannot be determined from the file name.
  case unknownFormat(file: String)
}

extension ExportError: LocatedError {
  /// `export.lost`, or `export.format`.
  public var code: String {
    switch self {
    case .single, .unknownFormat: "export.format"
    default: "export.lost"
    }
  }

  public var message: String {
    switch self {
    case .offsets:
      "the model cannot be exported: the offsets of the rows, which it was fitted with, would be "
        + "lost"
    case .mean(let likelihood):
      "the model cannot be exported: the mean under the \(likelihood) likelihood would be lost, "
        + "which is not the softmax of the logits"
    case .calibration(let format):
      "the model cannot be exported to \(format.rawValue): its calibration would be lost"
    case .network(let format):
      "the model cannot be exported to \(format.rawValue): its hidden layers would be lost"
    case .range:
      "the model cannot be exported: a coefficient leaves the range of doubles on the scale of the "
        + "features"
    case .singleRange:
      "the model cannot be exported in single precision: one of its numbers would be lost, which "
        + "is beyond the range"
    case .single(let format): "\(format.rawValue) is written in double precision alone"
    case .noFeatures:
      "the model cannot be exported to onnx: it has no features, and the number of rows would be "
        + "lost"
    case .unknownFormat(let file): "the name \(EscapedText(file)) tells no format"
    }
  }

  public var details: [String] { [] }

  public var suggestion: String? {
    switch self {
    case .calibration, .network(.csv): "export it to \(ExportFormat.code)"
    case .unknownFormat:
      "its ending is one of "
        + ExportFormat.allCases.map { ".\($0.fileExtension)" }.joined(separator: ", ")
    case .singleRange: "export it in double precision"
    default: nil
    }
  }

  public var exitCode: Int32 { code == "export.format" ? 64 : 65 }
}
