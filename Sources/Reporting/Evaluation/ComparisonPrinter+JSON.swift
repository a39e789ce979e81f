import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

extension ComparisonPrinter {
  /// The JSON object. An infinite number is null, and `infinite_rows` is then positive.
  public var json: JSONValue {
    let first = comparison.evaluations[0]
    let units = comparison.differences.lazy.compactMap { $0?.units }.first
    var object = JSONObject()
    object["rows"] = .integer(first.rows)
    object["total_weight"] = JSONValue(first.totalWeight)
    object["label_entropy"] = JSONValue(first.labelEntropy)
    object["reference"] = .string(names[comparison.reference])
    object["level"] = JSONValue(level)
    object["bootstrap"] = .integer(replicates)
    object["seed"] = JSONValue(Int(exactly: seed))
    object["units"] = JSONValue(units)
    object["cluster"] = JSONValue(clusters?.name)
    object["predictions"] = .array(comparison.evaluations.indices.map(prediction))
    object["criteria"] = records.isEmpty ? .null : criteriaJSON
    object["tests"] = testsJSON
    object["notes"] = .strings(notes)
    return .object(object)
  }

  private func prediction(_ index: Int) -> JSONValue {
    let evaluation = comparison.evaluations[index]
    let errors = errors[index]
    return .members([
      "name": .string(names[index]),
      "cross_entropy": JSONValue(evaluation.crossEntropy),
      "kl_divergence": JSONValue(evaluation.klDivergence),
      "kl_std_error": JSONValue(errors.klDivergence),
      "label_noise": noise[index].map {
        LabelNoiseText($0).json(
          nullDivergence: comparison.evaluations.last?.klDivergence ?? .nan)
      } ?? .null,
      "brier": JSONValue(evaluation.brier), "accuracy": JSONValue(evaluation.accuracy),
      "expected_accuracy": JSONValue(evaluation.expectedAccuracy),
      "infinite_rows": .integer(evaluation.infiniteRows),
      "tied_predictions": .integer(evaluation.tiedPredictions),
      "difference": comparison.differences[index].map(differences) ?? .null,
    ])
  }

  private func differences(_ paired: PairedComparison) -> JSONValue {
    var object = JSONObject()
    for measure in measures {
      let difference = measure.difference(paired)
      object[measure.key] = .members([
        "estimate": JSONValue(difference.estimate),
        "std_error": JSONValue(difference.standardError),
        "low": JSONValue(difference.interval?.lowerBound),
        "high": JSONValue(difference.interval?.upperBound),
        "bootstrap_low": JSONValue(difference.bootstrapInterval?.lowerBound),
        "bootstrap_high": JSONValue(difference.bootstrapInterval?.upperBound),
        "wild_p_value": JSONValue(difference.wildPValue),
        "verdict": .string(Self.verdict(difference, isSmallGood: measure.isSmallGood)),
      ])
    }
    return .object(object)
  }
}
