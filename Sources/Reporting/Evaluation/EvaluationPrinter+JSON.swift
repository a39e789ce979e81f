import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

extension EvaluationPrinter {
  /// With more classes than this the confusion matrix is printed on request alone.
  private static let confusionLimit = 100

  /// The JSON object. A number that is infinite is null, and `infinite_rows` is then above zero.
  public var json: JSONValue {
    var object = JSONObject()
    object["rows"] = .integer(evaluation.rows)
    object["total_weight"] = JSONValue(evaluation.totalWeight)
    object["classes"] = .strings(options.classNames)
    add(predictions, to: &object)
    object["explained_share"] = JSONValue(explainedShare)
    object["label_noise"] =
      noise.map { LabelNoiseText($0).json(nullDivergence: null.evaluation.klDivergence) } ?? .null
    object["standard_errors"] = errorsJSON
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
      object["confusion"] = .array(evaluation.confusionMatrix().weights.map { .numbers($0) })
    }
    object["zeros"] = .string("exact")
    object["notes"] = .strings(notes)
    return .object(object)
  }

  private func add(_ scored: Scored, to object: inout JSONObject) {
    let (evaluation, calibration) = (scored.evaluation, scored.calibration)
    object["cross_entropy"] = JSONValue(evaluation.crossEntropy)
    object["label_entropy"] = JSONValue(evaluation.labelEntropy)
    object["kl_divergence"] = JSONValue(evaluation.klDivergence)
    object["accuracy"] = JSONValue(evaluation.accuracy)
    object["expected_accuracy"] = JSONValue(evaluation.expectedAccuracy)
    object["brier"] = JSONValue(evaluation.brier)
    object["brier_divergence"] = JSONValue(evaluation.brierDivergence)
    object["label_impurity"] = JSONValue(evaluation.labelImpurity)
    if options.isOrdered {
      let score = evaluation.rankedProbabilityScore()
      object["rps"] = JSONValue(score.score)
      object["rps_divergence"] = JSONValue(score.divergence)
      object["label_spread"] = JSONValue(score.labelSpread)
    }
    object["ece"] = JSONValue(calibration.topLabel.ece)
    object["ece_debiased"] = JSONValue(calibration.topLabel.debiasedECE)
    object["classwise_ece"] = JSONValue(calibration.classwiseECE)
    object["classwise_ece_debiased"] = JSONValue(calibration.debiasedClasswiseECE)
    object["top_k"] = .members([
      "k": .integer(topK), "accuracy": JSONValue(evaluation.topKAccuracy(topK)),
    ])
    object["infinite_rows"] = .integer(evaluation.infiniteRows)
    object["tied_predictions"] = .integer(evaluation.tiedPredictions)
    object["tied_labels"] = .integer(evaluation.tiedLabels)
  }

  private var errorsJSON: JSONValue {
    .members([
      "units": .integer(errors.units),
      "cluster": JSONValue(options.clusters?.name),
      "cross_entropy": JSONValue(errors.crossEntropy),
      "label_entropy": JSONValue(errors.labelEntropy),
      "kl_divergence": JSONValue(errors.klDivergence),
      "accuracy": JSONValue(errors.accuracy),
      "expected_accuracy": JSONValue(errors.expectedAccuracy),
      "brier": JSONValue(errors.brier),
    ])
  }

  private var calibrationJSON: JSONValue {
    .members([
      "bins": .integer(options.binCount), "level": JSONValue(options.level),
      "squared_error": JSONValue(calibration.topLabel.squaredError),
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
