import SurprisalCalibration
import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalInference
import SurprisalProbability

/// The content of a report: values that were computed elsewhere.
public struct ReportContent: Sendable {
  /// The heading of the page.
  public var title: String
  /// The name of the data.
  public var dataName: String
  /// The source of the predictions: the name of a model file, or of a file of predictions.
  public var sourceName: String
  /// The classes.
  public var classNames: [String]
  /// The comparison of predictions and labels.
  public var evaluation: Evaluation
  /// The predictions as probabilities, for the triangle of three classes; nil omits it.
  public var predictions: ClassProbabilities?
  /// The fit of the model; nil for predictions from elsewhere.
  public var record: FitRecord?
  /// The calibration of the model after the fit; nil if there is none.
  public var calibration: CalibrationRecord?
  /// The same rows predicted without that calibration.
  public var uncalibrated: Evaluation?
  /// The number of features that the model reads, if there are no coefficients to count them by.
  public var featureCount: Int?
  /// The base level of each text column, in words.
  public var bases: [String] = []
  /// Labels and predictions under every interpretation; nil omits it.
  public var ledger: Ledger?
  /// The convergence of the solver; nil uses that of the record, if it has one.
  public var learningCurve: LearningCurve?
  /// The path of the prior's strength, if there is one.
  public var strengthPath: CrossValidationPath?
  /// The row of the file, from 0, of each row of the data, if some were left out.
  public var rowNumbers: [Int]?
  /// The clusters of rows, for standard errors; nil if rows are independent.
  public var clusters: Clusters?
  /// The fit, if these are its training rows.
  public var fit: FitStatistics?
  /// The warnings from reading the data.
  public var notices: [WarningText] = []

  /// The required content; the rest is set if available.
  public init(
    title: String, dataName: String, sourceName: String, classNames: [String],
    evaluation: Evaluation
  ) {
    self.title = title
    self.dataName = dataName
    self.sourceName = sourceName
    self.classNames = classNames
    self.evaluation = evaluation
  }
}

extension Evaluation {
  /// Throws `.rowMismatch` unless all arrays have one entry per row.
  func requireOneEach(
    rowNumbers: [Int]?, predictions: ClassProbabilities? = nil
  ) throws(DatasetError) {
    let counts = [("predictions", predictions?.rowCount), ("row numbers", rowNumbers?.count)]
    for (what, found) in counts {
      try DatasetError.require(what, found ?? rowCount, equals: rowCount)
    }
  }

  /// Throws `.rowMismatch` unless there is one name per class.
  func requireNames(_ classNames: [String]) throws(DatasetError) {
    try DatasetError.require("class names", classNames.count, equals: classCount)
  }
}

extension FitRecord {
  /// Throws `.rowMismatch` unless the reference and the class of each coefficient have a name.
  func requireNames(_ classNames: [String]) throws(DatasetError) {
    let last = parameters.coefficients.reduce(specification.reference) { max($0, $1.classIndex) }
    guard last < classNames.count else {
      throw .rowMismatch(what: "class names", expected: last + 1, found: classNames.count)
    }
  }
}
