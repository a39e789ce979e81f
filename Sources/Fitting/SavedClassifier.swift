import SurprisalCalibration
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The kinds of classifier that a model file can hold.
///
/// A closed list: each kind is a way of writing, reading and checking, and a file that names
/// another is refused.
public enum SavedClassifier: Sendable {
  /// Affine logits: softmax regression.
  case affine(ModelClassifier<LinearPredictor>)
  /// Networks: multilayer perceptrons.
  case network(NetworkClassifier)
  /// Another one of this list whose probabilities are calibrated.
  indirect case calibrated(CalibratedClassifier<SavedClassifier>)

  /// The classifier, whatever its kind.
  public var base: any Classifier {
    switch self {
    case .affine(let classifier): classifier
    case .network(let classifier): classifier
    case .calibrated(let classifier): classifier
    }
  }

  /// The classifier, if its logits are affine functions of the features. After a calibration they
  /// are not, or other ones.
  public var affine: ModelClassifier<LinearPredictor>? {
    switch self {
    case .affine(let classifier): classifier
    case .network, .calibrated: nil
    }
  }

  /// How the uncalibrated classifier makes a design matrix of columns.
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

  /// Their layers.
  package var network: MultilayerPerceptron? { networks?.members.first?.model.network }

  /// The calibration of the probabilities; nil if there is none.
  public var calibration: CalibrationRecord? {
    if case .calibrated(let classifier) = self { classifier.calibration } else { nil }
  }

  /// The classifier without its calibration.
  public var uncalibrated: SavedClassifier {
    if case .calibrated(let classifier) = self { classifier.base.uncalibrated } else { self }
  }

  /// The classifier with this calibration in the place of the one it may have.
  public func calibrated(by calibration: CalibrationRecord) -> SavedClassifier {
    .calibrated(CalibratedClassifier(uncalibrated, calibration: calibration))
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

  /// Throws `DatasetError.prediction` for the first row with a number that is none, or that is
  /// infinite. The logarithm of a probability that is zero is minus infinity: isotonic functions
  /// give such, and means that are no softmax.
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
