import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalTables

extension CrossValidationPrinter {
  /// The JSON object.
  public var json: JSONValue {
    var object = JSONObject()
    object["rows"] = .integer(setting.rowCount)
    object["features"] = .integer(setting.featureCount)
    object["classes"] = .strings(setting.classNames)
    object["likelihood"] = .string(setting.likelihood)
    object["standardized"] = .bool(setting.isStandardized || setting.network != nil)
    if let network = setting.network { object["network"] = .object(network.json) }
    object["folds"] = .integer(summary.foldCount)
    object["repeats"] = .integer(summary.repeats)
    object["dealing"] = .string(summary.dealing.rawValue)
    object["seed"] = JSONValue(Int(exactly: setting.seed))
    object["path"] = .array(summary.strengths.indices.map { pathEntry($0) })
    for row in rows {
      var part = JSONObject()
      switch row.key {
      case "minimum": part["l2"] = JSONValue(summary.strengths[summary.index(.minimum)])
      case "one_standard_error":
        part["l2"] = JSONValue(summary.strengths[summary.index(.oneStandardError)])
      case "nested": addChoices(to: &part)
      default: break
      }
      add(row, to: &part)
      object[row.key] = .object(part)
    }
    object["warnings"] = .array(
      notices.map { .members(["code": .string($0.code), "message": .string($0.message)]) })
    return .object(object)
  }

  private func pathEntry(_ index: Int) -> JSONValue {
    var object = JSONObject()
    let scores = summary.scores(at: index)
    object["l2"] = JSONValue(summary.strengths[index])
    add(scores, isNull: false, to: &object)
    object["loss_std_error"] = JSONValue(summary.standardError(of: .loss, at: index))
    object["fold_losses"] = .array(
      summary.foldScores.map { folds in .numbers(folds.map { $0[index][.loss] }) })
    object["unconverged"] = .integer(summary.unconvergedFits[index])
    return .object(object)
  }

  private func add(_ row: Row, to object: inout JSONObject) {
    let isNull = row.key == "null"
    add(row.scores, isNull: isNull, to: &object)
    var errors = JSONObject()
    for measure in measures(isNull: isNull) {
      errors[measure.rawValue] = JSONValue(row.error(measure))
    }
    object["standard_errors"] = .object(errors)
    object["repeat_kl_divergences"] = .numbers(row.repeats.map { $0[.klDivergence] })
  }

  private func addChoices(to object: inout JSONObject) {
    object["choice"] = .string(setting.choice.rawValue)
    object["chosen_l2"] = .array(
      (summary.nestedChoices ?? []).map { .numbers($0.map { summary.strengths[$0] }) })
  }

  private func add(_ scores: HeldOutScores, isNull: Bool, to object: inout JSONObject) {
    for measure in measures(isNull: isNull) {
      object[measure.rawValue] = JSONValue(scores[measure])
    }
  }

  /// The mean label has a loss only if the loss is the cross entropy.
  private func measures(isNull: Bool) -> [HeldOutScores.Measure] {
    let distribution = Set(Self.distributionMeasures).subtracting([.klDivergence])
    return HeldOutScores.Measure.allCases.filter { measure in
      if measure == .loss, isNull, !setting.lossIsCrossEntropy { return false }
      return includesLabelDistribution || !distribution.contains(measure)
    }
  }
}
