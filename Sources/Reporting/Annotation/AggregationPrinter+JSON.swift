import SurprisalAnnotation
import SurprisalDiagnostics
import SurprisalModelStore

extension AggregationPrinter {
  /// Everything as one JSON object; with the items only if `listsItems`.
  public func json(listsItems: Bool) -> JSONValue {
    var object = JSONObject()
    object["file"] = .string(file)
    object["method"] = .string(method.rawValue)
    object["votes"] = .integer(votes.count)
    object["item_count"] = .integer(votes.itemCount)
    object["annotator_count"] = .integer(votes.annotatorCount)
    object["classes"] = .strings(votes.classNames)
    object["class_prior"] = .numbers(aggregation.classPrior)
    object["ties"] = .integer(aggregation.tieCount)
    object["model"] = aggregation.model.map(json(of:)) ?? .null
    addChecks(to: &object)
    object["annotators"] = .array(annotators.indices.map(json(ofAnnotator:)))
    if listsItems { object["items"] = .array((0..<votes.itemCount).map(json(ofItem:))) }
    object["warnings"] = .array(
      warnings.map { .members(["code": .string($0.code), "message": .string($0.message)]) })
    return .object(object)
  }

  private func json(of model: VoteModel) -> JSONValue {
    if let hierarchy = model.hierarchy { return json(of: model, hierarchy) }
    let pseudo = aggregation.options.pseudoCounts
    return .members([
      "log_likelihood": JSONValue(model.logLikelihood), "log_posterior": JSONValue(model.value),
      "parameters": .integer(model.parameterCount), "aic": JSONValue(aggregation.aic),
      "bic": JSONValue(aggregation.bic),
      "pseudo_counts": method.takesPseudoCounts
        ? .numbers([pseudo.diagonal, pseudo.offDiagonal]) : .null,
      "converged": .bool(model.hasConverged), "iterations": .integer(model.iterations),
      "gradient": JSONValue(model.gradient), "seed": .string("\(aggregation.options.seed)"),
      "switched": .bool(model.isSwitched),
      "std_errors": JSONValue(aggregation.uncertainty?.kind.rawValue),
      "std_error_class_prior": aggregation.uncertainty.map { .numbers($0.classPrior) } ?? .null,
      "optima": .array(
        model.optima.map {
          .members([
            "log_likelihood": JSONValue($0.logLikelihood), "log_posterior": JSONValue($0.value),
            "class_prior": .numbers($0.classPrior), "starts": .integer($0.starts),
            "from_shares": .bool($0.isFromShares), "switched": .bool($0.isSwitched),
          ])
        }),
    ])
  }

  private func json(ofAnnotator place: Int) -> JSONValue {
    let annotator = annotators[place]
    func matrix(_ entries: [Double]) -> JSONValue {
      .array(
        (0..<votes.classCount).map {
          .numbers(entries[$0 * votes.classCount..<($0 + 1) * votes.classCount])
        })
    }
    var object = JSONObject()
    object["annotator"] = .string(annotator.name)
    object["votes"] = .integer(annotator.votes)
    for (name, value) in zip(annotatorColumns, annotatorValues(place)) {
      object[name] = JSONValue(value)
    }
    object["accuracy"] = JSONValue(annotator.accuracy)
    object["std_error_accuracy"] = JSONValue(annotator.accuracyError)
    object["information"] = JSONValue(annotator.information)
    object["flags"] = .strings(annotator.flags.map(\.rawValue))
    object["confusion"] = matrix(annotator.confusion)
    object["std_error_confusion"] = matrix(annotator.confusionErrors)
    return .object(object)
  }

  private func json(ofItem item: Int) -> JSONValue {
    var object = JSONObject()
    object["item"] = .string(votes.itemNames[item])
    object["votes"] = .integer(votes.voteCount(ofItem: item))
    object["predicted"] = .string(votes.classNames[aggregation.predictedClass(ofItem: item)])
    object["labels"] = .numbers(aggregation.labels(ofItem: item))
    if let evidence = aggregation.evidence(ofItem: item) {
      object["evidence"] = .numbers(evidence)
    }
    for (name, value) in zip(itemColumns, itemValues(item)) { object[name] = JSONValue(value) }
    return .object(object)
  }
}
