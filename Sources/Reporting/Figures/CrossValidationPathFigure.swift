import SurprisalEstimation

/// The held-out score against the strength of the prior, with standard errors.
public struct CrossValidationPathFigure: Figure {
  private let path: CrossValidationPath
  private let points: [CrossValidationPath.Point]

  /// The figure of a path; nil if no positive strength has a finite mean.
  public init?(_ path: CrossValidationPath) {
    self.path = path
    points = path.points.filter { $0.strength > 0 && $0.mean.isFinite }
      .sorted { $0.strength < $1.strength }
    guard !points.isEmpty else { return nil }
  }

  public var name: String { "strength-path" }
  public var title: String { "Path of the prior's strength" }
  public var caption: String {
    """
    The mean held-out \(path.measure) for each strength, with one standard error to either side. \
    The diamond has the smallest mean; the square is the strongest prior within one standard error \
    of it.
    """
  }

  public var notes: [String] {
    let hidden = path.points.count - points.count
    return hidden == 0
      ? []
      : [
        "\(hidden) strengths are in the table alone: a flat prior has no place on a logarithmic "
          + "axis, an infinite mean none at all."
      ]
  }

  public var table: FigureTable {
    var table = FigureTable([
      ("strength", "strength"), ("mean \(path.measure)", "mean"), ("std.error", "std_error"),
      ("choice", "choice"),
    ])
    for (index, point) in path.points.enumerated() {
      let choices =
        (index == path.minimum ? ["minimum"] : [])
        + (index == path.oneStandardError ? ["one standard error"] : [])
      table.append([
        .number(point.strength), .number(point.mean), .number(point.standardError),
        .text(choices.joined(separator: ", ")),
      ])
    }
    table.hasUnitScale = false
    return table
  }

  public func drawing(_ width: FigureWidth) -> Drawing {
    let area = Rect(x: 58, y: 42, width: width.points - 76, height: width.choose(290, 240))
    var drawing = Drawing(width: width.points, height: area.bottom + 72)
    let strengths = points.map(\.strength)
    let ends = points.flatMap { point -> [Double] in
      let error = point.standardError ?? 0
      return [point.mean - error, point.mean + error]
    }
    let axes = Axes(
      area, x: (strengths.first ?? 1)...(strengths.last ?? 1), y: Scale.domain(around: ends),
      xTransform: .logarithmic)
    drawing.axes(axes, xTitle: "strength of the prior, l2", yTitle: path.measure)
    drawing.polyline("line1 thin", points.map { axes($0.strength, $0.mean) })
    for point in points { draw(point, axes, into: &drawing) }
    drawChoice(path.oneStandardError, "one standard error", isSquare: true, axes, into: &drawing)
    drawChoice(path.minimum, "minimum", isSquare: false, axes, into: &drawing)
    return drawing
  }

  private func draw(_ point: CrossValidationPath.Point, _ axes: Axes, into drawing: inout Drawing) {
    let place = axes(point.strength, point.mean)
    if let error = point.standardError {
      let (low, high) = (axes.y(point.mean - error), axes.y(point.mean + error))
      drawing.line("axis error", from: (place.x, low), to: (place.x, high))
      for y in [low, high] { drawing.line("axis", from: (place.x - 3, y), to: (place.x + 3, y)) }
    }
    drawing.circle("fill1 point", at: place, radius: 3.4)
  }

  private func drawChoice(
    _ index: Int?, _ words: String, isSquare: Bool, _ axes: Axes, into drawing: inout Drawing
  ) {
    guard let index, path.points[index].strength > 0, path.points[index].mean.isFinite else {
      return
    }
    let point = path.points[index]
    let (x, y) = axes(point.strength, point.mean)
    drawing.line("guide", from: (x, axes.area.y), to: (x, axes.area.bottom))
    let corners: [(x: Double, y: Double)] =
      isSquare
      ? [(x - 6, y - 6), (x + 6, y - 6), (x + 6, y + 6), (x - 6, y + 6)]
      : [(x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)]
    drawing.polygon("open2", corners, title: words)
    let text = "\(words): \(Ticks.typographic(NumberText.significant(point.strength, 3)))"
    let isLeft = isSquare == false
    drawing.text(
      text, "muted small",
      at: (isLeft ? axes.area.x : axes.area.right, axes.area.bottom + 60),
      anchor: isLeft ? .start : .end)
  }
}
