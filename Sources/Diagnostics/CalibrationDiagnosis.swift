import SurprisalCalibration
import SurprisalOptimization
import SurprisalTables

/// A calibration error with the names of classes and the places of rows.
public struct CalibrationDiagnosis: LocatedError {
  /// The underlying error.
  public let error: CalibrationError
  /// The source of the labels.
  public let source: DataSource
  /// The source of the predictions, if they come from a file of their own.
  public let predictions: DataSource?
  /// The classes.
  public let classNames: [String]

  /// An error found in the labels of `source` or in the predictions for the same rows, which are a
  /// model's or those of the file `predictions`.
  public init(
    _ error: CalibrationError, in source: DataSource, predictions: DataSource? = nil,
    classNames: [String]
  ) {
    self.error = error
    self.source = source
    self.predictions = predictions
    self.classNames = classNames
  }

  public var exitCode: Int32 { 65 }

  public var code: String {
    switch error {
    case .zeroProbability: "calibrate.zero"
    case .tooFewRows: "calibrate.rows"
    case .separated: "calibrate.separated"
    case .reversed: "calibrate.reversed"
    case .uniform: "calibrate.uniform"
    case .notConverged: "calibrate.range"
    case .data(let error): DataDiagnosis(error, in: source).code
    }
  }

  public var message: String {
    switch error {
    case .zeroProbability(let row, let index, _):
      "\((predictions ?? source).place(ofRow: row, inLabels: false)): the predicted probability of "
        + "\(name(classNames.indices.contains(index) ? classNames[index] : "\(index)")) is 0, "
        + "which has no logit"
    case .tooFewRows(let method, let rows, let needed):
      "\(method.words) of \(classNames.count) classes needs at least \(needed) rows, and there "
        + (rows == 1 ? "is 1" : "are \(rows)")
    case .separated(let method):
      "\(method.words) has no finite optimum on these rows: the more extreme the "
        + "predictions, the better the fit"
    case .reversed(let slope):
      "the best temperature is not positive (1/T = \(plain(slope))): more confident "
        + "predictions are wrong more often"
    case .uniform: "every prediction gives all classes the same probability"
    case .notConverged(let method, let termination):
      "\(method.words) has no result: \(termination.sentence)"
    case .data(let error): DataDiagnosis(error, in: source).message
    }
  }

  public var details: [String] {
    switch error {
    case .zeroProbability(_, _, let affected) where affected > 1:
      ["\(affected) predicted probabilities are 0"]
    case .data(let error): DataDiagnosis(error, in: source).details
    default: []
    }
  }

  public var suggestion: String? {
    switch error {
    case .zeroProbability:
      "write predictions with all their digits, or use --method isotonic, which needs no logits"
    case .tooFewRows: "use --method temperature, a prior (--l2 LAMBDA), or more rows"
    case .separated: "use more rows, a prior (--l2 LAMBDA), or a method with fewer parameters"
    case .reversed:
      "check that labels and predictions have the same class names and the same rows"
    case .uniform: "check the predictions"
    case .notConverged: "use a prior (--l2 LAMBDA), or --method temperature"
    case .data(let error): DataDiagnosis(error, in: source).suggestion
    }
  }
}
