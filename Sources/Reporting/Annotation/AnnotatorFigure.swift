import RealModule
import SurprisalAnnotation
import SurprisalDiagnostics
import SurprisalProbability
import SurprisalTables

/// A forest plot of the accuracy of each annotator, with intervals.
struct AnnotatorFigure: Figure {
  let annotators: [AnnotatorSummary]
  /// The annotators drawn, the most accurate first.
  private let drawn: [AnnotatorSummary]
  /// The accuracy of an annotator who always answers with the commonest class.
  private let chance: Double

  /// The largest number of annotators drawn.
  static let rowLimit = 40

  init?(_ aggregation: Aggregation, _ annotators: [AnnotatorSummary]) {
    let known = annotators.filter { $0.votes > 0 && $0.accuracy.isFinite }
    guard !known.isEmpty else { return nil }
    self.annotators = annotators
    let most = known.enumerated()
      .sorted { (-$0.element.votes, $0.offset) < (-$1.element.votes, $1.offset) }
      .prefix(Self.rowLimit)
    drawn = most.sorted {
      (-$0.element.accuracy, $0.offset) < (-$1.element.accuracy, $1.offset)
    }.map(\.element)
    chance = aggregation.classPrior.max() ?? 0
  }

  static func interval(_ annotator: AnnotatorSummary) -> ClosedRange<Double>? {
    guard annotator.accuracyError.isFinite else { return nil }
    let half = StandardNormal.quantile975 * annotator.accuracyError
    return (annotator.accuracy - half...annotator.accuracy + half).clamped(to: 0...1)
  }

  var name: String { "annotators" }
  var title: String { "Annotators" }
  var caption: String {
    "The share of votes for the right class, the most accurate annotators first"
      + (drawn.contains { Self.interval($0) != nil } ? ", with 95 % intervals" : "")
      + ". The dashed line is the accuracy of always voting for the commonest class."
      + (drawn.contains { !$0.flags.isEmpty }
        ? " Hollow points have remarks, which are in the table." : "")
  }

  var notes: [String] {
    drawn.count < annotators.count
      ? ["\(drawn.count) of \(annotators.count) annotators are drawn, those with most votes."] : []
  }

  var table: FigureTable {
    var table = FigureTable([
      ("annotator", "annotator"), ("votes", "votes"), ("accuracy", "accuracy"),
      ("std.error", "std_error"), ("2.5 %", "low"), ("97.5 %", "high"),
      ("nats a vote", "information"), ("remarks", "remarks"),
    ])
    for annotator in annotators {
      let interval = Self.interval(annotator)
      table.append([
        .text(annotator.name), .count(annotator.votes), .number(Self.finite(annotator.accuracy)),
        .number(Self.finite(annotator.accuracyError)), .number(interval?.lowerBound),
        .number(interval?.upperBound), .number(Self.finite(annotator.information)),
        .words(annotator.flags.map(\.rawValue).joined(separator: ", ")),
      ])
    }
    table.foldLimit = 40
    table.wholeTable = CommandFlag.annotatorTable
    return table
  }

  static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  func drawing(_ width: FigureWidth) -> Drawing {
    let step = 21.0
    let names = drawn.map { TextMetrics.width(EscapedText($0.name).text, size: 12) + 10 }
    let labels = min(width.choose(210, 118), max(60, names.max() ?? 0))
    let area = Rect(
      x: labels + 12, y: 14, width: width.points - labels - 24 - width.choose(130.0, 0),
      height: step * Double(drawn.count) + 6)
    var drawing = Drawing(width: width.points, height: area.bottom + 46)
    let ends = drawn.flatMap { annotator -> [Double] in
      let interval = Self.interval(annotator)
      return [annotator.accuracy, interval?.lowerBound, interval?.upperBound].compactMap { $0 }
    }
    let scale = Scale(
      Scale.domain(around: ends, including: [chance, 1]), from: area.x, to: area.right)
    drawing.horizontalAxis(scale, across: area, title: "accuracy")
    drawing.line("guide", from: (scale(chance), area.y), to: (scale(chance), area.bottom))
    let shown = TextMetrics.fitted(drawn.map(\.name), into: labels, size: Drawing.textSize)
    for (index, annotator) in drawn.enumerated() {
      let y = area.y + step * (Double(index) + 0.5) + 3
      drawing.text(
        shown[index], at: (labels, y + 4), anchor: .end, title: EscapedText(annotator.name).text)
      draw(annotator, at: y, scale, width, into: &drawing)
    }
    return drawing
  }

  private func draw(
    _ annotator: AnnotatorSummary, at y: Double, _ scale: Scale, _ width: FigureWidth,
    into drawing: inout Drawing
  ) {
    let name = EscapedText(annotator.name).text
    var words = NumberText.fixed(annotator.accuracy, 3)
    if let interval = Self.interval(annotator) {
      drawing.line(
        "line1 interval", from: (scale(interval.lowerBound), y), to: (scale(interval.upperBound), y)
      )
      words +=
        "  [\(NumberText.fixed(interval.lowerBound, 2)), "
        + "\(NumberText.fixed(interval.upperBound, 2))]"
    }
    drawing.circle(
      annotator.flags.isEmpty ? "fill1 estimate" : "open2 estimate",
      at: (scale(annotator.accuracy), y), radius: 4,
      title: "\(name): \(words), \(annotator.votes) votes")
    if width == .wide {
      drawing.text(words, "muted small", at: (width.points, y + 4), anchor: .end)
    }
  }
}

/// A histogram of the entropies of the labels of items.
struct LabelEntropyFigure: Figure {
  private let bins: [PointBin]
  private let mean: Double
  private let entropies: ClosedRange<Double>

  init(_ entropies: [Double], classCount: Int) {
    self.entropies = 0...Double.log(Double(classCount))
    mean = entropies.reduce(0, +) / Double(max(1, entropies.count))
    bins = PointBin.lattice(
      entropies.map { ($0, 0) }, x: (self.entropies, 20), y: (0...1, 1), yTransform: .linear)
  }

  var name: String { "label-entropy" }
  var title: String { "Uncertainty of the labels" }
  var caption: String {
    "The number of items by the entropy of their label: 0 is a certain class, the right end is "
      + "equal probabilities. The upright scale is of square roots, so that single items can be "
      + "seen. The dashed line is the mean."
  }

  var table: FigureTable {
    var table = FigureTable([
      ("entropy from", "entropy_low"), ("to", "entropy_high"), ("items", "items"),
    ])
    for bin in bins {
      table.append([.number(bin.x.lowerBound), .number(bin.x.upperBound), .count(bin.count)])
    }
    return table
  }

  func drawing(_ width: FigureWidth) -> Drawing {
    let area = Rect(
      x: 48, y: 42, width: width.points - 62, height: width.choose(240, 220))
    var drawing = Drawing(width: width.points, height: area.bottom + 50)
    let axes = Axes(
      area, x: entropies,
      y: Scale.domain(around: [bins.map { Double($0.count) }.max() ?? 1], including: [0]),
      yTransform: .squareRoot)
    drawing.histogram(bins, axes, xTitle: "entropy of the label, nats", yTitle: "items", mean: mean)
    return drawing
  }
}
