import SurprisalEstimation
import SurprisalFitting

/// A page about a fitted model alone: its summary and the figures of its fit.
public struct ModelPage: Sendable {
  /// The summary as text.
  public let summary: String
  /// The figures.
  public let figures: [any Figure]

  /// The page of a model; `dataName` is the name of the data in the summary.
  public init(_ model: FittedModel, dataName: String? = nil) {
    summary = model.summary(dataName: dataName)
    let curve = model.record.training.flatMap { LearningCurve($0) }
    let drawn: [(any Figure)?] = [
      CoefficientFigure(model.record, classNames: model.classifier.classNames),
      curve.flatMap { LearningCurveFigure($0) },
    ]
    figures = drawn.compactMap { $0 }
  }

  private static let style = "font:12px/1.4 monospace;overflow:auto;margin:0"

  private var pre: Markup { .element("pre", ["style": Self.style], [.text(summary)]) }

  /// The page, without scripts and network access.
  public var html: String {
    HTMLPage.text(
      title: "Model",
      [.element("section", ["id": "summary"], [pre])] + figures.map { HTMLPage.section($0) })
  }
}
