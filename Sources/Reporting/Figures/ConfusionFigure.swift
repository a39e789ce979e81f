import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

/// The expected confusion matrix as a heat map.
public struct ConfusionFigure: Figure {
  /// A class, or all remaining classes together.
  private struct Group: Sendable {
    let name: String
    let members: [Int]
  }

  private let groups: [Group]
  private let classCount: Int
  /// The weight of label group j in rows for which group k was predicted.
  private let weights: [[Double]]

  /// The largest number of classes drawn; the others are drawn as one.
  public static let classLimit = 30

  /// The figure of a matrix, with a name per class.
  package init(_ matrix: ConfusionMatrix, classNames: [String]) {
    classCount = matrix.classCount
    let shown = Self.shown(matrix)
    let others = (0..<matrix.classCount).filter { !shown.contains($0) }
    var groups = shown.map { Group(name: classNames[$0], members: [$0]) }
    if !others.isEmpty {
      groups.append(Group(name: "\(others.count) others", members: others))
    }
    weights = groups.map { row in
      groups.map { column in
        row.members.reduce(0) { sum, label in
          column.members.reduce(sum) { $0 + matrix.weights[label][$1] }
        }
      }
    }
    self.groups = groups
  }

  /// All classes, or those with the most off-diagonal weight.
  private static func shown(_ matrix: ConfusionMatrix) -> [Int] {
    guard matrix.classCount > classLimit else { return Array(0..<matrix.classCount) }
    let (labels, predictions) = (matrix.labelWeights, matrix.predictionWeights)
    let missed = labels.indices.map { labels[$0] + predictions[$0] - 2 * matrix.weights[$0][$0] }
    return missed.indices.sorted { (-missed[$0], $0) < (-missed[$1], $1) }
      .prefix(classLimit).sorted()
  }

  public var name: String { "confusion" }
  public var title: String { "Confusion" }
  public var caption: String {
    """
    A row is a class of the labels, a column a predicted class; the shade and the number are the \
    share of the row in per cent. A label that is a distribution counts in several rows: this is \
    the matrix expected if a class is drawn from each label.
    """
  }

  public var notes: [String] {
    classCount > Self.classLimit
      ? [
        "The \(Self.classLimit) of \(classCount) classes that are confused most are drawn one by "
          + "one, the others together."
      ] : []
  }

  public var table: FigureTable {
    var table = FigureTable([
      ("label", "label"), ("predicted", "predicted"), ("weight", "weight"),
      ("share of the label", "share"),
    ])
    for (row, label) in groups.enumerated() {
      let total = weights[row].reduce(0, +)
      for (column, predicted) in groups.enumerated() {
        let weight = weights[row][column]
        table.append([
          .text(label.name), .text(predicted.name), .number(weight),
          .number(total > 0 ? weight / total : nil),
        ])
      }
    }
    table.rowLimit = 64
    return table
  }

  // MARK: Picture

  public func drawing(_ width: FigureWidth) -> Drawing {
    let widest = groups.map { TextMetrics.width(EscapedText($0.name).text, size: 12) }.max() ?? 0
    let labels = min(width.choose(170, 84), widest + 6)
    let cell = min(width.choose(62, 40), (width.points - labels - 28) / Double(groups.count))
    let isTurned = widest > cell - 6
    let head = isTurned ? min(width.choose(120, 84), widest + 6) + 30 : 46
    let side = cell * Double(groups.count)
    let every = max(1, Int(exactly: (11.5 / cell).rounded(.up)) ?? 1)
    let area = Rect(x: labels + 26, y: head, width: side, height: side)
    var drawing = Drawing(width: width.points, height: area.bottom + 56)
    drawing.text("predicted class", "muted", at: (area.x, 12))
    drawing.text("label", "muted", at: (12, area.y), anchor: .end, turn: -90)
    let names = groups.map(\.name)
    let rows = TextMetrics.fitted(names, into: labels, size: 12)
    let columns = TextMetrics.fitted(names, into: isTurned ? head - 36 : cell - 2, size: 12)
    for (index, group) in groups.enumerated() where index % every == 0 {
      let middle = cell * (Double(index) + 0.5)
      let kind = cell < 13 ? "tiny" : ""
      drawing.text(
        rows[index], kind, at: (area.x - 7, area.y + middle + 4), anchor: .end,
        title: EscapedText(group.name).text)
      let place = (x: area.x + middle + (isTurned ? 4 : 0), y: area.y - 8)
      drawing.text(
        columns[index], kind, at: place, anchor: isTurned ? .start : .middle,
        turn: isTurned ? -90 : 0, title: EscapedText(group.name).text)
    }
    drawCells(area, cell, into: &drawing)
    drawLegend(below: area, into: &drawing)
    return drawing
  }

  private func drawCells(_ area: Rect, _ cell: Double, into drawing: inout Drawing) {
    for (row, values) in weights.enumerated() {
      let total = values.reduce(0, +)
      for (column, value) in values.enumerated() {
        let share = total > 0 ? value / total : 0
        let place = Rect(
          x: area.x + cell * Double(column), y: area.y + cell * Double(row), width: cell,
          height: cell)
        drawing.rect(
          "heat", place, opacity: share,
          title:
            "\(EscapedText(groups[row].name).text), predicted "
            + "\(EscapedText(groups[column].name).text): "
            + NumberText.percent(share))
        if cell >= 25, total > 0 {
          drawing.text(
            NumberText.fixed(share * 100, 0), share < 0.005 ? "muted" : "",
            at: (place.middle.x, place.middle.y + 4), anchor: .middle)
        }
      }
    }
    for edge in 0...groups.count where cell >= 8 {
      let offset = cell * Double(edge)
      drawing.line("grid", from: (area.x + offset, area.y), to: (area.x + offset, area.bottom))
      drawing.line("grid", from: (area.x, area.y + offset), to: (area.right, area.y + offset))
    }
    drawing.rect("axis", area)
  }

  private func drawLegend(below area: Rect, into drawing: inout Drawing) {
    let step = min(30.0, max(18, area.width / 8))
    drawing.rect(
      "axis", Rect(x: area.x, y: area.bottom + 14, width: step * 5, height: 12))
    for index in 0..<5 {
      let opacity = Double(index) / 4
      let place = Rect(
        x: area.x + step * Double(index), y: area.bottom + 14, width: step, height: 12)
      drawing.rect("shade", place, opacity: opacity)
      if index % 2 == 0 {
        drawing.text(
          "\(index * 25)", "muted small", at: (place.middle.x, place.bottom + 14), anchor: .middle)
      }
    }
    drawing.text(
      "% of the row", "muted small", at: (area.x + step * 5 + 8, area.bottom + 24))
  }
}
