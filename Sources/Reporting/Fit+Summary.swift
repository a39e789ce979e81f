import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalFitting
import SurprisalInference
import SurprisalModelStore
import SurprisalModels
import SurprisalTables

extension Fit where M == AffineLogits {
  /// The fit as people read it: data, status, cross entropy with its floor, likelihood and
  /// coefficients against class `reference` with standard errors.
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
    try ModelFile.write(
      FittedModel(classifier: .affine(classifier), record: record(errors: .automatic).forKeeping),
      to: AtomicFile(path))
  }
}
