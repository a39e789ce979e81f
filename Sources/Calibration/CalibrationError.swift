import SurprisalDatasets
import SurprisalEstimation
import SurprisalOptimization

/// Why predictions cannot be calibrated. Rows count from 0.
public enum CalibrationError: Error, Sendable, Equatable {
  /// A predicted probability of exactly zero has no logit: the first one and how many there are.
  case zeroProbability(row: Int, class: Int, affected: Int)
  /// Fewer rows than a fit without prior needs.
  case tooFewRows(CalibrationMethod, rows: Int, needed: Int)
  /// The likelihood rises without end: the labels never contradict ever surer predictions.
  case separated(CalibrationMethod)
  /// The best slope is not positive: the predictions order the classes the wrong way round.
  case reversed(slope: Double)
  /// Every prediction gives all classes the same probability.
  case uniform
  /// The fit ended without a result.
  case notConverged(CalibrationMethod, Termination)
  /// The data are at fault.
  case data(DatasetError)
}
