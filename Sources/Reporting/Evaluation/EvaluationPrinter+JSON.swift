import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

extension EvaluationPrinter {
  /// With more classes the confusion matrix is printed only on request.
  private static let confusionLimit = 100

  /// The JSON object. An infinite number is null, and `infinite_rows` is then positive.
  public var json: JSONValue {
    var object = JSONObject()
    object["rows"] = .integer(evaluation.rows)
    object["total_weight"] = JSONValue(evaluation.totalWeight)
    object["classes"] = .strings(options.classNames)
    add(predictions, to: &object, isBaseline: false)
    object["explained_share"] = JSONValue(explainedShare)
    object["label_noise"] =
      noise.map { LabelNoiseText($0).json(nullDivergence: null.evaluation.klDivergence) } ?? .null
    object["standard_errors"] = errorsJSON
    object["intervals"] = intervalsJSON
    for (key, other) in [("null", null), ("uniform", uniform)] {
      var part = JSONObject()
      add(other, to: &part)
      object[key] = .object(part)
    }
    if let evidence {
      object["evidence"] = .members([
        "log_likelihood": JSONValue(evidence.logLikelihood), "null": JSONValue(evidence.null),
        "uniform": JSONValue(evidence.uniform),
        "explained_share": JSONValue(evidence.explainedShare),
      ])
    }
    if options.includesLabelDistribution {
      for (name, path) in Self.distributionMeasures {
        object[name] = JSONValue(measures[keyPath: path])
      }
    }
    object["calibration"] = calibrationJSON
    object["per_class"] = .array(classesJSON)
    if evaluation.classCount <= Self.confusionLimit || options.parts.contains(.confusion) {
      object["confusion"] = .array(confusion.weights.map { .numbers($0) })
    }
    object["zeros"] = .string("exact")
    object["notes"] = .strings(notes)
    return .object(object)
  }

  private func add(_ scored: Scored, to object: inout JSONObject, isBaseline: Bool = true) {
    let evaluation = scored.evaluation
    for score in scores where score.isOfBaselines || !isBaseline {
      let value = JSONValue(score.value(scored))
      object[score.key.rawValue] =
        score.key == .topK ? .members(["k": .integer(topK), "accuracy": value]) : value
    }
    object["infinite_rows"] = .integer(evaluation.infiniteRows)
    object["tied_predictions"] = .integer(evaluation.tiedPredictions)
    object["tied_labels"] = .integer(evaluation.tiedLabels)
  }

  private var errorsJSON: JSONValue {
    var object = JSONObject()
    object["units"] = .integer(errors.units)
    object["cluster"] = JSONValue(options.clusters?.name)
    object["degrees_of_freedom"] = JSONValue(errors.freedom)
    for score in scores where score.error != nil || Self.alwaysWithError.contains(score.key) {
      object[score.key.rawValue] = JSONValue(score.error)
    }
    return .object(object)
  }

  /// The scores whose standard error is null if there are fewer than two units.
  private static let alwaysWithError: [EvaluationMeasure] = [
    .crossEntropy, .labelEntropy, .klDivergence, .accuracy, .expectedAccuracy, .brier,
  ]

  private var intervalsJSON: JSONValue {
    var object = JSONObject()
    object["level"] = JSONValue(options.level)
    for score in scores {
      guard let ends = interval(score.value(predictions), score.error, in: score.bounds) else {
        continue
      }
      object[score.key.rawValue] = .members([
        "low": JSONValue(ends.lowerBound), "high": JSONValue(ends.upperBound),
      ])
    }
    return .object(object)
  }

  private var calibrationJSON: JSONValue {
    .members([
      "bins": .integer(options.binCount), "level": JSONValue(options.level),
      "squared_error": JSONValue(calibration.topLabel.squaredError),
      "intercepts": line.map { .numbers($0.intercepts.map(\.estimate)) } ?? .null,
      "top_label": .array(calibration.topLabel.bins.map(json)),
    ])
  }

  private func json(_ bin: ReliabilityBin) -> JSONValue {
    .members([
      "rows": .integer(bin.rows), "weight": JSONValue(bin.weight),
      "confidence": JSONValue(bin.confidence), "outcome": JSONValue(bin.outcome),
      "std_error": JSONValue(bin.outcomeStandardError),
      "low": JSONValue(bin.band.lowerBound), "high": JSONValue(bin.band.upperBound),
    ])
  }

  private var classesJSON: [JSONValue] {
    evaluation.classScores().enumerated().map { index, score in
      .members([
        "class": .string(options.classNames[index]),
        "label_weight": JSONValue(score.labelWeight), "label_share": JSONValue(score.labelShare),
        "mean_probability": JSONValue(score.meanProbability),
        "predicted_share": JSONValue(score.predictedShare),
        "recall": JSONValue(score.recall), "precision": JSONValue(score.precision),
        "f1": JSONValue(score.f1), "cross_entropy": JSONValue(score.crossEntropy),
        "brier_divergence": JSONValue(score.brierDivergence),
        "ece": JSONValue(calibration.classes[index].ece),
        "ece_debiased": JSONValue(calibration.classes[index].debiasedECE),
      ])
    }
  }
}
