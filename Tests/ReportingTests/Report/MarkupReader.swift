/// An element read back from text.
struct ReadElement {
  var name: String
  var attributes: [String: String] = [:]
  var children: [ReadElement] = []
  var text = ""

  /// This element and its descendants, in the order of the text.
  var all: [ReadElement] { [self] + children.flatMap(\.all) }

  /// The descendants with a class.
  func marked(_ kind: String) -> [ReadElement] {
    all.filter { ($0.attributes["class"] ?? "").split(separator: " ").contains(Substring(kind)) }
  }

  func named(_ name: String) -> [ReadElement] { all.filter { $0.name == name } }

  func number(_ attribute: String) -> Double {
    attributes[attribute].flatMap { Double($0) } ?? .nan
  }

  /// The points of a polygon or a polyline.
  var points: [(x: Double, y: Double)] {
    (attributes["points"] ?? "").split(separator: " ").map { pair in
      let parts = pair.split(separator: ",").map { Double($0) ?? .nan }
      return (parts[0], parts[1])
    }
  }
}

/// A fault of the markup.
struct MarkupFault: Error, CustomStringConvertible {
  let description: String
}

/// A strict reader of XML for reports: elements, attributes, five named references. A report
/// contains no comments, processing instructions or other references.
struct MarkupReader {
  private let scalars: [Unicode.Scalar]
  private var place = 0

  init(_ text: String) {
    let document = text.hasPrefix("<!DOCTYPE html>\n") ? text.dropFirst(16) : Substring(text)
    scalars = Array(document.unicodeScalars)
  }

  static func read(_ text: String) throws -> ReadElement {
    var reader = MarkupReader(text)
    let root = try reader.element()
    let rest = reader.scalars[reader.place...]
    guard rest.allSatisfy({ $0 == "\n" }) else { throw MarkupFault(description: "text at the end") }
    return root
  }

  private func fault(_ text: String) -> MarkupFault {
    let around = scalars[max(0, place - 40)..<min(scalars.count, place + 40)]
    return MarkupFault(
      description: "\(text) near \(String(String.UnicodeScalarView(around)))")
  }

  private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) throws {
    guard next == scalar else { throw fault("no \(scalar)") }
    place += 1
  }

  private mutating func name() throws -> String {
    var result = ""
    while let scalar = next,
      scalar.properties.isAlphabetic || "-0123456789".unicodeScalars.contains(scalar)
    {
      result.unicodeScalars.append(scalar)
      place += 1
    }
    if result.isEmpty { throw fault("no name") }
    return result
  }

  private mutating func element() throws -> ReadElement {
    try take("<")
    var element = ReadElement(name: try name())
    while next == " " {
      place += 1
      let key = try name()
      try take("=")
      try take("\"")
      if element.attributes[key] != nil { throw fault("a second \(key)") }
      element.attributes[key] = try characters(until: "\"")
      try take("\"")
    }
    if next == "/" {
      place += 1
      try take(">")
      return element
    }
    try take(">")
    while true {
      element.text += try characters(until: "<")
      if place + 1 < scalars.count, scalars[place + 1] == "/" { break }
      element.children.append(try self.element())
    }
    place += 2
    guard try name() == element.name else { throw fault("the wrong end of \(element.name)") }
    try take(">")
    return element
  }

  private mutating func characters(until end: Unicode.Scalar) throws -> String {
    var result = String.UnicodeScalarView()
    while let scalar = next, scalar != end {
      place += 1
      switch scalar {
      case "<", ">": throw fault("a bare \(scalar)")
      case "&": result.append(try reference())
      default:
        let value = scalar.value
        if value < 0x20 && value != 0x0A || value & 0xFFFE == 0xFFFE {
          throw fault("a character that XML forbids")
        }
        result.append(scalar)
      }
    }
    if next == nil { throw fault("the end inside of something") }
    return String(result)
  }

  private mutating func reference() throws -> Unicode.Scalar {
    var name = ""
    while let scalar = next, scalar != ";", name.count < 6 {
      name.unicodeScalars.append(scalar)
      place += 1
    }
    try take(";")
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "#39": return "'"
    default: throw fault("the reference \(name)")
    }
  }
}
