import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalProbability

/// A classifier whose probabilities are corrected by a map fitted to held-out labels.
public struct CalibratedClassifier<Base: Classifier>: Classifier {
  /// The classifier before calibration.
  public let base: Base
  /// The map, and the statistics of its fit.
  public let calibration: CalibrationRecord

  /// Combines a classifier and a map of the probabilities of its classes.
  ///
  /// Throws `DatasetError` unless the map applies to as many classes.
  public init(_ base: Base, calibration: CalibrationRecord) throws(DatasetError) {
    try calibration.calibrator.require(classCount: base.classNames.count)
    self.init(trusting: base, calibration: calibration)
  }

  /// Combines a classifier and a map of the probabilities of its classes.
  package init(trusting base: Base, calibration: CalibrationRecord) {
    self.base = base
    self.calibration = calibration
  }

  public var inputs: ModelInputs { base.inputs }
  public var classNames: [String] { base.classNames }
  public var usesOffsets: Bool { base.usesOffsets }
  public var parameterCount: Int {
    base.parameterCount + calibration.calibrator.parameterCount
  }

  /// The likelihood of the held-out labels. The predicted mean is the softmax of the calibrated
  /// logits, whatever it was before calibration.
  public var likelihood: any Likelihood { calibration.reading }

  /// Calibrated predictions; logits are defined up to a constant per row.
  public func predict(
    _ form: PredictionForm, from columns: consuming Columns, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    let logs = try base.predict(
      .logProbabilities, from: columns, offsets: offsets, threads: threads)
    let calibrator = calibration.calibrator
    return switch form {
    case .probabilities: try calibrator.probabilities(from: logs, threads: threads).values
    case .logProbabilities: try calibrator.logProbabilities(from: logs, threads: threads)
    case .logits: try calibrator.logits(from: logs, threads: threads)
    }
  }
}
