import SurprisalCalibration
import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalInference
import SurprisalProbability

/// What a report is about: values that others computed.
public struct ReportContent: Sendable {
  /// The heading of the page.
  public var title: String
  /// What the data are called.
  public var dataName: String
  /// What made the predictions: the name of a model file, or of a file of predictions.
  public var sourceName: String
  /// The classes.
  public var classNames: [String]
  /// The comparison of predictions and labels.
  public var evaluation: Evaluation
  /// The predictions as probabilities, for the triangle of three classes; nil leaves it out.
  public var predictions: ClassProbabilities?
  /// The fit that made the model; nil for predictions of anybody.
  public var record: FitRecord?
  /// How the model was calibrated after the fit; nil where it was not.
  public var calibration: CalibrationRecord?
  /// The base level of each text column, in words.
  public var bases: [String] = []
  /// Labels and predictions through every reading; nil leaves it out.
  public var ledger: Ledger?
  /// The course of the solver; nil takes that of the record, where it has one.
  public var learningCurve: LearningCurve?
  /// The path of the prior's strength, where there is one.
  public var strengthPath: CrossValidationPath?
  /// The row of the file, from 0, of each row of the data, where some were left out.
  public var rowNumbers: [Int]?
  /// Which rows belong together, for standard errors; nil where rows are independent.
  public var clusters: Clusters?
  /// The fit, if the rows are those it was made from.
  public var fit: FitStatistics?
  /// What was noticed while data were read.
  public var notices: [WarningText] = []

  /// What every report has; the rest is set where it is there.
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
  /// Throws `.rowMismatch` unless what goes with its rows is as many.
  func requireOneEach(
    rowNumbers: [Int]?, predictions: ClassProbabilities? = nil
  ) throws(DatasetError) {
    let counts = [("predictions", predictions?.rowCount), ("row numbers", rowNumbers?.count)]
    for (what, found) in counts {
      guard let found, found != rowCount else { continue }
      throw .rowMismatch(what: what, expected: rowCount, found: found)
    }
  }
}
