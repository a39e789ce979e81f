import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

/// The predicted probability of each class, compared with the label's.
public struct ClassReliabilityFigure: Figure {
  private let diagrams: [ReliabilityDiagram]
  private let classNames: [String]
  /// The classes that have a panel, in their order.
  private let shown: [Int]

  /// The largest number of panels.
  public static let panelLimit = 12
  /// A square-root scale if most bins have small probabilities, which would otherwise coincide.
  private let transform: Scale.Transform

  /// The figure of one diagram per class, of one class or more.
  package init(_ diagrams: [ReliabilityDiagram], classNames: [String]) {
    self.diagrams = diagrams
    self.classNames = classNames
    shown = Array(
      diagrams.indices.sorted { (-diagrams[$0].ece, $0) < (-diagrams[$1].ece, $1) }
        .prefix(Self.panelLimit).sorted())
    let bins = diagrams.flatMap(\.bins)
    transform = bins.count { $0.confidence < 0.1 } * 2 > bins.count ? .squareRoot : .linear
  }

  public var name: String { "reliability-by-class" }
  public var title: String { "Reliability of each class" }
  public var caption: String {
    "As before, for the probability of one class over all rows. The axes of all panels are the "
      + "same"
      + (transform == .linear
        ? "." : ", on scales of square roots: most of the probabilities are small.")
  }

  public var notes: [String] {
    shown.count == diagrams.count
      ? []
      : [
        "The \(shown.count) of \(diagrams.count) classes with the largest calibration error are "
          + "drawn; noise alone makes some errors large."
      ]
  }

  public var table: FigureTable {
    var table = FigureTable(
      [("class", "class"), ("ECE", "ece"), ("debiased", "debiased_ece")]
        + ReliabilityFigure.table(of: diagrams[0]).columns)
    for index in diagrams.indices {
      for bin in diagrams[index].bins {
        table.append(
          [
            .text(classNames[index]), .number(diagrams[index].ece),
            .number(diagrams[index].debiasedECE),
          ] + ReliabilityFigure.cells(bin))
      }
    }
    table.rowLimit = 60
    return table
  }

  public func drawing(_ width: FigureWidth) -> Drawing {
    let columns = width.choose(shown.count > 9 ? 4 : 3, 2)
    let pitch = width.points / Double(columns)
    let side = pitch - width.choose(62, 50)
    let height = side + 70
    let rows = (shown.count + columns - 1) / columns
    var drawing = Drawing(width: width.points, height: height * Double(rows) + 24)
    let limit = ReliabilityPanel.limit(of: shown.map { diagrams[$0] })
    let names = TextMetrics.fitted(
      shown.map { classNames[$0] }, into: side + 6, size: TextMetrics.headSize)
    for (place, index) in shown.enumerated() {
      let (row, column) = place.quotientAndRemainder(dividingBy: columns)
      let area = Rect(
        x: pitch * Double(column) + width.choose(44, 40), y: height * Double(row) + 42,
        width: side, height: side)
      drawing.text(
        names[place], "head", at: (area.x, area.y - 24), title: EscapedText(classNames[index]).text)
      drawing.text(
        "ECE \(NumberText.fixed(diagrams[index].ece, 4))", "muted small",
        at: (area.x, area.y - 9))
      ReliabilityPanel(diagram: diagrams[index], limit: limit, transform: transform, radius: 3)
        .draw(
          in: area, xTitle: nil, yTitle: nil, ticks: side > 150 ? 4 : 2, into: &drawing)
    }
    drawing.text(
      "across: predicted probability; up: label's probability", "muted",
      at: (width.points / 2, drawing.height - 6), anchor: .middle)
    return drawing
  }
}
