import Surprisal

/// The rows of a fit, kept for its marginal effects: the fit itself standardises its features.
struct EffectRows {
  private let features: Features
  private let offsets: BlockedMatrix?
  private let weights: [Double]

  /// Rows count as in the fit: by their weight, and rows of votes by these.
  init(_ data: Dataset) {
    features = data.features
    offsets = data.offsets
    weights = (0..<data.rowCount).map {
      data.weights[$0] * data.labels.multiplicity(ofRow: $0)
    }
  }

  /// The effects; throws `UsageError` where there are none.
  func table(of model: FittedModel) throws -> EffectTable {
    var effects = try MarginalEffects(of: model)
    try effects.add(features, offsets: offsets, weights: weights)
    return EffectTable(
      effects, rowCount: features.rowCount, classNames: model.classifier.classNames)
  }
}

extension MarginalEffects {
  /// Effects of no rows yet; throws `UsageError` where the model has none.
  init(of model: FittedModel) throws {
    guard let affine = model.classifier.affine else {
      throw UsageError(
        "there are no marginal effects: the model is "
          + (model.classifier.calibration == nil ? "no softmax regression" : "calibrated"))
    }
    do {
      self = try MarginalEffects(of: affine, parameters: model.parameters)
    } catch {
      throw UsageError("there are no marginal effects: \(error.sentence)")
    }
  }
}
