import SurprisalEvaluation

/// The probability of the predicted class, compared with how often labels agree.
public struct ReliabilityFigure: Figure {
  private let diagram: ReliabilityDiagram
  /// The diagram of the predictions before their calibration.
  private let before: ReliabilityDiagram?

  /// The figure of a diagram of the most probable class, beside that before a calibration.
  public init(_ diagram: ReliabilityDiagram, before: ReliabilityDiagram? = nil) {
    self.diagram = diagram
    self.before = before
  }

  public var name: String { "reliability" }
  public var title: String { "Reliability of the predicted class" }
  public var caption: String {
    """
    Rows are put into bins of equal weight by the probability of their most probable class. A \
    point is at the mean of that probability and of the label's probability of the same class; \
    the area is the bin's range and a 95 % band. On the dashed line predictions are calibrated; \
    hollow points have a band that misses it.
    """ + (before == nil ? "" : " Before and after the calibration of the model, on these rows.")
  }

  public var table: FigureTable {
    guard let before else { return Self.table(of: diagram) }
    var table = FigureTable(
      [("calibration", "calibration")] + Self.table(of: diagram).columns)
    for (name, diagram) in [("before", before), ("after", diagram)] {
      for bin in diagram.bins { table.append([.text(name)] + Self.cells(bin)) }
    }
    return table
  }

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
    let panels =
      (before.map { [("before: ", $0)] } ?? []) + [(before == nil ? "" : "after: ", diagram)]
    let side = width.choose(panels.count == 1 ? 400.0 : 296, 284)
    let head = 74.0
    let pitch = width == .wide ? (x: 46 + side + 18, y: 0.0) : (x: 0, y: head + side + 52)
    let last = Double(panels.count - 1)
    var drawing = Drawing(width: width.points, height: head + side + 48 + last * pitch.y)
    for (index, (name, diagram)) in panels.enumerated() {
      let (x, y) = (Double(index) * pitch.x, Double(index) * pitch.y)
      let area = Rect(x: x + 46, y: y + head, width: side, height: side)
      draw(diagram, name, in: area, into: &drawing)
    }
    return drawing
  }

  private func draw(
    _ diagram: ReliabilityDiagram, _ name: String, in area: Rect, into drawing: inout Drawing
  ) {
    ReliabilityPanel(diagram: diagram, limit: 1, radius: 4.5).draw(
      in: area, xTitle: "probability of the predicted class",
      yTitle: "label's probability of that class", ticks: 5, into: &drawing)
    // Not muted: there may be bands behind these words.
    drawing.text("underconfident", "small", at: (area.x + 12, area.y + area.height * 0.28))
    drawing.text(
      "overconfident", "small", at: (area.right - 12, area.bottom - area.height * 0.22),
      anchor: .end)
    let left = area.x - 44
    drawing.text(
      name + "calibration error (ECE) \(NumberText.fixed(diagram.ece, 4))", "strong",
      at: (left, area.y - 58))
    drawing.text(
      "debiased \(NumberText.fixed(diagram.debiasedECE, 4))", "muted", at: (left, area.y - 39))
  }
}
