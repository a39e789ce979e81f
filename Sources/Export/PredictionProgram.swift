import SurprisalCalibration
import SurprisalDatasets
import SurprisalEstimation
import SurprisalFitting
import SurprisalModels

/// A prediction as a list of steps on vectors: what the model does to one row, without the
/// optimisations of this library.
///
/// Every code format is a translation of these steps. In double precision the arithmetic is that of
/// the fit: standardised features, products summed in the order of the features.
struct PredictionProgram {
  /// The index of a vector among the results of the steps.
  typealias Value = Int

  /// A step and the vectors it uses.
  enum Step {
    /// The design columns of the row.
    case design
    /// (x - center) / scale.
    case standardized(Value, Standardization)
    /// b + W x, with W by rows.
    case affine(Value, weights: [Double], biases: [Double])
    /// z + V x.
    case sum(Value, of: Value, weights: [Double])
    /// gain (z - mean) / √(variance + ε) + shift, over the entries.
    case normalized(Value, gains: [Double], shifts: [Double])
    /// The activation of each entry.
    case activated(Value, Activation)
    /// Softmax.
    case softmax(Value)
    /// Logarithm of the softmax.
    case logSoftmax(Value)
    /// The mean of vectors.
    case mean([Value])
    /// The logarithm of the mean of exponentials.
    case logMeanExp([Value])
    /// The larger of each entry and the logarithm of the smallest positive double.
    case lifted(Value)
    /// Each entry minus the mean of all.
    case centred(Value)
    /// a u + b, entry by entry.
    case scaled(Value, slopes: [Double], intercepts: [Double])
    /// Isotonic functions of exp u, divided by their sum; exp u if that is zero.
    case isotonic(Value, [IsotonicFunction])
  }

  /// Added to a variance, as in the layers.
  static let epsilon = 1e-5
  /// The logarithm of the smallest positive double.
  static let smallestLogarithm = -744.4400719213812

  /// The factor of y³ in the activation `gelu`.
  static let geluCubic = 0.044715
  /// 2 √(2/π), the factor in its logistic function.
  static let geluSlope = 1.5957691216057308

  /// The encoding from columns to design columns.
  let encoding: FeatureEncoding
  /// The classes.
  let classNames: [String]
  /// Whether the last steps are a calibration.
  let isCalibrated: Bool
  /// The steps; the last one computes the probabilities.
  private(set) var steps: [Step] = []
  /// The number of entries of the result of each step.
  private(set) var widths: [Int] = []

  /// The program of a classifier. Throws `ExportError` if the predictions cannot be expressed by
  /// steps.
  init(_ classifier: SavedClassifier) throws(ExportError) {
    guard !classifier.usesOffsets else { throw .offsets }
    let fitted = classifier.uncalibrated
    guard fitted.likelihood.meanIsSoftmax else { throw .mean(likelihood: fitted.likelihood.name) }
    encoding = classifier.encoding
    classNames = classifier.classNames
    isCalibrated = classifier.calibration != nil
    let design = add(.design, width: encoding.columnCount)
    let members = addLogits(of: fitted, design)
    if let calibration = classifier.calibration {
      add(calibration.calibrator, to: addLogarithm(of: members))
    } else {
      let means = members.map { add(.softmax($0), width: classNames.count) }
      if means.count > 1 { add(.mean(means), width: classNames.count) }
    }
  }

  @discardableResult
  private mutating func add(_ step: Step, width: Int) -> Value {
    steps.append(step)
    widths.append(width)
    return steps.count - 1
  }

  // MARK: Logits

  /// The logits of each member.
  private mutating func addLogits(of classifier: SavedClassifier, _ design: Value) -> [Value] {
    if let networks = classifier.networks {
      let input = addStandardized(design, networks.members[0].standardization)
      return networks.members.map { addNetwork($0, input) }
    }
    guard let affine = classifier.affine else { return [] }
    let model = affine.model
    let input = addStandardized(design, affine.standardization)
    return [
      add(
        .affine(
          input, weights: Array(affine.parameters[model.weights]),
          biases: model.hasIntercept
            ? Array(affine.parameters[model.intercepts])
            : [Double](repeating: 0, count: model.classCount)),
        width: model.classCount)
    ]
  }

  private mutating func addStandardized(_ value: Value, _ scale: Standardization) -> Value {
    let isIdentity =
      scale.centers.allSatisfy { $0 == 0 } && scale.scales.allSatisfy { $0 == 1 }
    return isIdentity ? value : add(.standardized(value, scale), width: widths[value])
  }

  private mutating func addNetwork(
    _ member: ModelClassifier<PerceptronLogits>, _ input: Value
  ) -> Value {
    let (model, parameters) = (member.model, member.parameters)
    var value = input
    for (index, layer) in model.layers.enumerated() {
      value = add(
        .affine(
          value, weights: Array(parameters[layer.weights]),
          biases: Array(parameters[layer.biases])),
        width: layer.unitCount)
      guard index + 1 < model.layers.count else { break }
      if !layer.gains.isEmpty {
        value = add(
          .normalized(
            value, gains: Array(parameters[layer.gains]),
            shifts: Array(parameters[layer.shifts])),
          width: layer.unitCount)
      }
      value = add(.activated(value, model.network.activation), width: layer.unitCount)
    }
    guard !model.skip.isEmpty else { return value }
    return add(
      .sum(value, of: input, weights: Array(parameters[model.skip])), width: model.classCount)
  }

  // MARK: Calibration

  /// The logarithm of the predicted probabilities, finite.
  private mutating func addLogarithm(of members: [Value]) -> Value {
    let width = classNames.count
    let logs = members.map { add(.logSoftmax($0), width: width) }
    let value = logs.count == 1 ? logs[0] : add(.logMeanExp(logs), width: width)
    return add(.lifted(value), width: width)
  }

  private mutating func add(_ calibrator: Calibrator, to logs: Value) {
    let width = classNames.count
    let logits: Value
    switch calibrator {
    case .temperature(let slope):
      logits = add(
        .scaled(
          logs, slopes: [Double](repeating: slope, count: width),
          intercepts: [Double](repeating: 0, count: width)),
        width: width)
    case .vector(let slopes, let intercepts):
      let centred = add(.centred(logs), width: width)
      logits = add(.scaled(centred, slopes: slopes, intercepts: intercepts), width: width)
    case .matrix(let map):
      logits = add(map, to: add(.centred(logs), width: width))
    case .dirichlet(let map): logits = add(map, to: logs)
    case .isotonic(let functions):
      add(.isotonic(logs, functions), width: width)
      return
    }
    add(.softmax(logits), width: width)
  }

  private mutating func add(_ map: Calibrator.AffineScores, to scores: Value) -> Value {
    add(
      .affine(scores, weights: map.weights.flatMap { $0 }, biases: map.intercepts),
      width: classNames.count)
  }
}
