import SurprisalTables

/// Decodes values from JSON strictly: everything that the type does not read is an error with its
/// path.
///
/// Errors are: unknown members, surplus elements, missing members, numbers that are not finite or
/// out of range for an integer type, and values of the wrong kind. (`JSONParser` refuses duplicate
/// keys.) Every error is a `ModelFileError.Problem` with a path such as `encoding.sources[2].name`.
///
/// Unsigned 64-bit integers are read from integers and from strings of digits. Lists of doubles are
/// copied as a whole.
public struct JSONValueDecoder: Sendable {
  /// Whether the texts `"inf"`, `"-inf"` and `"nan"` are accepted as numbers, except in lists of
  /// numbers.
  public var acceptsNonFiniteTexts: Bool
  /// Whether optional members must be present, at least as null. `JSONValueEncoder` writes all of
  /// them.
  public var requiresOptionals: Bool

  /// Creates a decoder.
  public init(acceptsNonFiniteTexts: Bool = false, requiresOptionals: Bool = false) {
    self.acceptsNonFiniteTexts = acceptsNonFiniteTexts
    self.requiresOptionals = requiresOptionals
  }

  /// The decoder of model files: `requiresOptionals` and `acceptsNonFiniteTexts`.
  static let modelFile = JSONValueDecoder(acceptsNonFiniteTexts: true, requiresOptionals: true)

  /// Decodes a value from `json`; `path` is its position in the document.
  ///
  /// Throws `ModelFileError.Problem`, and whatever the type itself throws.
  /// `DecodingError.dataCorrupted` becomes `.value` with its description, or `.word` if the type is
  /// an enumeration of texts.
  public func decode<T: Decodable>(
    _ type: T.Type, from json: JSONValue, path: String = ""
  ) throws -> T {
    let root = DecodedNode(json, nil, .root(path), self)
    return try root.convert(json, .root(path), to: type)
  }

  /// As `decode`, for types without errors of their own; any such error becomes `.value`.
  func value<T: Decodable>(
    _ type: T.Type, from json: JSONValue, path: String = ""
  ) throws(ModelFileError.Problem) -> T {
    do {
      return try decode(type, from: json, path: path)
    } catch let problem as ModelFileError.Problem {
      throw problem
    } catch {
      throw .value(path: path, found: "\(error)")
    }
  }
}

/// A position within the parent value.
enum JSONPlace {
  case root(String)
  case key(String)
  case index(Int)
}

/// A JSON value during decoding; records which of its members the type has read.
final class DecodedNode {
  typealias Problem = ModelFileError.Problem

  let json: JSONValue
  let options: JSONValueDecoder
  private let parent: DecodedNode?
  private let place: JSONPlace
  /// The keys that were requested, present or not.
  private var asked: [String] = []
  private var takenElements = 0
  private var isRead = false
  /// Whether another type decoded the value in place of this one.
  private var isDelegated = false
  /// The containers that the type opened within this one.
  private var children: [DecodedNode] = []

  init(_ json: JSONValue, _ parent: DecodedNode?, _ place: JSONPlace, _ options: JSONValueDecoder) {
    self.json = json
    self.parent = parent
    self.place = place
    self.options = options
  }

  // MARK: Paths

  /// The path of this node; computed only for errors.
  var path: String {
    guard let parent else { if case .root(let path) = place { return path } else { return "" } }
    return parent.path(of: place)
  }

  /// The path of a member or an element.
  func path(of place: JSONPlace) -> String {
    switch place {
    case .root(let path): return path
    case .key(let key): return path.isEmpty ? key : "\(path).\(key)"
    case .index(let index): return "\(path)[\(index)]"
    }
  }

  var codingPath: [any CodingKey] {
    switch place {
    case .root: []
    case .key(let key): (parent?.codingPath ?? []) + [JSONKey(key)]
    case .index(let index):
      (parent?.codingPath ?? []) + [JSONKey(intValue: index) ?? JSONKey("\(index)")]
    }
  }

  // MARK: Members and elements

  /// The value of a key; nil if there is none.
  func member(_ key: String) -> JSONValue? {
    isRead = true
    if asked.last != key { asked.append(key) }
    return json.objectValue?[key]
  }

  func require(_ key: String) throws -> JSONValue {
    guard let value = member(key) else { throw Problem.missingKey(path: path(of: .key(key))) }
    return value
  }

  func requireObject() throws -> JSONObject {
    isRead = true
    guard case .object(let object) = json else {
      throw Problem.kind(path: path, expected: "an object", found: json.kindName)
    }
    return object
  }

  func requireArray() throws -> [JSONValue] {
    isRead = true
    guard case .array(let values) = json else {
      throw Problem.kind(path: path, expected: "a list", found: json.kindName)
    }
    return values
  }

  func take(element index: Int, of values: [JSONValue]) throws -> JSONValue {
    guard index < values.count else {
      throw Problem.shape(path: path, expected: "\(index + 1) or more", found: values.count)
    }
    takenElements = max(takenElements, index + 1)
    return values[index]
  }

  /// Reads the value as a whole, for types without members.
  func read() -> JSONValue {
    isRead = true
    return json
  }

  /// Decodes the value as another type.
  func single<T: Decodable>(_ type: T.Type) throws -> T {
    isDelegated = true
    return try (parent ?? self).convert(json, place, to: type)
  }

  /// A container within this one.
  func nested(_ value: JSONValue, _ place: JSONPlace) -> DecodedNode {
    let node = DecodedNode(value, self, place, options)
    children.append(node)
    return node
  }

  /// Throws if the type did not read all members or elements.
  private func finish() throws {
    if isDelegated { return }
    for child in children { try child.finish() }
    switch json {
    case .object(let object):
      // Types have few members; dictionaries may have many.
      let many = asked.count > 16 ? Set(asked) : nil
      for (key, _) in object.members where !(many?.contains(key) ?? asked.contains(key)) {
        throw Problem.unknownKey(path: path(of: .key(key)), known: asked)
      }
    case .array(let values) where isRead && takenElements != values.count:
      throw Problem.shape(path: path, expected: "\(takenElements)", found: values.count)
    default:
      if !isRead {
        throw Problem.kind(path: path, expected: "an object", found: json.kindName)
      }
    }
  }

  // MARK: Values

  /// Decodes a member or an element of this node.
  func convert<T: Decodable>(_ value: JSONValue, _ place: JSONPlace, to type: T.Type) throws -> T {
    if T.self == Double.self, let result = try number(value, place) as? T { return result }
    if T.self == String.self, let result = try text(value, place) as? T { return result }
    if T.self == Int.self, let result = try integer(value, place, Int.self) as? T { return result }
    if T.self == Bool.self, let result = try truth(value, place) as? T { return result }
    if T.self == [Double].self, let result = try numbers(value, place) as? T { return result }
    if T.self == Float.self, let result = Float(try number(value, place)) as? T { return result }
    if let integerType = T.self as? any FixedWidthInteger.Type,
      let result = try integer(value, place, integerType) as? T
    {
      return result
    }
    let isRoot = if case .root = place { true } else { false }
    let node = isRoot ? self : DecodedNode(value, self, place, options)
    do {
      let result = try T(from: StrictDecoder(node: node))
      try node.finish()
      return result
    } catch let error as DecodingError {
      throw node.problem(error, T.self)
    }
  }

  private func number(_ value: JSONValue, _ place: JSONPlace) throws -> Double {
    if let number = value.doubleValue { return number }
    guard options.acceptsNonFiniteTexts else {
      throw Problem.kind(path: path(of: place), expected: "a number", found: value.kindName)
    }
    guard case .string(let text) = value else {
      throw Problem.value(path: path(of: place), found: value.kindName)
    }
    switch text {
    case "inf": return .infinity
    case "-inf": return -.infinity
    case "nan": return .nan
    default: throw Problem.value(path: path(of: place), found: text)
    }
  }

  private func numbers(_ value: JSONValue, _ place: JSONPlace) throws -> [Double] {
    guard case .array(let values) = value else {
      throw Problem.kind(
        path: path(of: place), expected: "a list of numbers", found: value.kindName)
    }
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      // A path per number would be expensive in long lists, so it is computed only for an error.
      guard let number = value.doubleValue, number.isFinite else {
        throw Problem.value(path: "\(path(of: place))[\(index)]", found: value.kindName)
      }
      result.append(number)
    }
    return result
  }

  private func text(_ value: JSONValue, _ place: JSONPlace) throws -> String {
    guard case .string(let text) = value else {
      throw Problem.kind(path: path(of: place), expected: "a text", found: value.kindName)
    }
    return text
  }

  private func truth(_ value: JSONValue, _ place: JSONPlace) throws -> Bool {
    guard case .bool(let truth) = value else {
      throw Problem.kind(path: path(of: place), expected: "true or false", found: value.kindName)
    }
    return truth
  }

  private func integer<I: FixedWidthInteger>(
    _ value: JSONValue, _ place: JSONPlace, _ type: I.Type
  ) throws -> I {
    switch value {
    case .integer(let integer):
      if let result = I(exactly: integer) { return result }
      throw Problem.value(path: path(of: place), found: "\(integer)")
    case .string(let text) where I.self == UInt64.self:
      // Accepts only the digits that would be written.
      if let result = I(text), "\(result)" == text { return result }
      throw Problem.value(path: path(of: place), found: text)
    default:
      throw Problem.kind(path: path(of: place), expected: "an integer", found: value.kindName)
    }
  }

  // MARK: Errors of types

  private func problem(_ error: DecodingError, _ type: Any.Type) -> Problem {
    if case .string(let text) = json, let type = type as? any CaseIterable.Type {
      return .word(path: path, found: text, known: Self.words(of: type))
    }
    switch error {
    case .dataCorrupted(let context): return .value(path: path, found: context.debugDescription)
    case .keyNotFound(let key, _): return .missingKey(path: path(of: .key(key.stringValue)))
    case .valueNotFound, .typeMismatch:
      // An enumeration with associated values has one key.
      if case .object(let object) = json {
        if object.count == 1, let key = object.keys.first {
          return .unknownKey(path: path(of: .key(key)), known: [])
        }
        return .shape(path: path, expected: "one key", found: object.count)
      }
      return .kind(path: path, expected: "another kind of value", found: json.kindName)
    @unknown default: return .value(path: path, found: "a value that cannot be read")
    }
  }

  private static func words<Words: CaseIterable>(of type: Words.Type) -> [String] {
    type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
  }
}

extension JSONValue {
  /// The kind of value, for errors.
  var kindName: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer, .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
