import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalOptimization
import SurprisalTables

/// Networks in JSON: `validation`, and `training` with one object a network.
extension FitRecord {
  func addTraining(to object: inout JSONObject) {
    guard let training else { return }
    object["coefficients_reason"] = .string("a network has none")
    object["validation"] = validation.map(Self.json) ?? .null
    object["training"] = .array(training.map(Self.json))
  }

  private static func json(_ held: TrainingRecord.Held) -> JSONValue {
    .members([
      "rows": .integer(held.rowCount), "cross_entropy": JSONValue(held.crossEntropy),
      "label_entropy": JSONValue(held.labelEntropy), "kl_divergence": JSONValue(held.divergence),
    ])
  }

  private static func json(_ training: TrainingRecord) -> JSONValue {
    let network = training.network
    return .members([
      "hidden": .array(network.hidden.map { .integer($0) }),
      "activation": .string(network.activation.rawValue),
      "layer_norm": .bool(network.normalizesLayers), "dropout": JSONValue(network.dropout),
      "skip": .bool(network.hasSkip),
      "input_scale": .string(training.options.inputScale.rawValue),
      "seed": .string(String(training.seed)),
      "batch_size": .integer(training.options.batchSize),
      "schedule": .string(training.options.schedule.rawValue),
      "refit_steps": JSONValue(training.refitSteps),
      "best_epoch": JSONValue(training.bestEpoch),
      "validation": training.validation.map(json) ?? .null,
      "epochs": .array(training.history.map(json)),
    ])
  }

  private static func json(_ record: EpochRecord) -> JSONValue {
    .members([
      "epoch": .integer(record.epoch), "training_loss": JSONValue(record.loss),
      "objective": JSONValue(record.value), "validation_kl_divergence": JSONValue(record.score),
      "learning_rate": JSONValue(record.rate),
    ])
  }
}
