import SurprisalEvaluation

/// A reliability diagram in a part of a picture: predicted against observed, bins with their bands.
struct ReliabilityPanel {
  let diagram: ReliabilityDiagram
  /// The upper end of both axes.
  let limit: Double
  /// The scale of both axes.
  var transform = Scale.Transform.linear
  /// The radius of points.
  var radius = 3.5

  func draw(
    in area: Rect, xTitle: String?, yTitle: String?, ticks: Int, into drawing: inout Drawing
  ) {
    let axes = Axes(
      area, x: 0...limit, y: 0...limit, xTransform: transform, yTransform: transform)
    drawing.axes(axes, xTitle: xTitle, yTitle: yTitle, xTicks: ticks, yTicks: ticks)
    drawing.line("guide", from: axes(0, 0), to: axes(limit, limit))
    for bin in diagram.bins {
      let (left, right) = (axes.x(bin.range.lowerBound), axes.x(bin.range.upperBound))
      let width = max(3, right - left)
      let top = axes.y(bin.band.upperBound)
      drawing.rect(
        "fill1 faint band",
        Rect(
          x: min((left + right) / 2 - width / 2, area.right - width), y: top, width: width,
          height: axes.y(bin.band.lowerBound) - top))
    }
    for bin in diagram.bins {
      let misses = bin.band.contains(bin.confidence)
      drawing.circle(
        misses ? "fill1 bin" : "open2 bin", at: axes(bin.confidence, bin.outcome), radius: radius,
        title: Self.title(bin))
    }
  }

  private static func title(_ bin: ReliabilityBin) -> String {
    "predicted \(NumberText.significant(bin.confidence, 4)), observed "
      + "\(NumberText.significant(bin.outcome, 4)), 95 % "
      + "\(NumberText.significant(bin.band.lowerBound, 3)) to "
      + "\(NumberText.significant(bin.band.upperBound, 3)), \(bin.rows) rows"
  }

  /// The largest value that is drawn, rounded up to a tick.
  static func limit(of diagrams: [ReliabilityDiagram]) -> Double {
    let ends = diagrams.flatMap(\.bins).flatMap { [$0.range.upperBound, $0.band.upperBound] }
    return min(1, Scale.domain(around: ends, including: [0]).upperBound)
  }
}
