import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization
import SurprisalTables

/// How a network was trained, a writing and a reading function a type.
extension ModelFile {
  static func json(of training: TrainingRecord) -> JSONValue {
    .members([
      "best_epoch": JSONValue(training.bestEpoch),
      "history": json(of: training.history),
      "options": json(of: training.options),
      "seed": .string(String(training.seed)),
      "validation": training.validation.map(json(of:)) ?? .null,
    ])
  }

  static func training(
    _ object: inout ModelFileObject, _ network: MultilayerPerceptron
  ) throws(ModelFileError.Problem) -> TrainingRecord {
    let seed = try object.text("seed")
    guard let seed = UInt64(seed) else {
      throw .value(path: object.place("seed"), found: seed)
    }
    return TrainingRecord(
      network: network, seed: seed, options: try options(try object.member("options")),
      history: try history(try object.member("history")),
      bestEpoch: try object.optionalCount("best_epoch"),
      validation: try held(try object.value("validation"), object.place("validation")))
  }

  static func json(of history: [EpochRecord]) -> JSONValue {
    .members([
      "loss": .array(history.map { .statistic($0.loss) }),
      "rate": .array(history.map { .statistic($0.rate) }),
      "score": .array(history.map { .statistic($0.score) }),
      "value": .array(history.map { .statistic($0.value) }),
    ])
  }

  static func history(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> [EpochRecord] {
    var object = given
    let values = try object.numbers("value")
    let losses = try object.numbers("loss", count: values.count)
    let rates = try object.numbers("rate", count: values.count)
    let scores = try object.list("score")
    guard scores.count == values.count else {
      throw .shape(
        path: object.place("score"), expected: "\(values.count) numbers", found: scores.count)
    }
    try object.finish()
    return values.indices.map { index in
      EpochRecord(
        epoch: index + 1, value: values[index], loss: losses[index],
        score: scores[index].doubleValue, rate: rates[index])
    }
  }

  static func json(of held: TrainingRecord.Held) -> JSONValue {
    .members([
      "cross_entropy": .statistic(held.crossEntropy),
      "kl_divergence": .statistic(held.divergence),
      "label_entropy": .statistic(held.labelEntropy),
      "rows": .integer(held.rowCount),
    ])
  }

  static func held(
    _ value: JSONValue, _ path: String
  ) throws(ModelFileError.Problem) -> TrainingRecord.Held? {
    if value.isNull { return nil }
    var object = try ModelFileObject(value, path: path)
    let held = TrainingRecord.Held(
      rowCount: try object.count("rows"), crossEntropy: try object.statistic("cross_entropy"),
      labelEntropy: try object.statistic("label_entropy"),
      divergence: try object.statistic("kl_divergence"))
    try object.finish()
    return held
  }

  static func json(of options: TrainingOptions) -> JSONValue {
    .members([
      "batch_size": .integer(options.batchSize),
      "clip": JSONValue(options.clipping),
      "decay": .number(options.decay),
      "epochs": .integer(options.epochs),
      "input_scale": .string(options.inputScale.rawValue),
      "learning_rate": JSONValue(options.learningRate),
      "method": .string(options.method.rawValue),
      "patience": JSONValue(options.patience),
      "schedule": .string(options.schedule.rawValue),
      "warm_up": .number(options.warmUp),
    ])
  }

  private static func options(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> TrainingOptions {
    var object = given
    let (epochs, batchSize) = (try object.count("epochs"), try object.count("batch_size"))
    let (warmUp, decay) = (try object.number("warm_up"), try object.number("decay"))
    for (key, isRight) in [
      ("batch_size", batchSize >= 1), ("warm_up", warmUp >= 0), ("decay", decay >= 0),
    ] where !isRight {
      throw .value(path: object.place(key), found: "a number out of its range")
    }
    let options = TrainingOptions(
      method: try object.word("method"), epochs: epochs, batchSize: batchSize,
      learningRate: try object.optionalNumber("learning_rate"),
      schedule: try object.word("schedule"), warmUp: warmUp,
      clipping: try object.optionalNumber("clip"), decay: decay,
      patience: try object.optionalCount("patience"),
      inputScale: try object.word("input_scale"))
    try object.finish()
    return options
  }
}
