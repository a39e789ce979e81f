/// The axes of a chart: they map values to positions in its area.
struct Axes: Sendable {
  let area: Rect
  let x: Scale
  let y: Scale

  init(
    _ area: Rect, x: ClosedRange<Double>, y: ClosedRange<Double>,
    xTransform: Scale.Transform = .linear, yTransform: Scale.Transform = .linear
  ) {
    self.area = area
    self.x = Scale(x, from: area.x, to: area.right, transform: xTransform)
    self.y = Scale(y, from: area.bottom, to: area.y, transform: yTransform)
  }

  func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) { (self.x(x), self.y(y)) }
}

extension Drawing {
  /// Draws both axes with grid, ticks and titles. The title of y is above the area, upright.
  mutating func axes(
    _ axes: Axes, xTitle: String?, yTitle: String?, xTicks: Int? = nil, yTicks: Int? = nil
  ) {
    horizontalAxis(axes.x, across: axes.area, title: xTitle, count: xTicks)
    let count = yTicks ?? max(2, Int(exactly: (axes.area.height / 55).rounded(.down)) ?? 2)
    for tick in Ticks.of(axes.y, count: count) {
      let y = axes.y(tick.value)
      line("grid", from: (axes.area.x, y), to: (axes.area.right, y))
      text(tick.text, "muted ytick", at: (axes.area.x - 7, y + 4), anchor: .end)
    }
    line("axis", from: (axes.area.x, axes.area.y), to: (axes.area.x, axes.area.bottom))
    line("axis", from: (axes.area.x, axes.area.bottom), to: (axes.area.right, axes.area.bottom))
    if let yTitle { text(yTitle, at: (max(2, axes.area.x - 36), axes.area.y - 12)) }
  }

  /// Draws a horizontal axis below an area, with grid lines through it.
  mutating func horizontalAxis(
    _ scale: Scale, across area: Rect, title: String?, count: Int? = nil
  ) {
    let count = count ?? max(2, Int(exactly: (area.width / 85).rounded(.down)) ?? 2)
    var ticks = Ticks.of(scale, count: count)
    // A single tick does not show the scale.
    for more in 1...4 where ticks.count < 3 { ticks = Ticks.of(scale, count: count + more) }
    // If neighbouring texts would touch, every other tick is removed.
    while ticks.count > 2, Self.crowds(ticks, scale) {
      ticks = ticks.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }
    for tick in ticks {
      let x = scale(tick.value)
      line("grid", from: (x, area.y), to: (x, area.bottom))
      text(tick.text, "muted xtick", at: (x, area.bottom + 17), anchor: .middle)
    }
    if let title { text(title, at: (area.middle.x, area.bottom + 37), anchor: .middle) }
  }

  private static func crowds(_ ticks: [Tick], _ scale: Scale) -> Bool {
    zip(ticks, ticks.dropFirst()).contains { first, second in
      let widths =
        TextMetrics.width(first.text, size: textSize)
        + TextMetrics.width(second.text, size: textSize)
      return (scale(second.value) - scale(first.value)).magnitude < widths / 2 + 8
    }
  }
}
