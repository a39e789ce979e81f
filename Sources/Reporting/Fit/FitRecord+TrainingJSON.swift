import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalModels
import SurprisalOptimization
import SurprisalTables

/// Networks in JSON: `validation`, and `training` with one object per network.
extension FitRecord {
  func addTraining(to object: inout JSONObject) {
    guard let training else { return }
    object["coefficients_reason"] = .string("a network has none")
    object["validation"] = validation.map(json) ?? .null
    object["training"] = .array(training.map(json))
  }

  private var heldMeasure: HeldMeasure { HeldMeasure(specification.labels) }

  private func json(_ held: TrainingRecord.Held) -> JSONValue {
    switch heldMeasure {
    case .divergence:
      .members([
        "rows": .integer(held.rowCount), "cross_entropy": JSONValue(held.crossEntropy),
        "label_entropy": JSONValue(held.labelEntropy), "kl_divergence": JSONValue(held.divergence),
      ])
    case .evidence:
      .members([
        "rows": .integer(held.rowCount), "minus_log_evidence": JSONValue(held.divergence),
      ])
    }
  }

  private func json(_ training: TrainingRecord) -> JSONValue {
    var object = training.network.json
    object["input_scale"] = .string(training.options.inputScale.rawValue)
    object["seed"] = .string(String(training.seed))
    object["batch_size"] = .integer(training.options.batchSize)
    object["schedule"] = .string(training.options.schedule.rawValue)
    object["refit_steps"] = JSONValue(training.refitSteps)
    object["best_epoch"] = JSONValue(training.bestEpoch)
    object["validation"] = training.validation.map(json) ?? .null
    object["epochs"] = .array(training.history.map(json))
    return .object(object)
  }

  private func json(_ record: EpochRecord) -> JSONValue {
    let score =
      heldMeasure == .evidence ? "validation_minus_log_evidence" : "validation_kl_divergence"
    return .members([
      "epoch": .integer(record.epoch), "training_loss": JSONValue(record.loss),
      "objective": JSONValue(record.value), score: JSONValue(record.score),
      "learning_rate": JSONValue(record.rate),
    ])
  }
}

extension MultilayerPerceptron {
  /// The architecture in JSON.
  var json: JSONObject {
    var object = JSONObject()
    object["hidden"] = .array(hidden.map { .integer($0) })
    object["activation"] = .string(activation.rawValue)
    object["layer_norm"] = .bool(normalizesLayers)
    object["dropout"] = JSONValue(dropout)
    object["skip"] = .bool(hasSkip)
    return object
  }
}
