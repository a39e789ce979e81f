import SurprisalEstimation

/// Objective or cross entropy against the steps of a solver.
public struct LearningCurveFigure: Figure {
  private struct Series: Sendable {
    let measure: LearningCurve.Measure
    let points: [(x: Double, y: Double)]
  }

  private let curve: LearningCurve
  private let series: [Series]

  /// The figure of a curve; nil without a finite value.
  public init?(_ curve: LearningCurve) {
    self.curve = curve
    series = LearningCurve.Measure.allCases.compactMap { measure in
      let points = zip(curve.steps, curve.values[measure] ?? []).compactMap { step, value in
        value.flatMap { $0.isFinite ? (x: Double(step), y: $0) : nil }
      }
      return points.isEmpty ? nil : Series(measure: measure, points: points)
    }
    guard !series.isEmpty else { return nil }
  }

  public var name: String { "learning-curve" }
  public var title: String { "Learning curve" }
  public var caption: String {
    let chosen =
      curve.chosenStep.map { " The parameters of \(curve.unit.rawValue) \($0) were kept." } ?? ""
    return "The loss after each \(curve.unit.rawValue), in nats per unit of weight." + chosen
  }

  public var notes: [String] { curve.remarks }

  public var table: FigureTable {
    var table = FigureTable(
      [(curve.unit.rawValue, curve.unit.rawValue)]
        + series.map { ($0.measure.words, $0.measure.rawValue) })
    for (index, step) in curve.steps.enumerated() {
      table.append(
        [.count(step)] + series.map { .number(curve.values[$0.measure]?[index] ?? nil) })
    }
    return table
  }

  public func drawing(_ width: FigureWidth) -> Drawing {
    let area = Rect(
      x: 58, y: 42, width: width.points - 58 - width.choose(150, 14),
      height: width.choose(290, 240))
    var drawing = Drawing(width: width.points, height: area.bottom + 50 + width.choose(0, 22))
    let all = series.flatMap(\.points)
    let steps = Scale.domain(around: all.map(\.x), tickCount: 6)
    let axes = Axes(
      area, x: (all.map(\.x).min() ?? 0)...max(all.map(\.x).max() ?? 1, steps.lowerBound),
      y: Scale.domain(around: all.map(\.y)))
    drawing.axes(axes, xTitle: curve.unit.rawValue, yTitle: "nats")
    if let chosen = curve.chosenStep {
      let x = axes.x(Double(chosen))
      drawing.line("guide", from: (x, area.y), to: (x, area.bottom))
      drawing.text("kept", "muted small", at: (x, area.y - 5), anchor: .middle)
    }
    for (index, line) in series.enumerated() {
      draw(line, index, axes, into: &drawing)
    }
    drawLegend(axes, width, into: &drawing)
    return drawing
  }

  private func draw(
    _ line: Series, _ index: Int, _ axes: Axes, into drawing: inout Drawing
  ) {
    let points = line.points.map { axes($0.x, $0.y) }
    drawing.polyline("line\(index + 1) curve" + (index == 1 ? " dashed" : ""), points)
    guard points.count <= 40 else { return }
    for point in points { drawing.circle("fill\(index + 1) step", at: point, radius: 2.6) }
  }

  /// Names at the ends of the lines, moved apart; on a narrow page in a row below.
  private func drawLegend(_ axes: Axes, _ width: FigureWidth, into drawing: inout Drawing) {
    if width == .narrow {
      var x = 4.0
      for (index, line) in series.enumerated() {
        let y = drawing.height - 8
        drawing.line(
          "line\(index + 1)" + (index == 1 ? " dashed" : ""), from: (x, y - 4), to: (x + 22, y - 4))
        drawing.text(line.measure.words, at: (x + 27, y))
        x += 43 + TextMetrics.width(line.measure.words, size: Drawing.textSize)
      }
      return
    }
    var taken: [Double] = []
    let order = series.indices.sorted {
      axes.y(series[$0].points.last?.y ?? 0) < axes.y(series[$1].points.last?.y ?? 0)
    }
    for index in order {
      guard let last = series[index].points.last else { continue }
      let wanted = axes.y(last.y) + 4
      let y = max(wanted, (taken.last ?? -.infinity) + 16)
      taken.append(y)
      drawing.text(
        series[index].measure.words, "ink\(index + 1) strong", at: (axes.x(last.x) + 10, y))
    }
  }
}

extension LearningCurve.Measure {
  /// The measure in words.
  var words: String {
    switch self {
    case .objective: "objective"
    case .training: "training loss"
    case .validation: "validation loss"
    }
  }
}
