import Surprisal

/// The covariance of the coefficients of a model as a CSV file.
struct CovarianceFile {
  let model: FittedModel

  init(_ model: FittedModel) { self.model = model }

  /// The CSV text. Throws `UsageError` if the model has no covariance.
  var text: String {
    get throws {
      let tables = TidyTables(model.record, classNames: model.classifier.classNames)
      guard let text = tables.covariance else { throw absence }
      return text + "\n"
    }
  }

  /// The reason why there is no covariance.
  var absence: UsageError {
    let uncertainty = model.record.uncertainty
    guard uncertainty.kind != nil else {
      return UsageError("there is no covariance: \(uncertainty.reason.sentence)")
    }
    return UsageError(
      "the model file has no covariance: it stores that of up to "
        + "\(ParameterTable.keptCovarianceLimit) coefficients",
      suggestion: "write it when fitting: surprisal fit ... --vcov FILE")
  }
}
