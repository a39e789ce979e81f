import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalProbability

/// A classifier whose probabilities are repaired by a map that was fitted to held-out labels.
public struct CalibratedClassifier<Base: Classifier>: Classifier {
  /// What predicts first.
  public let base: Base
  /// The map, and what is known of its fit.
  public let calibration: CalibrationRecord

  /// A classifier and a map of the probabilities of its classes.
  public init(_ base: Base, calibration: CalibrationRecord) {
    precondition(calibration.calibrator.fits(classCount: base.classNames.count))
    self.base = base
    self.calibration = calibration
  }

  public var inputs: ModelInputs { base.inputs }
  public var classNames: [String] { base.classNames }
  public var usesOffsets: Bool { base.usesOffsets }
  public var parameterCount: Int {
    base.parameterCount + calibration.calibrator.parameterCount
  }

  /// What the held-out labels were taken to be: the predicted mean is the softmax of the calibrated
  /// logits, whatever it was before.
  public var likelihood: any Likelihood { calibration.reading }

  /// Calibrated predictions; of logits a constant a row is arbitrary.
  public func predict(
    _ form: PredictionForm, from columns: consuming Columns, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    let logs = try base.predict(
      .logProbabilities, from: columns, offsets: offsets, threads: threads)
    let calibrator = calibration.calibrator
    return switch form {
    case .probabilities: calibrator.probabilities(from: logs, threads: threads).values
    case .logProbabilities: calibrator.logProbabilities(from: logs, threads: threads)
    case .logits: calibrator.logits(from: logs, threads: threads)
    }
  }
}
