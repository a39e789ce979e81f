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

  /// The scores.
  let scores: EvaluationPrinter
  /// The calibration error before the calibration of the model.
  let reliabilityBefore: ReliabilityDiagram?

  var null: Evaluation { scores.null.evaluation }
  var errors: StandardErrors { scores.errors }

  /// Draws the figures that the content allows. Time O(C N log N), as for `calibration`.
  ///
  /// Throws `DatasetError.rowMismatch` unless there are one prediction, cluster and row number per
  /// row, and one name per class.
  public init(_ content: ReportContent) throws(DatasetError) {
    self.content = content
    let (evaluation, names) = (content.evaluation, content.classNames)
    try content.record?.requireNames(names)
    var options = EvaluationPrinter.Options(classNames: names)
    (options.clusters, options.fit) = (content.clusters, content.fit)
    let scores = try EvaluationPrinter(evaluation, options: options)
    self.scores = scores
    reliabilityBefore = content.uncalibrated?.calibration().topLabel
    var figures: [any Figure] = [
      try CrossEntropyFigure(
        evaluation, null: scores.null.evaluation, uniform: scores.uniform.evaluation,
        clusters: content.clusters)
    ]
    func add(_ figure: (any Figure)?) { if let figure { figures.append(figure) } }
    add(content.record.flatMap { CoefficientFigure($0, classNames: names) })
    let curve = content.learningCurve ?? content.record?.training.flatMap { LearningCurve($0) }
    add(curve.flatMap { LearningCurveFigure($0) })
    add(content.strengthPath.flatMap { CrossValidationPathFigure($0) })
    add(ReliabilityFigure(scores.calibration.topLabel, before: reliabilityBefore))
    add(ClassReliabilityFigure(scores.calibration.classes, classNames: names))
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
  public var html: String {
    var parts = [heading, tiles, warnings, contents]
    if let calibrationSection { parts.append(calibrationSection) }
    parts.append(scoreSection)
    for figure in figures {
      parts.append(HTMLPage.section(figure))
      if figure.name == "cross-entropy" {
        if let ledgerSection { parts.append(ledgerSection) }
        if let fitSection { parts.append(fitSection) }
      }
      if figure.name == "confusion" { parts.append(classSection) }
    }
    return HTMLPage.text(title: content.title, parts)
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
      "label_noise": scores.noise.map {
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
