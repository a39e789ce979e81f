import SurprisalAnnotation
import SurprisalModelStore

extension AggregationPrinter {
  /// The lines of the head about a model whose matrices are drawn around a common one.
  func head(of model: VoteModel, _ hierarchy: VoteHierarchy) -> [String] {
    [
      "log marginal likelihood at least \(NumberText.fixed(model.logLikelihood, 4)), "
        + "concentration "
        + (hierarchy.concentration.isFinite
          ? "\(NumberText.significant(hierarchy.concentration)) votes" : "infinite"),
      (model.hasConverged ? "maximum reached" : "NOT at a maximum") + " after "
        + "\(amount(model.iterations, "step")), largest change of a probability "
        + NumberText.significant(model.gradient, 2),
    ]
  }

  /// The common confusion matrix; empty for other methods, and for too many classes.
  var commonTable: String {
    guard let hierarchy = aggregation.model?.hierarchy, votes.classCount <= Self.mostColumns else {
      return ""
    }
    var table = TextTable(["class"] + votes.classNames, leftColumns: 1)
    for (k, name) in votes.classNames.enumerated() {
      let row = hierarchy.commonConfusion[k * votes.classCount..<(k + 1) * votes.classCount]
      table.append([name] + row.map { NumberText.percent($0) })
    }
    return "common confusion matrix (votes across)\n" + table.text()
  }

  private static let mostColumns = 7

  /// What the standard errors leave out; empty for those of all parameters.
  var errorNote: String {
    if difficulty != nil { return errorNote(aggregation.uncertainty?.kind) }
    return switch aggregation.uncertainty?.kind {
    case .rows:
      "\n  standard errors take the prior and all other rows as known: they are too small"
    case .posterior:
      "\n  standard errors are of the posterior: the prior, the common matrix and the"
        + "\n  concentration are taken as known"
    case .joint, nil: ""
    }
  }

  /// The JSON object of a model whose matrices are drawn around a common one.
  func json(of model: VoteModel, _ hierarchy: VoteHierarchy) -> JSONValue {
    .members([
      "log_likelihood": .null, "log_marginal_likelihood_bound": JSONValue(model.logLikelihood),
      "parameters": .integer(model.parameterCount), "aic": .null, "bic": .null,
      "concentration": JSONValue(
        hierarchy.concentration.isFinite ? hierarchy.concentration : nil),
      "common_confusion": .array(
        (0..<votes.classCount).map {
          .numbers(
            hierarchy.commonConfusion[$0 * votes.classCount..<($0 + 1) * votes.classCount])
        }),
      "converged": .bool(model.hasConverged), "iterations": .integer(model.iterations),
      "largest_change": JSONValue(model.gradient),
      "seed": .string("\(aggregation.options.seed)"), "switched": .bool(model.isSwitched),
      "std_errors": JSONValue(aggregation.uncertainty?.kind.rawValue),
      "optima": .array(
        model.optima.map {
          .members([
            "log_marginal_likelihood_bound": JSONValue($0.logLikelihood),
            "class_prior": .numbers($0.classPrior), "starts": .integer($0.starts),
            "from_shares": .bool($0.isFromShares), "switched": .bool($0.isSwitched),
          ])
        }),
    ])
  }
}
