import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

extension HTMLReport {
  /// The title, and which predictions were compared with which labels.
  var heading: Markup {
    let evaluation = content.evaluation
    let rows = evaluation.rows == 1 ? "1 row" : "\(evaluation.rows) rows"
    return HTMLPage.heading(
      content.title,
      [
        .text("Predictions of "), HTMLPage.name(content.sourceName),
        .text(" compared with the labels of "), HTMLPage.name(content.dataName),
        .text(
          ": \(rows), \(content.classNames.count) classes, \(evaluation.labels.kind.words), "
            + "total weight \(NumberText.count(evaluation.totalWeight))."),
      ])
  }

  /// Warnings that a reader needs before the numbers.
  var warnings: Markup {
    let evaluation = content.evaluation
    var warnings = content.notices + (content.record?.warnings.map(\.text) ?? [])
    func warn(_ code: String, _ message: String) {
      warnings.append(WarningText(code: code, message: message))
    }
    if evaluation.infiniteRows > 0 {
      warn(
        "zero",
        "\(evaluation.infiniteRows) rows have label mass where the prediction is zero: the cross "
          + "entropy is infinite")
    }
    if let remark = scores.baselineRemark { warn("baseline", remark) }
    if evaluation.tiedPredictions > 0 {
      warn(
        "ties",
        "\(evaluation.tiedPredictions) rows have tied largest predictions: the first class counts")
    }
    return HTMLPage.warnings(warnings)
  }

  /// The five main numbers, first the explained and the remaining divergence and the reliability of
  /// the probabilities.
  var tiles: Markup {
    let evaluation = content.evaluation
    // With one class per row the noise of votes is not relevant.
    let noise = evaluation.labels.kind == .counts ? scores.noise : nil
    let share = noise == nil ? scores.explainedShare : scores.correctedShare
    let left = noise?.misfit ?? evaluation.klDivergence
    let leftError = noise == nil ? errors.klDivergence : noise?.standardError
    let p = noise?.test.map { ", p = \(NumberText.significant($0.pValue, 2))" }
    let ece = scores.calibration.topLabel
    let first =
      scores.evidence.map(Self.evidenceTiles) ?? [
        (
          "explained", share.map { NumberText.percent($0) } ?? NumberText.unavailable,
          noise == nil
            ? "of the divergence of the mean label"
            : "noise of the votes taken out; raw \(NumberText.percent(scores.explainedShare))"
        ),
        (
          "left to explain", FigureTable.short(left),
          withError(
            leftError, " nats\(p ?? ", mean label \(FigureTable.short(null.klDivergence))")")
        ),
      ]
    let others = [
      (
        "calibration error", FigureTable.short(ece.ece),
        reliabilityBefore.map { "before calibration \(FigureTable.short($0.ece))" }
          ?? "debiased \(FigureTable.short(ece.debiasedECE))"
      ),
      (
        "expected accuracy", FigureTable.short(evaluation.expectedAccuracy),
        withError(
          errors.expectedAccuracy, ", mean label \(FigureTable.short(null.expectedAccuracy))")
      ),
      (
        "cross entropy", FigureTable.short(evaluation.crossEntropy),
        withError(
          errors.crossEntropy,
          " nats, label entropy \(FigureTable.short(evaluation.labelEntropy))")
      ),
    ]
    return HTMLPage.tiles(first + others)
  }

  /// The tiles of evidence: the log-likelihood, since dividing evidence by its sum does not make it
  /// probabilities, and a divergence from it would mean nothing.
  private static func evidenceTiles(_ score: EvidenceScore) -> [(String, String, String)] {
    [
      (
        "gain on a constant", FigureTable.short(score.logLikelihood - score.null),
        "nats a row of log-likelihood, above the best constant prediction"
      ),
      (
        "log-likelihood", FigureTable.short(score.logLikelihood),
        "mean over rows, best constant prediction \(FigureTable.short(score.null))"
      ),
    ]
  }

  private func withError(_ error: Double?, _ rest: String) -> String {
    let text = (error.map { "\u{00B1} \(NumberText.significant($0, 2))" } ?? "") + rest
    return String(text.trimmingPrefix { ", ".contains($0) })
  }

  /// Links to the sections.
  var contents: Markup {
    var links = [("scores", "Scores")]
    if content.calibration != nil { links.insert(("calibration", "Calibration"), at: 0) }
    for figure in figures {
      links.append((figure.name, figure.title))
      if figure.name == "cross-entropy" {
        if content.ledger != nil { links.append(("ledger", "Likelihood ledger")) }
        if content.record != nil { links.append(("fit", "The fit")) }
      }
      if figure.name == "confusion" { links.append(("classes", "Class by class")) }
    }
    return HTMLPage.contents(links)
  }
}
