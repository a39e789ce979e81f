import SurprisalAnnotation
import SurprisalModelStore
import SurprisalProbability

extension AggregationPrinter {
  var agreementText: String {
    guard let agreement else { return "" }
    var table = TextTable(["coefficient", "value", "95 % interval"], leftColumns: 1)
    for (name, coefficient) in coefficients(of: agreement) {
      let half = StandardNormal.quantile975 * coefficient.standardError
      table.append([
        name, NumberText.fixed(coefficient.value, 4),
        half.isFinite
          ? "\(NumberText.fixed(coefficient.value - half, 4)) to "
            + NumberText.fixed(min(1, coefficient.value + half), 4) : NumberText.unavailable,
      ])
    }
    return "agreement of votes on \(amount(agreement.itemCount, "item"))\n" + table.text()
  }

  private func coefficients(
    of agreement: Agreement
  ) -> [(String, Agreement.Coefficient)] {
    [
      ("Fleiss' kappa", agreement.fleissKappa),
      ("Krippendorff's alpha, nominal", agreement.nominalAlpha),
    ]
      + (votes.classCount > 2
        ? [("Krippendorff's alpha, ordinal", agreement.ordinalAlpha)] : [])
  }

  var fitTestText: String {
    guard let fitTest else { return "" }
    let verdict =
      fitTest.pValue < 0.05
      ? "the model is rejected: votes depend on each other given the class, as where some\n  items "
        + "are harder than others; posteriors are then surer than they should be"
      : "there is no evidence against the model"
    return """
      fit: \(amount(fitTest.pairCount, "pair")) of annotators
        agreements \(NumberText.percent(fitTest.agreement.observed)), expected \
      \(NumberText.percent(fitTest.agreement.expected))
        statistic \(NumberText.fixed(fitTest.statistic, 1)), mean of \
      \(amount(fitTest.draws, "draw")) from the model \(NumberText.fixed(fitTest.expected, 1)), \
      \(NumberText.pValue(fitTest.pValue))
        \(verdict)
      """
  }

  var scoreText: String {
    guard let scores else { return "" }
    var table = TextTable(["against true classes", "mean", "std. error"], leftColumns: 1)
    for (name, mean) in means(of: scores) {
      table.append([
        name.words, NumberText.fixed(mean.value, 4), NumberText.fixed(mean.standardError, 4),
      ])
    }
    return "\(amount(scores.itemCount, "item")) with a true class\n" + table.text()
      + (scores.impossibleCount == 0
        ? ""
        : "\n  log score: infinite, the label is 0 for the true class of "
          + amount(scores.impossibleCount, "item"))
  }

  private func means(
    of scores: TruthScores
  ) -> [(name: (words: String, key: String), mean: TruthScores.Mean)] {
    [
      (("accuracy", "accuracy"), scores.accuracy),
      (("largest label", "confidence"), scores.confidence),
      (("log score, nats", "log_score"), scores.logScore),
      (("Brier score", "brier_score"), scores.brierScore),
    ]
  }

  var nextTable: String {
    if nextVotes.isEmpty { return "" }
    var table = TextTable(
      ["item", "annotator", "nats expected"], alignments: [.left, .left, .right])
    for next in nextVotes {
      table.append([
        votes.itemNames[next.item], votes.annotatorNames[next.annotator],
        NumberText.fixed(next.information, 4),
      ])
    }
    return "votes that would tell most\n" + table.text()
  }

  // MARK: JSON

  /// Adds the members of the JSON object for checks.
  func addChecks(to object: inout JSONObject) {
    object["agreement"] = agreement.map { agreement in
      .members([
        "items": .integer(agreement.itemCount),
        "fleiss_kappa": json(of: agreement.fleissKappa),
        "krippendorff_alpha": json(of: agreement.nominalAlpha),
        "krippendorff_alpha_ordinal": json(of: agreement.ordinalAlpha),
      ])
    }
    object["fit_test"] = fitTest.map { test in
      .members([
        "pairs": .integer(test.pairCount), "statistic": JSONValue(test.statistic),
        "draws": .integer(test.draws), "expected_statistic": JSONValue(test.expected),
        "p_value": JSONValue(test.pValue), "agreement": JSONValue(test.agreement.observed),
        "expected_agreement": JSONValue(test.agreement.expected),
      ])
    }
    if let scores {
      var members = JSONObject()
      members["items"] = .integer(scores.itemCount)
      members["impossible_items"] = .integer(scores.impossibleCount)
      for (name, mean) in means(of: scores) {
        members[name.key] = .members([
          "value": JSONValue(mean.value), "std_error": JSONValue(mean.standardError),
        ])
      }
      object["truth"] = .object(members)
    }
    if !nextVotes.isEmpty {
      object["next"] = .array(
        nextVotes.map {
          .members([
            "item": .string(votes.itemNames[$0.item]),
            "annotator": .string(votes.annotatorNames[$0.annotator]),
            "information": JSONValue($0.information),
          ])
        })
    }
  }

  private func json(of coefficient: Agreement.Coefficient) -> JSONValue {
    .members([
      "value": JSONValue(coefficient.value), "std_error": JSONValue(coefficient.standardError),
    ])
  }
}
