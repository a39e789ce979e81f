import Surprisal

/// The rows of a fit, copied for marginal effects and diagnostics because the fit itself
/// standardises its features in place.
struct EffectRows {
  private let data: Dataset
  private let numbers: [Int]

  /// Rows have the same weights as in the fit; rows of votes are weighted by their number.
  init(_ loaded: LoadedData) {
    data = loaded.dataset
    let source = loaded.source
    numbers = (0..<data.rowCount).map { source.number(source.rows?[$0] ?? $0) }
  }

  /// The effects; throws `UsageError` if there are none.
  func table(of model: FittedModel, level: Double) throws -> EffectTable {
    var effects = try MarginalEffects(of: model, level: level)
    let weights = (0..<data.rowCount).map {
      data.weights[$0] * data.labels.multiplicity(ofRow: $0)
    }
    try effects.add(data.features, offsets: data.offsets, weights: weights)
    return try EffectTable(
      effects, rowCount: data.rowCount, classNames: model.classifier.classNames)
  }

  /// Fitted values, residuals, leverage and influence as CSV; throws `UsageError` if there are
  /// none.
  func augmented(by model: FittedModel, seed: UInt64, threads: ThreadCount) throws -> String {
    guard let affine = model.classifier.affine else {
      throw UsageError("--augment needs a softmax regression")
    }
    let influence: RowInfluence
    do {
      influence = try RowInfluence(of: affine, record: model.record)
    } catch {
      throw UsageError("--augment is not available: \(error.sentence)")
    }
    return try AugmentTable(
      try influence.rows(of: data, seed: seed, threads: threads), numbers: numbers,
      classNames: model.classifier.classNames
    ).text
  }
}

extension MarginalEffects {
  /// Effects without rows; throws `UsageError` if the model has none.
  init(of model: FittedModel, level: Double = 0.95, settings: [EffectSetting] = []) throws {
    guard let affine = model.classifier.affine else {
      throw UsageError(
        "there are no marginal effects: they are derivatives of a softmax regression, and the "
          + "model is "
          + (model.classifier.calibration == nil ? "a network" : "calibrated"))
    }
    do {
      self = try MarginalEffects(
        of: affine, parameters: model.parameters, level: level, settings: settings)
    } catch {
      throw UsageError("there are no marginal effects: \(error.sentence)")
    }
  }
}
