import SurprisalEvaluation

/// The probability of the predicted class, compared with how often labels agree.
public struct ReliabilityFigure: Figure {
  private let diagram: ReliabilityDiagram

  /// The figure of a diagram of the most probable class.
  public init(_ diagram: ReliabilityDiagram) { self.diagram = diagram }

  public var name: String { "reliability" }
  public var title: String { "Reliability of the predicted class" }
  public var caption: String {
    "Rows are put into bins of equal weight by the probability of their most probable class. A "
      + "point "
      + "stands at the mean of that probability and of the label's probability of the same class; "
      + "the "
      + "area is the bin's range and a 95 % band. On the dashed line predictions are calibrated; "
      + "hollow "
      + "points have a band that misses it."
  }

  public var table: FigureTable { Self.table(of: diagram) }

  static func table(of diagram: ReliabilityDiagram) -> FigureTable {
    var table = FigureTable([
      ("rows", "rows"), ("weight", "weight"), ("from", "lowest"), ("to", "highest"),
      ("mean predicted", "confidence"), ("observed", "outcome"), ("band from", "band_low"),
      ("band to", "band_high"), ("predicted − observed", "difference"),
      ("std.error", "difference_std_error"),
    ])
    for bin in diagram.bins { table.append(cells(bin)) }
    return table
  }

  static func cells(_ bin: ReliabilityBin) -> [FigureTable.Cell] {
    [
      .count(bin.rows), .number(bin.weight), .number(bin.range.lowerBound),
      .number(bin.range.upperBound), .number(bin.confidence), .number(bin.outcome),
      .number(bin.band.lowerBound), .number(bin.band.upperBound), .number(bin.difference),
      .number(bin.differenceStandardError),
    ]
  }

  public func drawing(_ width: FigureWidth) -> Drawing {
    let side = width.choose(400.0, 284)
    let area = Rect(x: 46, y: width.choose(34, 74), width: side, height: side)
    var drawing = Drawing(width: width.points, height: area.bottom + 48)
    ReliabilityPanel(diagram: diagram, limit: 1, radius: 4.5).draw(
      in: area, xTitle: "probability of the predicted class",
      yTitle: "label's probability of it", ticks: 5, into: &drawing)
    drawing.text("too unsure", "muted small", at: (area.x + 12, area.y + side * 0.28))
    drawing.text(
      "too sure", "muted small", at: (area.right - 12, area.bottom - side * 0.22), anchor: .end)
    let error = "calibration error (ECE) \(NumberText.fixed(diagram.ece, 4))"
    let debiased = "debiased \(NumberText.fixed(diagram.debiasedECE, 4))"
    let place = width == .wide ? (x: area.right + 26, y: area.y + 14) : (x: 2.0, y: 16.0)
    drawing.text(error, "strong", at: place)
    drawing.text(debiased, "muted", at: (place.x, place.y + 19))
    return drawing
  }
}
