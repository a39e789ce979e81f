import SurprisalCalibration
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalProbability
import SurprisalTables

extension HTMLReport {
  /// The scores and the baselines.
  var scoreSection: Markup {
    HTMLPage.section(
      "scores", "Scores",
      "Null is the best constant prediction, the mean label of these rows; uniform gives every "
        + "class the same probability. Standard errors are \(errors.source(content.clusters)), for "
        + "fixed predictions." + noiseWords + spiegelhalterWords,
      scoreTable.markup(caption: "Scores"))
  }

  private var noiseWords: String {
    guard let noise = scores.noise else {
      return content.evaluation.labels.kind == .probabilities
        ? " About the noise of votes: \(LabelNoiseText.unknownVotes)." : ""
    }
    let labels = content.evaluation.labels.kind == .classes ? "Labels" : "Votes"
    return " \(labels) are random: even predictions equal to the true probabilities would have the "
      + "expected noise as their divergence. The rest is \(LabelNoiseText(noise).misfitLine)."
      + (noise.isMoreThanIsLeft
        ? ""
        : " Deviance explained, without the noise: \(NumberText.percent(scores.correctedShare)).")
  }

  private var spiegelhalterWords: String {
    scores.spiegelhalter.map {
      " Spiegelhalter's test that the predictions are calibrated: "
        + "\(NumberText.pValue($0.pValue))."
    } ?? ""
  }

  private var scoreTable: FigureTable {
    var table = FigureTable([
      ("measure", "measure"), ("predictions", "predictions"), ("std.error", "std_error"),
      ("null", "null"), ("uniform", "uniform"),
    ])
    func append(_ name: String, _ value: Double?, _ error: Double?, _ others: [Double?]) {
      table.append([.words(name), .number(value), .number(error)] + others.map { .number($0) })
    }
    let (null, uniform) = (scores.null, scores.uniform)
    for score in scores.scores {
      guard let name = score.name else { continue }
      append(
        name, score.value(scores.predictions), score.error,
        [null, uniform].map { score.isOfBaselines ? score.value($0) : nil })
      guard let noise = scores.noise, score.key == .klDivergence else { continue }
      append(LabelNoiseText.noiseName, noise.expected, nil, [noise.expected, noise.expected])
      append(
        LabelNoiseText.misfitName, content.evaluation.klDivergence - noise.expected,
        noise.standardError,
        [null, uniform].map { $0.evaluation.klDivergence - noise.expected })
    }
    if let evidence = scores.evidence {
      append(
        "mean log-likelihood of the evidence", evidence.logLikelihood, nil,
        [evidence.null, evidence.uniform])
    }
    table.foldLimit = .max
    return table
  }

  /// The changes by the calibration of the model.
  var calibrationSection: Markup? {
    guard let record = content.calibration else { return nil }
    var table = FigureTable([
      ("", "measure"), ("before", "before"), ("after", "after"), ("before (fit)", "fit_before"),
      ("after (fit)", "fit_after"),
    ])
    func append(
      _ name: String, _ value: (CalibrationRecord.Scores) -> Double, _ own: [Double?]
    ) {
      let fitted: [Double?] = [value(record.before), value(record.after)]
      table.append([.words(name)] + (own + fitted).map { FigureTable.Cell.number($0) })
    }
    let (before, after) = (content.uncalibrated, content.evaluation)
    let entropy = LabelNoiseText.entropyName(of: record.labels)
    append("cross entropy (nats)", \.crossEntropy, [before?.crossEntropy, after.crossEntropy])
    append(entropy, \.labelEntropy, [before?.labelEntropy, after.labelEntropy])
    append("+ KL divergence", \.divergence, [before?.klDivergence, after.klDivergence])
    append(
      "calibration error, predicted class", \.calibrationError,
      [reliabilityBefore?.ece, scores.calibration.topLabel.ece])
    append("accuracy", \.accuracy, [before?.accuracy, after.accuracy])
    let printer = CalibrationPrinter(record, classNames: content.classNames)
    return HTMLPage.section(
      "calibration", "Calibration, before and after",
      "Calibrated by \(printer.words), fitted to \(NumberText.count(record.rowCount)) rows. "
        + (record.test == nil
          ? "There is " : "Test that the probabilities were calibrated before: ")
        + "\(printer.testWords). The last two columns are of the rows to which the calibration was "
        + "fitted.",
      table.markup(caption: "Calibration"))
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
        .number(score.brierDivergence), .number(scores.calibration.classes[index].ece),
        .number(scores.calibration.classes[index].debiasedECE),
      ])
    }
    table.foldLimit = 40
    return HTMLPage.section(
      "classes", "Class by class",
      "If labels are distributions, precision and recall are expected values. Cross entropy and "
        + "squared distance are the contributions of the class to the means over all rows.",
      table.markup(caption: "Class by class"))
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
    return HTMLPage.section(
      "ledger", "Likelihood ledger",
      "Which log-likelihood the cross entropy belongs to depends on what the label is. Numbers are "
        + "means over rows of total weight \(NumberText.count(ledger.rowWeight)), constants "
        + "included. If the answer is yes, minimising the cross entropy maximises that likelihood. "
        + "The difference is log-likelihood plus cross entropy; of votes, the cross entropy is "
        + "multiplied by their number.",
      table.markup(caption: "Likelihood ledger"))
  }

  /// The fit of the model.
  var fitSection: Markup? {
    guard let record = content.record else { return nil }
    var summary = FitSummary(record, classNames: content.classNames, bases: content.bases)
    summary.featureCount = content.featureCount
    summary.isBrief = true
    let facts = (summary.facts + likelihoodFacts(record, summary)).flatMap { name, text in
      [Markup.element("dt", text: name), .element("dd", [:], [.element("bdi", text: text)])]
    }
    return HTMLPage.section(
      "fit", "The fit",
      "How the model was fitted, with scores on the data of the fit"
        + (content.calibration == nil ? "." : ", before its calibration."),
      .element("dl", ["class": "facts"], facts))
  }

  private func likelihoodFacts(
    _ record: FitRecord, _ summary: FitSummary
  ) -> [(name: String, text: String)] {
    let statistics = record.statistics
    let short = FigureTable.short
    func count(_ value: Double) -> String {
      value.magnitude < 100 ? short(value) : NumberText.fixed(value, 1)
    }
    var facts = [
      (
        "cross entropy",
        "\(short(statistics.crossEntropy)) = \(short(statistics.labelEntropy)) (label entropy) + "
          + "\(short(statistics.divergence)); null model \(short(statistics.nullCrossEntropy))"
      ),
      (
        "log-likelihood",
        "\(count(statistics.logLikelihood)), including the constant "
          + "\(count(statistics.logLikelihoodConstant)), which does not depend on the parameters"
      ),
    ]
    switch statistics.criteria {
    case .available(let akaike, let bayesian):
      facts.append(("criteria", "AIC \(count(akaike)), BIC \(count(bayesian))"))
    case .unavailable(let reason): facts.append(("criteria", "no AIC or BIC: \(reason.sentence)"))
    }
    for own in record.ownParameters {
      facts.append((own.name, NumberText.significant(own.estimate, 4)))
    }
    facts.append(("std. errors", summary.errorWords))
    return facts
  }
}
