import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalProbability
import SurprisalTables

extension HTMLReport {
  /// The scores and the baselines.
  var scoreSection: Markup {
    section(
      "scores", "Scores",
      "Beside the predictions stand the best constant, the mean label of these rows, and the "
        + "uniform prediction. Standard errors are \(errors.source(content.clusters)), the "
        + "predictions taken as given." + noiseWords,
      scoreTable)
  }

  private var noiseWords: String {
    guard let noise else {
      return content.evaluation.labels.kind == .probabilities
        ? " About the noise of votes: \(LabelNoiseText.unknownVotes)." : ""
    }
    let share = noise.explainedShare(nullDivergence: null.klDivergence)
    return " Votes are random, so that true predictions would have the expected noise as their "
      + "divergence; the rest is \(LabelNoiseText(noise).misfitLine). Deviance explained, the "
      + "noise taken out: \(NumberText.percent(share))."
  }

  private var scoreTable: FigureTable {
    var table = FigureTable([
      ("measure", "measure"), ("predictions", "predictions"), ("std.error", "std_error"),
      ("null", "null"), ("uniform", "uniform"),
    ])
    let labels = content.evaluation.labels.kind
    var rows: [(String, (Evaluation) -> Double, Double?)] = [
      ("cross entropy", { $0.crossEntropy }, errors.crossEntropy),
      (LabelNoiseText.entropyName(of: labels), { $0.labelEntropy }, errors.labelEntropy),
      ("+ KL divergence", { $0.klDivergence }, errors.klDivergence),
    ]
    if let noise {
      rows += [
        (LabelNoiseText.noiseName, { _ in noise.expected }, nil),
        (LabelNoiseText.misfitName, { $0.klDivergence - noise.expected }, noise.standardError),
      ]
    }
    rows += [
      ("Brier score", { $0.brier }, errors.brier),
      ("= label impurity (floor)", { $0.labelImpurity }, nil),
      ("+ squared distance", { $0.brierDivergence }, nil),
      ("accuracy", { $0.accuracy }, errors.accuracy),
      ("expected accuracy", { $0.expectedAccuracy }, errors.expectedAccuracy),
      ("calibration error, predicted class", { $0.ece }, nil),
    ]
    for (name, value, error) in rows {
      table.append([
        .words(name), .number(value(content.evaluation)), .number(error), .number(value(null)),
        .number(value(uniform)),
      ])
    }
    return table
  }

  /// One line per class.
  var classSection: Markup {
    var table = FigureTable([
      ("class", "class"), ("label share", "label_share"),
      ("mean predicted", "mean_probability"), ("share predicted", "predicted_share"),
      ("precision", "precision"), ("recall", "recall"), ("F1", "f1"),
      ("cross entropy", "cross_entropy"), ("squared distance", "brier_divergence"),
      ("ECE", "ece"), ("debiased ECE", "debiased_ece"),
    ])
    for (index, score) in content.evaluation.classScores().enumerated() {
      table.append([
        .text(content.classNames[index]), .number(score.labelShare),
        .number(score.meanProbability), .number(score.predictedShare), .number(score.precision),
        .number(score.recall), .number(score.f1), .number(score.crossEntropy),
        .number(score.brierDivergence), .number(calibration.classes[index].ece),
        .number(calibration.classes[index].debiasedECE),
      ])
    }
    return section(
      "classes", "Class by class",
      "Precision and recall are expected ones where labels are distributions. Cross entropy and "
        + "squared distance are what the class adds to the means over all rows.", table)
  }

  /// Labels and predictions under every interpretation.
  var ledgerSection: Markup? {
    guard let ledger = content.ledger else { return nil }
    var table = FigureTable([
      ("if the label is …", "reading"), ("log-likelihood", "log_likelihood"),
      ("constant", "constant"), ("minus CE?", "equals_minus_cross_entropy"),
      ("difference", "difference"), ("", "reason"),
    ])
    for reading in ledger.interpretations {
      table.append([
        .words(reading.kind.label), .number(reading.logLikelihood), .number(reading.constant),
        .text(reading.equalsMinusCrossEntropy ? "yes" : "no"), .number(reading.difference),
        .words(reading.reason ?? ""),
      ])
    }
    return section(
      "ledger", "Likelihood ledger",
      "Which log-likelihood is the cross entropy depends on what the label is. Means over a row "
        + "weight "
        + "of \(NumberText.count(ledger.rowWeight)), constants included. Where it says yes, "
        + "minimising "
        + "the cross entropy maximises that likelihood; the difference is log-likelihood plus "
        + "cross "
        + "entropy, times the votes where it is about votes.", table)
  }

  /// The fit of the model.
  var fitSection: Markup? {
    guard let record = content.record else { return nil }
    var summary = FitSummary(record, classNames: content.classNames, bases: content.bases)
    summary.calibration = content.calibration
    let facts = (summary.facts + likelihoodFacts(record, summary)).flatMap { name, text in
      [Markup.element("dt", text: name), .element("dd", [:], [.element("bdi", text: text)])]
    }
    return .element(
      "section", ["id": "fit"],
      [
        .element("h2", text: "The fit"),
        .element("p", text: "How the model was fitted, on the data it was fitted to."),
        .element("dl", ["class": "facts"], facts),
      ])
  }

  private func likelihoodFacts(
    _ record: FitRecord, _ summary: FitSummary
  ) -> [(name: String, text: String)] {
    let statistics = record.statistics
    var facts = [
      (
        "cross entropy",
        "\(NumberText.fixed(statistics.crossEntropy, 6)) = "
          + "\(NumberText.fixed(statistics.labelEntropy, 6)) + "
          + "\(NumberText.fixed(statistics.divergence, 6)); null model "
          + NumberText.fixed(statistics.nullCrossEntropy, 6)
      ),
      (
        "log-likelihood",
        "\(NumberText.fixed(statistics.logLikelihood, 4)), of which "
          + "\(NumberText.fixed(statistics.logLikelihoodConstant, 4)) is free of the parameters"
      ),
    ]
    switch statistics.criteria {
    case .available(let akaike, let bayesian):
      facts.append(
        (
          "criteria",
          "AIC \(NumberText.fixed(akaike, 3)), BIC \(NumberText.fixed(bayesian, 3))"
        ))
    case .unavailable(let reason): facts.append(("criteria", "no AIC or BIC: \(reason.sentence)"))
    }
    for own in record.ownParameters {
      facts.append((own.name, NumberText.significant(own.estimate)))
    }
    facts.append(("std. errors", summary.errorWords))
    return facts
  }

  private func section(
    _ name: String, _ title: String, _ text: String, _ table: FigureTable
  ) -> Markup {
    .element(
      "section", ["id": name],
      [
        .element("h2", text: title), .element("p", text: text),
        table.markup(caption: title),
      ])
  }
}
