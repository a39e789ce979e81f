import SurprisalAnnotation
import SurprisalModelStore
import SurprisalTables

extension AggregationPrinter {
  /// Abilities and difficulties; nil for other methods.
  var difficulty: VoteDifficulty? { aggregation.model?.difficulty }

  /// The lines of the head about a model with abilities and difficulties.
  func head(of model: VoteModel, _ difficulty: VoteDifficulty) -> [String] {
    [
      "log-likelihood \(NumberText.fixed(model.logLikelihood, 4)), "
        + "\(amount(model.parameterCount, "parameter")); log prior of abilities "
        + NumberText.fixed(difficulty.logPrior, 4),
      (model.hasConverged ? "maximum of the posterior reached" : "NOT at a maximum") + " after "
        + "\(amount(model.iterations, "step")), gradient "
        + NumberText.significant(model.gradient, 2),
    ]
  }

  /// The items with the largest difficulties; empty for other methods.
  var difficultyTable: String {
    guard let difficulty else { return "" }
    let logs = difficulty.logDifficulties
    let order = logs.indices.filter { votes.voteCount(ofItem: $0) > 0 }
      .sorted { (-logs[$0], $0) < (-logs[$1], $1) }
    let shown = order.prefix(rowLimit.map { _ in Self.mostDifficult } ?? .max)
    var table = TextTable(
      ["item", "votes", "difficulty", "log difficulty", "post. sd"], leftColumns: 1)
    for item in shown {
      table.append([
        votes.itemNames[item], "\(votes.voteCount(ofItem: item))",
        NumberText.significant(difficulty.difficulty(ofItem: item), 3),
        NumberText.fixed(logs[item], 3), NumberText.fixed(difficulty.logDifficultyErrors[item], 3),
      ])
    }
    return "most difficult items, \(shown.count) of \(order.count)\n" + table.text()
  }

  private static let mostDifficult = 10

  /// The values of the columns of `itemColumns` for an item.
  func itemValues(_ item: Int) -> [Double] {
    difficulty.map { [$0.logDifficulties[item], $0.logDifficultyErrors[item]] } ?? []
  }

  /// The names of columns, and members of JSON objects, that items have besides their labels.
  var itemColumns: [String] {
    difficulty == nil ? [] : ["log_difficulty", "post_sd_log_difficulty"]
  }

  /// The values of the columns of `annotatorColumns` for an annotator.
  func annotatorValues(_ annotator: Int) -> [Double] {
    difficulty.map { [$0.abilities[annotator], $0.abilityErrors[annotator]] } ?? []
  }

  /// The names of columns, and members of JSON objects, that annotators have besides those of all
  /// methods.
  var annotatorColumns: [String] { difficulty == nil ? [] : ["ability", "std_error_ability"] }

  /// What the standard errors of this model leave out.
  func errorNote(_ kind: VoteUncertainty.Kind?) -> String {
    switch kind {
    case .joint:
      "\n  standard errors are from the curvature of the log posterior"
    case .rows:
      "\n  standard errors take the prior of the classes and all other abilities as known:"
        + "\n  they are too small"
    case .posterior, nil: ""
    }
  }
}
