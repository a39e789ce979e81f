import SurprisalCalibration
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The kinds of classifier that a model file can store.
///
/// A closed list: each kind has its own code for writing, reading and checking, and files with any
/// other kind are refused.
public enum SavedClassifier: Sendable {
  /// Affine logits: softmax regression.
  case affine(ModelClassifier<LinearPredictor>)
  /// Multilayer perceptrons; several form an ensemble.
  case network(NetworkClassifier)
  /// Another classifier of this list with calibrated probabilities.
  indirect case calibrated(CalibratedClassifier<SavedClassifier>)

  /// The classifier as an existential.
  public var base: any Classifier {
    switch self {
    case .affine(let classifier): classifier
    case .network(let classifier): classifier
    case .calibrated(let classifier): classifier
    }
  }

  /// The classifier, if its logits are affine functions of the features; nil after a calibration.
  public var affine: ModelClassifier<LinearPredictor>? {
    switch self {
    case .affine(let classifier): classifier
    case .network, .calibrated: nil
    }
  }

  /// The encoding of columns by the uncalibrated classifier.
  public var encoding: FeatureEncoding {
    switch self {
    case .affine(let classifier): classifier.encoding
    case .network(let classifier): classifier.encoding
    case .calibrated(let classifier): classifier.base.encoding
    }
  }

  /// The networks, calibrated or not.
  package var networks: NetworkClassifier? {
    if case .network(let classifier) = uncalibrated { classifier } else { nil }
  }

  /// The architecture of the networks.
  package var network: MultilayerPerceptron? { networks?.members.first?.model.network }

  /// The calibration of the probabilities; nil if there is none.
  public var calibration: CalibrationRecord? {
    if case .calibrated(let classifier) = self { classifier.calibration } else { nil }
  }

  /// The classifier without its calibration.
  public var uncalibrated: SavedClassifier {
    if case .calibrated(let classifier) = self { classifier.base.uncalibrated } else { self }
  }

  /// The classifier with this calibration, which replaces any earlier one.
  ///
  /// Throws `DatasetError` unless the calibration is of as many classes.
  public func calibrated(
    by calibration: CalibrationRecord
  ) throws(DatasetError) -> SavedClassifier {
    .calibrated(try CalibratedClassifier(uncalibrated, calibration: calibration))
  }

  /// The classifier with this calibration, which is of its classes.
  package func calibrated(trusting calibration: CalibrationRecord) -> SavedClassifier {
    .calibrated(CalibratedClassifier(trusting: uncalibrated, calibration: calibration))
  }
}

extension SavedClassifier: Classifier {
  public var inputs: ModelInputs { base.inputs }
  public var classNames: [String] { base.classNames }
  public var likelihood: any Likelihood { base.likelihood }
  public var usesOffsets: Bool { base.usesOffsets }
  public var parameterCount: Int { base.parameterCount }

  public func predict(
    _ form: PredictionForm, from columns: consuming Columns, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    let result = try base.predict(form, from: columns, offsets: offsets, threads: threads)
    try requireRange(of: result, form)
    return result
  }

  /// Throws `DatasetError.prediction` for the first row with a NaN or infinite number. The
  /// logarithm of a zero probability is minus infinity and allowed: isotonic functions and means
  /// that are not a softmax produce it.
  private func requireRange(
    of values: BlockedMatrix, _ form: PredictionForm
  ) throws(DatasetError) {
    let mayBeZero = calibration != nil || !likelihood.meanIsSoftmax
    let allowsZero =
      mayBeZero && (form == .logProbabilities || (form == .logits && calibration != nil))
    var first: Int?
    for column in 0..<values.columnCount {
      values.forEachSegment(ofColumn: column) { segment, rows in
        for (offset, row) in rows.enumerated() where !segment[offset].isFinite {
          if allowsZero, segment[offset] == -.infinity { continue }
          first = min(first ?? row, row)
        }
      }
    }
    if let first { throw .prediction(row: first) }
  }
}
