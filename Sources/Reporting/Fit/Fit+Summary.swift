import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalFitting
import SurprisalInference
import SurprisalModelStore
import SurprisalModels
import SurprisalTables

extension Fit where M == LinearPredictor {
  /// The summary as text: data, convergence, cross entropy with the label entropy, likelihood, and
  /// coefficients relative to class `reference` with standard errors.
  public func summary(
    reference: Int = 0, errors: StandardErrorChoice = .automatic
  ) -> String {
    FitSummary(
      record(reference: reference, errors: errors), classNames: classifier.classNames,
      bases: classifier.encoding.baseLevels.map { "\($0.column) = \($0.level)" }
    ).text
  }

  /// Writes the model to a file that `surprisal predict` and `FittedModel(contentsOf:)` read.
  public func save(to path: String) throws {
    try FittedModel(classifier: .affine(classifier), record: record(errors: .automatic))
      .write(to: path)
  }
}

extension FittedModel {
  /// The summary as text: data, convergence, cross entropy with the label entropy, likelihood, and
  /// coefficients relative to the reference class with standard errors. `dataName` is the name of
  /// the data.
  public func summary(dataName: String? = nil) -> String { summaryTable(dataName: dataName).text }

  /// The summary, whose properties can be changed before it is printed.
  public func summaryTable(dataName: String? = nil) -> FitSummary {
    var summary = FitSummary(
      record, classNames: classifier.classNames,
      bases: classifier.encoding.baseLevels.map { "\($0.column) = \($0.level)" },
      dataName: dataName)
    summary.featureCount = classifier.encoding.columnCount
    summary.calibration = classifier.calibration
    return summary
  }

  /// The summary as a JSON object; for a calibrated model with the member `calibration`.
  public var json: JSONValue { json(level: 0.95) }

  /// The summary with intervals of this coverage.
  public func json(level: Double) -> JSONValue {
    let value = record.json(
      classNames: classifier.classNames, features: classifier.encoding.columnNames,
      bases: classifier.encoding.baseLevels, level: level)
    guard let calibration = classifier.calibration, case .object(var object) = value else {
      return value
    }
    object["calibration"] = calibration.json(classNames: classifier.classNames)
    return .object(object)
  }
}
