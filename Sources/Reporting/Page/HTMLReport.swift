import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

/// A report as one HTML file: no scripts, no network access, the same bytes for the same content.
///
/// Every picture is included twice, laid out for a wide and for a narrow page; the style sheet
/// shows one of them. Memory O(C^2) for the figures besides the content.
public struct HTMLReport: Sendable {
  /// The content of the report.
  public let content: ReportContent
  /// The figures, in the order of the page.
  public let figures: [any Figure]

  let null: Evaluation
  let uniform: Evaluation
  let calibration: Calibration
  let errors: StandardErrors
  let noise: LabelNoise?

  /// Draws the figures that the content allows. Time O(C N log N), as for `calibration`.
  ///
  /// Throws `DatasetError.rowMismatch` unless there are one prediction, cluster and row number per
  /// row.
  public init(_ content: ReportContent) throws(DatasetError) {
    self.content = content
    let evaluation = content.evaluation
    let (null, uniform) = (evaluation.null, evaluation.uniform)
    let calibration = evaluation.calibration()
    let names = content.classNames
    self.null = null
    self.uniform = uniform
    self.calibration = calibration
    let clusters = content.clusters?.indices
    errors = try evaluation.standardErrors(clusters: clusters)
    noise = try evaluation.labelNoise(fit: content.fit, clusters: clusters)
    var figures: [any Figure] = [
      try CrossEntropyFigure(evaluation, null: null, uniform: uniform, clusters: content.clusters)
    ]
    func add(_ figure: (any Figure)?) { if let figure { figures.append(figure) } }
    add(content.record.flatMap { CoefficientFigure($0, classNames: names) })
    let curve = content.learningCurve ?? content.record?.training.flatMap { LearningCurve($0) }
    add(curve.flatMap { LearningCurveFigure($0) })
    add(content.strengthPath.flatMap { CrossValidationPathFigure($0) })
    add(ReliabilityFigure(calibration.topLabel))
    add(ClassReliabilityFigure(calibration.classes, classNames: names))
    add(try DivergenceFigure(evaluation, classNames: names, rowNumbers: content.rowNumbers))
    add(ConfusionFigure(evaluation.confusionMatrix(), classNames: names))
    if let predictions = content.predictions {
      add(
        try TernaryFigure(
          evaluation, predictions: predictions, classNames: names,
          rowNumbers: content.rowNumbers))
    }
    self.figures = figures
  }

  // MARK: The page

  /// The page.
  public var html: String { Self.page(title: content.title, body) }

  /// A page without scripts and network access.
  static func page(title: String, _ body: [Markup]) -> String {
    "<!DOCTYPE html>\n"
      + Markup.element(
        "html", ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"],
        [head(title), .element("body", [:], [.element("main", [:], body)])]
      ).rendered + "\n"
  }

  private static func head(_ title: String) -> Markup {
    .element(
      "head", [:],
      [
        .element("meta", ["charset": "utf-8"]),
        .element(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'",
          ]),
        .element(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .element("meta", ["name": "color-scheme", "content": "light dark"]),
        .element("title", text: EscapedText(title).text),
        .element("style", text: PageStyle.text),
      ])
  }

  private var body: [Markup] {
    var parts = [heading, warnings, tiles, contents, scoreSection]
    for figure in figures {
      parts.append(figure.section)
      if figure.name == "cross-entropy" {
        if let ledgerSection { parts.append(ledgerSection) }
        if let fitSection { parts.append(fitSection) }
      }
      if figure.name == "confusion" { parts.append(classSection) }
    }
    parts.append(
      .element(
        "footer", [:],
        [.element("p", text: "surprisal \(SurprisalVersion.current). Logarithms are natural.")]))
    return parts.filter { $0 != .text("") }
  }

  // MARK: JSON

  /// The numbers of all figures.
  public var json: JSONValue {
    .members([
      "title": .string(content.title),
      "data": .string(content.dataName),
      "source": .string(content.sourceName),
      "rows": .integer(content.evaluation.rows),
      "classes": .strings(content.classNames),
      "cross_entropy": JSONValue(content.evaluation.crossEntropy),
      "label_entropy": JSONValue(content.evaluation.labelEntropy),
      "kl_divergence": JSONValue(content.evaluation.klDivergence),
      "label_noise": noise.map {
        LabelNoiseText($0).json(nullDivergence: null.klDivergence)
      } ?? .null,
      "figures": .array(
        figures.map { figure in
          .members([
            "name": .string(figure.name), "title": .string(figure.title),
            "caption": .string(figure.caption), "notes": .strings(figure.notes),
            "table": figure.table.json,
          ])
        }),
    ])
  }
}

extension Figure {
  /// The figure in both widths, with its caption, notes and table.
  var section: Markup {
    let pictures = FigureWidth.allCases.map { width in
      Markup.element(
        "div", ["class": width.choose("wide", "narrow")], [drawing(width).svg(label: label)])
    }
    let notes = notes.map { Markup.element("p", ["class": "note"], text: $0) }
    return .element(
      "section", ["id": name],
      [
        .element("h2", text: title),
        .element("figure", [:], pictures + [.element("figcaption", text: caption)]),
      ] + notes + [table.markup(caption: "\(title): numbers")])
  }
}
