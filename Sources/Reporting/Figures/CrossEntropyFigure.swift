import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

/// Cross entropy as label entropy plus divergence, for the predictions and for two predictions
/// without features.
public struct CrossEntropyFigure: Figure {
  private struct Bar: Sendable {
    let name: String
    let floor: Double
    let divergence: Double
    let total: Double
    let error: Double?
    let divergenceError: Double?
  }

  private let bars: [Bar]
  private let errorSource: String

  /// The figure of an evaluation; standard errors are by rows, or by clusters if given.
  ///
  /// Throws `DatasetError.rowMismatch` unless there is one cluster per row.
  public init(_ evaluation: Evaluation, clusters: Clusters? = nil) throws(DatasetError) {
    try self.init(
      evaluation, null: evaluation.null, uniform: evaluation.uniform, clusters: clusters)
  }

  init(
    _ evaluation: Evaluation, null: Evaluation, uniform: Evaluation, clusters: Clusters?
  ) throws(DatasetError) {
    errorSource = try evaluation.standardErrors(clusters: clusters?.indices).source(clusters)
    bars = try [
      ("predictions", evaluation), ("null: the mean label", null), ("uniform: 1/C each", uniform),
    ].map { name, evaluation throws(DatasetError) in
      let errors = try evaluation.standardErrors(clusters: clusters?.indices)
      return Bar(
        name: name, floor: evaluation.labelEntropy, divergence: evaluation.klDivergence,
        total: evaluation.crossEntropy, error: errors.crossEntropy,
        divergenceError: errors.klDivergence)
    }
  }

  public var name: String { "cross-entropy" }
  public var title: String { "Cross entropy = label entropy + divergence" }
  public var caption: String {
    """
    The grey part is the entropy of these labels, the least cross entropy of any prediction. The \
    coloured part is the divergence, which better predictions lower; if labels are votes, down to \
    their noise. The lower bars show the divergence alone, enlarged; whiskers are two standard \
    errors \(errorSource) to either side. In nats per unit of weight.
    """
  }

  public var notes: [String] {
    bars[0].total == .infinity
      ? [
        "The cross entropy is infinite: a class that a label holds was predicted with probability "
          + "zero."
      ]
      : []
  }

  public var table: FigureTable {
    var table = FigureTable([
      ("prediction", "prediction"), ("label entropy", "label_entropy"),
      ("+ KL divergence", "kl_divergence"), ("= cross entropy", "cross_entropy"),
      ("std.error of KL", "kl_std_error"),
      ("std.error of cross entropy", "cross_entropy_std_error"),
    ])
    for bar in bars {
      table.append([
        .text(bar.name), .number(bar.floor), .number(bar.divergence), .number(bar.total),
        .number(bar.divergenceError), .number(bar.error),
      ])
    }
    return table
  }

  public func drawing(_ width: FigureWidth) -> Drawing {
    let labelWidth = width.choose(150.0, 6)
    let step = width.choose(38.0, 56)
    let height = step * Double(bars.count)
    var drawing = Drawing(width: width.points, height: 2 * height + 158)
    let valueWidth = width.choose(76.0, 66)
    func area(_ top: Double) -> Rect {
      Rect(
        x: labelWidth + 8, y: top, width: width.points - labelWidth - 8 - valueWidth,
        height: height)
    }
    draw(area(30), step, width, isDivergence: false, into: &drawing)
    draw(area(height + 110), step, width, isDivergence: true, into: &drawing)
    return drawing
  }

  private func draw(
    _ area: Rect, _ step: Double, _ width: FigureWidth, isDivergence: Bool,
    into drawing: inout Drawing
  ) {
    let ends = bars.flatMap { bar -> [Double] in
      let end = isDivergence ? bar.divergence : bar.total
      return [end, end + 2 * (isDivergence ? bar.divergenceError ?? 0 : 0)]
    }
    let scale = Scale(
      Scale.domain(around: ends, including: [0]), from: area.x, to: area.right)
    drawing.text(
      isDivergence ? "KL divergence alone" : "cross entropy", "head",
      at: (width.choose(area.x, 0), area.y - 12))
    drawing.horizontalAxis(scale, across: area, title: isDivergence ? "nats" : nil)
    for (index, bar) in bars.enumerated() {
      let slot = Rect(
        x: area.x, y: area.y + step * Double(index), width: area.width, height: step)
      let top = slot.y + width.choose(8, 24)
      if width == .wide {
        drawing.text(bar.name, at: (area.x - 8, top + 15), anchor: .end)
      } else {
        drawing.text(bar.name, at: (area.x + 4, top - 5))
      }
      draw(bar, scale, top, isDivergence: isDivergence, into: &drawing)
    }
    drawing.line("axis", from: (area.x, area.y), to: (area.x, area.bottom))
  }

  private func draw(
    _ bar: Bar, _ scale: Scale, _ top: Double, isDivergence: Bool, into drawing: inout Drawing
  ) {
    let zero = scale(0)
    let middle = isDivergence ? zero : scale(bar.floor)
    let end = scale(isDivergence ? bar.divergence : bar.total)
    if !isDivergence {
      drawing.rect(
        "floor", Rect(x: zero, y: top, width: middle - zero, height: 22),
        title: "\(bar.name): label entropy \(FigureTable.text(of: bar.floor))")
    }
    drawing.rect(
      "fill1 divergence", Rect(x: middle, y: top, width: end - middle, height: 22),
      title: "\(bar.name): KL divergence \(FigureTable.text(of: bar.divergence))")
    var text = end
    if isDivergence, let error = bar.divergenceError {
      let (low, high) = (scale(bar.divergence - 2 * error), scale(bar.divergence + 2 * error))
      drawing.whisker(from: low, to: high, y: top + 11)
      text = high
    }
    drawing.text(
      Self.short(isDivergence ? bar.divergence : bar.total), "strong", at: (text + 7, top + 15))
  }

  private static func short(_ value: Double) -> String {
    Ticks.typographic(FigureTable.short(value))
  }
}

extension StandardErrors {
  /// The unit of independence, in words.
  func source(_ clusters: Clusters?) -> String {
    clusters.map { "by \(units) clusters of \(EscapedText($0.name).text)" } ?? "by rows"
  }
}

extension Drawing {
  /// Draws an interval along x, with end marks.
  mutating func whisker(from low: Double, to high: Double, y: Double) {
    line("halo", from: (low - 1.5, y), to: (high + 1.5, y))
    line("whisker", from: (low, y), to: (high, y))
    for x in [low, high] { line("whisker", from: (x, y - 4), to: (x, y + 4)) }
  }
}
