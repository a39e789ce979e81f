/// A piece of HTML or SVG as a value; all text and attributes are escaped when written.
///
/// The output is both well-formed XML and valid HTML.
public indirect enum Markup: Sendable, Equatable {
  /// Characters; control characters and direction marks are shown as `\u{...}`.
  case text(String)
  /// An element with its attributes, in order, and its children.
  case element(name: String, attributes: [Attribute], children: [Markup])

  /// A name and a value.
  public struct Attribute: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The value, not yet escaped.
    public let value: String
  }

  /// An element.
  public static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(
      name: name, attributes: attributes.map { Attribute(name: $0.key, value: $0.value) },
      children: children)
  }

  /// An element that contains only text.
  public static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String
  ) -> Markup {
    element(name, attributes, [.text(text)])
  }

  /// The element with one more attribute; text is returned unchanged.
  public func adding(_ name: String, _ value: String) -> Markup {
    guard case .element(let own, let attributes, let children) = self else { return self }
    return .element(
      name: own, attributes: attributes + [Attribute(name: name, value: value)],
      children: children)
  }
}

extension Markup {
  /// The characters. Time and memory O(characters).
  public var rendered: String {
    var result = ""
    write(to: &result)
    return result
  }

  /// Elements that are self-closing: void elements of HTML, leaves of SVG. All others have an end
  /// tag, which HTML requires.
  private static let selfClosing: Set<String> = [
    "meta", "br", "col", "circle", "rect", "line", "path", "polyline", "polygon",
  ]

  func write(to result: inout String) {
    switch self {
    case .text(let text): result += MarkupText.escaped(text)
    case .element(let name, let attributes, let children):
      result += "<" + name
      for attribute in attributes {
        result += " \(attribute.name)=\"\(MarkupText.escaped(attribute.value))\""
      }
      if children.isEmpty, Self.selfClosing.contains(name) {
        result += "/>"
        return
      }
      result += ">"
      for child in children { child.write(to: &result) }
      result += "</\(name)>"
      if Self.blocks.contains(name) { result += "\n" }
    }
  }

  /// Elements followed by a line break, so that reports can be compared line by line.
  private static let blocks: Set<String> = [
    "svg", "g", "text", "section", "figure", "table", "tr", "p", "h1", "h2", "ul", "li", "div",
    "style", "head", "dt", "dd", "dl", "header", "footer", "nav", "title", "details", "summary",
  ]
}
