import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalProbability
import SurprisalTables

/// Three classes: predictions in the triangle of distributions, with lines to their labels.
public struct TernaryFigure: Figure {
  private struct Point: Sendable {
    let row: Int
    let label: [Double]
    let prediction: [Double]
    let labelClass: Int
  }

  private let points: [Point]
  private let classNames: [String]
  private let rowNumbers: [Int]?
  private let rowCount: Int
  private let isSoft: Bool

  /// With more rows, every n-th is drawn.
  public static let pointLimit = 1200
  /// Lines from predictions to labels are drawn for up to this number of rows.
  public static let lineLimit = 150

  /// The figure of labels and predictions of the same rows; nil unless there are three classes.
  ///
  /// Throws `DatasetError.rowMismatch` unless there are one prediction and one number per row, and
  /// one name per class.
  public init?(
    _ evaluation: Evaluation, predictions: ClassProbabilities, classNames: [String],
    rowNumbers: [Int]? = nil
  ) throws(DatasetError) {
    try evaluation.requireOneEach(rowNumbers: rowNumbers, predictions: predictions)
    try evaluation.requireNames(classNames)
    guard evaluation.classCount == 3, predictions.classCount == 3 else { return nil }
    let rows = (0..<evaluation.rowCount).filter { evaluation.weights[$0] > 0 }
    let stride = (rows.count + Self.pointLimit - 1) / Self.pointLimit
    points = rows.enumerated().filter { $0.offset % max(1, stride) == 0 }.map { _, row in
      Point(
        row: row, label: evaluation.labels.distribution(ofRow: row),
        prediction: predictions.values.row(row),
        labelClass: evaluation.rowScores[row].labelClass)
    }
    self.classNames = classNames
    self.rowNumbers = rowNumbers
    rowCount = rows.count
    isSoft = points.contains { !$0.label.contains(1) }
  }

  public var name: String { "ternary" }
  public var title: String { "Predictions in the triangle of three classes" }
  public var caption: String {
    """
    A point is the prediction of a row: at a corner the class is certain, in the middle all are \
    equally likely. Shape and colour show the most probable class of the label.
    """ + (hasLines ? " A line leads from the prediction to the label." : "")
  }

  public var notes: [String] {
    points.count == rowCount
      ? []
      : [
        "One row in \((rowCount + Self.pointLimit - 1) / Self.pointLimit) is drawn, of "
          + "\(rowCount) rows."
      ]
  }

  private var hasLines: Bool { isSoft && points.count <= Self.lineLimit }

  public var table: FigureTable {
    let names = classNames.prefix(3)
    var table = FigureTable(
      [("row", "row")] + names.map { ("label \(EscapedText($0).text)", "label_\($0)") }
        + names.map { ("predicted \(EscapedText($0).text)", "predicted_\($0)") })
    for point in points {
      let numbers = rowNumbers ?? []
      let row = numbers.indices.contains(point.row) ? numbers[point.row] : point.row
      table.append([.count(row + 1)] + (point.label + point.prediction).map { .number($0) })
    }
    table.rowLimit = 30
    return table
  }

  // MARK: Picture

  /// The positions of the corners: the first class on top, the second left, the third right.
  private struct Triangle {
    let corners: [(x: Double, y: Double)]

    init(top: (x: Double, y: Double), side: Double) {
      let height = side * 3.0.squareRoot() / 2
      corners = [
        top, (top.x - side / 2, top.y + height), (top.x + side / 2, top.y + height),
      ]
    }

    func callAsFunction(_ p: [Double]) -> (x: Double, y: Double) {
      zip(corners, p).reduce(into: (x: 0.0, y: 0.0)) { sum, part in
        sum.x += part.0.x * part.1
        sum.y += part.0.y * part.1
      }
    }
  }

  public func drawing(_ width: FigureWidth) -> Drawing {
    let side = width.choose(440.0, 300)
    let height = side * 3.0.squareRoot() / 2
    var drawing = Drawing(width: width.points, height: height + 96)
    let triangle = Triangle(top: (width.choose(side / 2 + 60, width.points / 2), 44), side: side)
    drawGrid(triangle, into: &drawing)
    drawCorners(triangle, side, into: &drawing)
    if hasLines {
      for point in points {
        drawing.line(
          "line\(point.labelClass + 1) thin", from: triangle(point.label),
          to: triangle(point.prediction))
      }
    }
    for point in points {
      Self.mark(point.labelClass, at: triangle(point.prediction), size: 3.4, into: &drawing)
    }
    return drawing
  }

  private func drawGrid(_ triangle: Triangle, into drawing: inout Drawing) {
    for share in [0.2, 0.4, 0.6, 0.8] {
      let rest = 1 - share
      let lines = [
        ([share, rest, 0], [share, 0, rest]), ([rest, share, 0], [0, share, rest]),
        ([rest, 0, share], [0, rest, share]),
      ]
      for (start, end) in lines { drawing.line("grid", from: triangle(start), to: triangle(end)) }
      let text = "\(MarkupText.coordinate(share))"
      let left = triangle([share, rest, 0])
      drawing.text(text, "muted small", at: (left.x - 7, left.y + 4), anchor: .end)
      let bottom = triangle([0, share, rest])
      drawing.text(text, "muted small", at: (bottom.x, bottom.y + 15), anchor: .middle)
      let right = triangle([rest, 0, share])
      drawing.text(text, "muted small", at: (right.x + 7, right.y + 4))
    }
    drawing.polygon("axis", triangle.corners)
  }

  /// Draws the names of the corners with the mark of their class: the legend.
  private func drawCorners(
    _ triangle: Triangle, _ side: Double, into drawing: inout Drawing
  ) {
    for (index, corner) in triangle.corners.enumerated() {
      let name = TextMetrics.fitted(
        classNames[index], into: index == 0 ? side * 0.9 : side * 0.42, size: TextMetrics.headSize)
      let width = TextMetrics.width(name, size: TextMetrics.headSize) + 16
      let y = index == 0 ? corner.y - 16 : corner.y + 36
      let x =
        switch index {
        case 0: corner.x - width / 2
        case 1: max(6, corner.x - 20)
        default: min(drawing.width - width, corner.x + 20 - width)
        }
      Self.mark(index, at: (x + 4, y - 4.5), size: 5, into: &drawing)
      drawing.text(name, "head", at: (x + 14, y), title: EscapedText(classNames[index]).text)
    }
  }

  /// A circle, a square or a triangle.
  private static func mark(
    _ index: Int, at point: (x: Double, y: Double), size: Double, into drawing: inout Drawing
  ) {
    let kind = "fill\(index + 1) dot class\(index + 1)"
    let (x, y) = point
    switch index {
    case 0: drawing.circle(kind, at: point, radius: size)
    case 1:
      let half = size * 0.9
      drawing.polygon(
        kind,
        [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)])
    default:
      drawing.polygon(
        kind,
        [
          (x, y - size * 1.25), (x + size * 1.15, y + size * 0.8),
          (x - size * 1.15, y + size * 0.8),
        ])
    }
  }
}
