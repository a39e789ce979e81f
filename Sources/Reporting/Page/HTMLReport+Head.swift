import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

extension HTMLReport {
  /// The title, and which predictions were compared with which labels.
  var heading: Markup {
    let evaluation = content.evaluation
    let rows = evaluation.rows == 1 ? "1 row" : "\(evaluation.rows) rows"
    return .element(
      "header", [:],
      [
        .element("h1", [:], [.element("bdi", text: EscapedText(content.title).text)]),
        .element(
          "p", [:],
          [
            .text("Predictions of "), .element("bdi", text: EscapedText(content.sourceName).text),
            .text(" compared with the labels of "),
            .element("bdi", text: EscapedText(content.dataName).text),
            .text(
              ": \(rows), \(content.classNames.count) classes, \(evaluation.labels.kind.words), "
                + "total weight \(NumberText.count(evaluation.totalWeight))."),
          ]),
      ])
  }

  /// Warnings that a reader needs before the numbers.
  var warnings: Markup {
    let evaluation = content.evaluation
    var sentences = content.notices.map { ($0.code, $0.message) }
    sentences += content.record?.warnings.map { ($0.code, $0.message) } ?? []
    if evaluation.infiniteRows > 0 {
      sentences.append(
        (
          "zero",
          "\(evaluation.infiniteRows) rows have label mass where the prediction is zero: the cross "
            + "entropy is infinite"
        ))
    }
    if evaluation.klDivergence > null.klDivergence {
      sentences.append(
        ("baseline", "the predictions are worse than the mean label of these rows"))
    }
    if evaluation.tiedPredictions > 0 {
      sentences.append(
        (
          "ties",
          "\(evaluation.tiedPredictions) rows have tied largest predictions: the first class counts"
        ))
    }
    if sentences.isEmpty { return .text("") }
    let items = sentences.map { code, message in
      Markup.element(
        "li", [:], [.element("code", text: code), .text(" "), .element("bdi", text: message)])
    }
    return .element("ul", ["class": "warnings", "aria-label": "warnings"], items)
  }

  /// The report in five numbers.
  var tiles: Markup {
    let evaluation = content.evaluation
    let tiles: [(String, Double, String)] = [
      ("cross entropy", evaluation.crossEntropy, withError(errors.crossEntropy, "nats")),
      (
        evaluation.labels.kind == .counts
          ? "label entropy of these votes" : "label entropy, the floor", evaluation.labelEntropy,
        withError(errors.labelEntropy, "nats")
      ),
      (
        "KL divergence", evaluation.klDivergence,
        withError(errors.klDivergence, "null \(short(null.klDivergence))")
      ),
      (
        "expected accuracy", evaluation.expectedAccuracy,
        withError(errors.expectedAccuracy, "null \(short(null.expectedAccuracy))")
      ),
      (
        "calibration error", evaluation.ece,
        "debiased \(short(calibration.topLabel.debiasedECE))"
      ),
    ]
    return .element(
      "dl", ["class": "tiles"],
      tiles.map { name, value, below in
        .element(
          "div", [:],
          [
            .element("dt", text: name),
            .element("dd", ["class": "number"], text: short(value)),
            .element("dd", text: below),
          ])
      })
  }

  private func withError(_ error: Double?, _ rest: String) -> String {
    (error.map { "\u{00B1} \(NumberText.significant($0, 2)), " } ?? "") + rest
  }

  private func short(_ value: Double) -> String {
    value == .infinity ? "infinite" : NumberText.fixed(value, 4)
  }

  /// Links to the sections.
  var contents: Markup {
    var links = [("scores", "Scores")]
    for figure in figures {
      links.append((figure.name, figure.title))
      if figure.name == "cross-entropy" {
        if content.ledger != nil { links.append(("ledger", "Likelihood ledger")) }
        if content.record != nil { links.append(("fit", "The fit")) }
      }
      if figure.name == "confusion" { links.append(("classes", "Class by class")) }
    }
    return .element(
      "nav", ["aria-label": "sections"],
      [
        .element(
          "ul", [:],
          links.map { .element("li", [:], [.element("a", ["href": "#\($0)"], text: $1)]) })
      ])
  }
}
