import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalTables

extension CoefficientFigure {
  /// A line of the picture: the heading of a feature, or a coefficient.
  private enum Line {
    case head(String)
    case row(Row, label: String)
  }

  private var lines: [Line] {
    guard classNames.count > 2 else {
      return drawn.map { .row($0, label: $0.coefficient.feature) }
    }
    var lines: [Line] = []
    var feature: String?
    for row in drawn {
      if row.coefficient.feature != feature { lines.append(.head(row.coefficient.feature)) }
      feature = row.coefficient.feature
      lines.append(.row(row, label: classNames[row.coefficient.classIndex]))
    }
    return lines
  }

  public func drawing(_ width: FigureWidth) -> Drawing {
    let lines = lines
    let step = 21.0
    let labels = labelWidth(lines, width)
    let numbers = width.choose(hasIntervals ? 176.0 : 70, 0)
    let area = Rect(
      x: labels + 12, y: 14, width: width.points - labels - 24 - numbers,
      height: step * Double(lines.count) + 6)
    var drawing = Drawing(width: width.points, height: area.bottom + 46)
    let domain = domain
    let scale = Scale(domain, from: area.x, to: area.right)
    drawing.horizontalAxis(scale, across: area, title: "log odds")
    drawing.line("axis", from: (scale(0), area.y), to: (scale(0), area.bottom))
    let shown = shownLabels(lines, labels)
    for (index, line) in lines.enumerated() {
      let y = area.y + step * (Double(index) + 0.5) + 3
      switch line {
      case .head(let feature):
        let text = TextMetrics.fitted(feature, into: area.right - 4, size: TextMetrics.strongSize)
        drawing.text(text, "strong", at: (0, y + 4), title: EscapedText(feature).text)
      case .row(let row, let label):
        drawing.text(
          shown[label] ?? "", at: (labels, y + 4), anchor: .end, title: EscapedText(label).text)
        draw(row, at: y, scale, width, area, into: &drawing)
      }
    }
    return drawing
  }

  /// The labels as they are shown, distinct if there is room.
  private func shownLabels(_ lines: [Line], _ width: Double) -> [String: String] {
    let labels = Set(
      lines.compactMap { line in if case .row(_, let label) = line { label } else { nil } }
    ).sorted()
    let shown = TextMetrics.fitted(labels, into: width, size: Drawing.textSize)
    return Dictionary(zip(labels, shown)) { first, _ in first }
  }

  private func labelWidth(_ lines: [Line], _ width: FigureWidth) -> Double {
    let widths = lines.map { line in
      guard case .row(_, let label) = line else { return 0.0 }
      return TextMetrics.width(EscapedText(label).text, size: Drawing.textSize) + 10
    }
    return min(width.choose(210, 118), max(width.choose(90, 60), widths.max() ?? 0))
  }

  private func draw(
    _ row: Row, at y: Double, _ scale: Scale, _ width: FigureWidth, _ area: Rect,
    into drawing: inout Drawing
  ) {
    guard let estimate = row.coefficient.estimate else {
      drawing.text(row.coefficient.state.word, "muted small", at: (scale(0) + 6, y + 4))
      return
    }
    let interval = row.wald?.interval ?? estimate...estimate
    let excludesZero = row.wald.map { !$0.interval.contains(0) } ?? true
    drawing.line(
      "line1 interval", from: (scale(interval.lowerBound), y), to: (scale(interval.upperBound), y))
    for (end, direction) in [(interval.lowerBound, -1.0), (interval.upperBound, 1.0)]
    where !scale.domain.contains(end) {
      let x = direction < 0 ? area.x : area.right
      drawing.polygon(
        "fill1 beyond", [(x, y - 5), (x, y + 5), (x + 7 * direction, y)])
    }
    if scale.domain.contains(estimate) {
      drawing.circle(
        excludesZero ? "fill1 estimate" : "open1 estimate", at: (scale(estimate), y), radius: 4,
        title: words(row))
    }
    if width == .wide {
      drawing.text(numbers(row), "muted small", at: (width.points, y + 4), anchor: .end)
    }
  }

  private func numbers(_ row: Row) -> String {
    let estimate = NumberText.estimate(
      row.coefficient.estimate, error: row.coefficient.standardError, 3)
    guard let interval = row.wald?.interval else { return Ticks.typographic(estimate) }
    return Ticks.typographic(
      "\(estimate)  [\(NumberText.significant(interval.lowerBound, 3)), "
        + "\(NumberText.significant(interval.upperBound, 3))]")
  }

  private func words(_ row: Row) -> String {
    "\(EscapedText(row.coefficient.feature).text), "
      + "\(EscapedText(classNames[row.coefficient.classIndex]).text): \(numbers(row))"
  }
}

extension ParameterTable.State {
  fileprivate var word: String {
    switch self {
    case .estimated: ""
    case .aliased: "aliased"
    case .infinite: "infinite"
    case .plusInfinite: "plus infinity"
    case .minusInfinite: "minus infinity"
    case .outOfRange: "out of range"
    }
  }
}
