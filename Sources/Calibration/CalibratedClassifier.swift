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

  public var encoding: FeatureEncoding { base.encoding }
  public var classNames: [String] { base.classNames }
  public var usesOffsets: Bool { base.usesOffsets }
  public var parameterCount: Int {
    base.parameterCount + calibration.calibrator.parameterCount
  }

  /// What the held-out labels were taken to be: the predicted mean is the softmax of the calibrated
  /// logits, whatever it was before.
  public var likelihood: any Likelihood { calibration.reading }

  public func probabilities(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> ClassProbabilities {
    calibration.calibrator.probabilities(
      from: try base.logProbabilities(for: features, offsets: offsets, threads: threads),
      threads: threads)
  }

  public func logProbabilities(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    calibration.calibrator.logProbabilities(
      from: try base.logProbabilities(for: features, offsets: offsets, threads: threads),
      threads: threads)
  }

  /// Calibrated logits: the base's log-probabilities, scaled. A constant a row is arbitrary.
  public func logits(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    calibration.calibrator.logits(
      from: try base.logProbabilities(for: features, offsets: offsets, threads: threads),
      threads: threads)
  }
}
