import SurprisalDatasets
import SurprisalEstimation
import SurprisalOptimization

/// Why predictions cannot be calibrated. Rows count from 0.
public enum CalibrationError: Error, Sendable, Equatable {
  /// A predicted probability of exactly zero has no logit: the first one and their number.
  case zeroProbability(row: Int, class: Int, affected: Int)
  /// Fewer rows than a fit without prior needs.
  case tooFewRows(CalibrationMethod, rows: Int, needed: Int)
  /// The likelihood increases without bound because the labels never contradict more extreme
  /// predictions.
  case separated(CalibrationMethod)
  /// The best slope is not positive: the predictions rank the classes in reverse order.
  case reversed(slope: Double)
  /// Every prediction gives all classes the same probability.
  case uniform
  /// The fit stopped before it converged.
  case notConverged(CalibrationMethod, Termination)
  /// The data are invalid.
  case data(DatasetError)
}
