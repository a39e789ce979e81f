import Surprisal

/// The covariance of the coefficients of a model as a CSV file.
struct CovarianceFile {
  let model: FittedModel

  init(_ model: FittedModel) { self.model = model }

  /// The CSV text. Throws `UsageError` if the model has no covariance.
  var text: String {
    get throws {
      let tables = try TidyTables(model.record, classNames: model.classifier.classNames)
      guard let text = tables.covariance else { throw absence }
      return text + "\n"
    }
  }

  /// Writes the covariance. If there is none and it is not vital, the fit is not lost with it: the
  /// other outputs are written, the result is false, and the command ends with status 3.
  func stage(in outputs: CommandOutputs, as path: String, isVital: Bool) throws -> Bool {
    do {
      try outputs.stage(text, as: path)
      return true
    } catch let error as UsageError where !isVital {
      Console.warn(
        code: "fit.nocovariance", error.message + "; --vcov is not written, the other outputs are")
      return false
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
