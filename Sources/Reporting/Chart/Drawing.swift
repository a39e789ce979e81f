/// A picture: its size, and marks from back to front.
public struct Drawing: Sendable, Equatable {
  /// The width in page units: pixels unless the picture is scaled.
  public let width: Double
  /// The height.
  public let height: Double
  /// The marks, from back to front.
  public private(set) var marks: [Markup] = []

  /// Creates an empty picture.
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The size of ordinary text.
  static let textSize = 12.0

  /// Adds a mark in front of the others.
  public mutating func add(_ mark: Markup) { marks.append(mark) }

  // MARK: Marks

  /// Adds a line.
  mutating func line(
    _ kind: String, from start: (x: Double, y: Double), to end: (x: Double, y: Double)
  ) {
    add(
      .element(
        "line",
        [
          "class": kind, "x1": MarkupText.coordinate(start.x), "y1": MarkupText.coordinate(start.y),
          "x2": MarkupText.coordinate(end.x), "y2": MarkupText.coordinate(end.y),
        ]))
  }

  /// Adds lines from point to point.
  mutating func polyline(_ kind: String, _ points: [(x: Double, y: Double)]) {
    add(.element("polyline", ["class": kind, "points": Self.list(points)]))
  }

  /// Adds an area bounded by points.
  mutating func polygon(_ kind: String, _ points: [(x: Double, y: Double)], title: String? = nil) {
    add(
      .element(
        "polygon", ["class": kind, "points": Self.list(points)], Self.titles(title)))
  }

  /// Adds a rectangle; `opacity` if the style sheet does not set it.
  mutating func rect(_ kind: String, _ rect: Rect, opacity: Double? = nil, title: String? = nil) {
    let mark = Markup.element(
      "rect",
      [
        "class": kind, "x": MarkupText.coordinate(rect.x), "y": MarkupText.coordinate(rect.y),
        "width": MarkupText.coordinate(max(0, rect.width)),
        "height": MarkupText.coordinate(max(0, rect.height)),
      ], Self.titles(title))
    add(opacity.map { mark.adding("fill-opacity", MarkupText.coordinate($0)) } ?? mark)
  }

  /// Adds a circle.
  mutating func circle(
    _ kind: String, at point: (x: Double, y: Double), radius: Double, title: String? = nil
  ) {
    add(
      .element(
        "circle",
        [
          "class": kind, "cx": MarkupText.coordinate(point.x),
          "cy": MarkupText.coordinate(point.y), "r": MarkupText.coordinate(radius),
        ], Self.titles(title)))
  }

  /// The alignment of text relative to its position.
  enum Anchor: String {
    case start
    case middle
    case end
  }

  /// Adds text with its baseline at a position; `turn` in degrees, clockwise.
  mutating func text(
    _ text: String, _ kind: String = "", at point: (x: Double, y: Double),
    anchor: Anchor = .start, turn: Double = 0, title: String? = nil
  ) {
    let (x, y) = (MarkupText.coordinate(point.x), MarkupText.coordinate(point.y))
    var mark = Markup.element("text", ["x": x, "y": y], [.text(text)] + Self.titles(title))
    if !kind.isEmpty { mark = mark.adding("class", kind) }
    if anchor != .start { mark = mark.adding("text-anchor", anchor.rawValue) }
    if turn != 0 {
      mark = mark.adding("transform", "rotate(\(MarkupText.coordinate(turn)) \(x) \(y))")
    }
    add(mark)
  }

  private static func titles(_ title: String?) -> [Markup] {
    title.map { [.element("title", text: $0)] } ?? []
  }

  private static func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(MarkupText.coordinate($0.x)),\(MarkupText.coordinate($0.y))" }
      .joined(separator: " ")
  }

  // MARK: The whole

  /// The picture as an element of a page; `label` is its text alternative.
  func svg(label: String) -> Markup {
    .element(
      name: "svg", attributes: attributes(label),
      children: marks)
  }

  /// The picture as a separate file, with its style.
  func document(label: String) -> String {
    let sheet = Markup.element(
      "rect", ["class": "sheet", "width": "100%", "height": "100%"])
    let style = Markup.element("style", [:], [.text(Palette.figureStyle)])
    return Markup.element(
      name: "svg", attributes: attributes(label),
      children: [.element("title", text: label), style, sheet] + marks
    ).rendered
  }

  private func attributes(_ label: String) -> [Markup.Attribute] {
    let (width, height) = (MarkupText.coordinate(width), MarkupText.coordinate(height))
    return [
      ("xmlns", "http://www.w3.org/2000/svg"), ("class", "figure"), ("role", "img"),
      ("aria-label", label), ("width", width), ("height", height),
      ("viewBox", "0 0 \(width) \(height)"),
    ].map { Markup.Attribute(name: $0.0, value: $0.1) }
  }
}

/// A part of a picture.
struct Rect: Sendable, Equatable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var middle: (x: Double, y: Double) { (x + width / 2, y + height / 2) }
}
