import SurprisalTables

/// The members of one object of a model file, taken one by one: what is missing, of another kind, out
/// of its range or left over is an error that names the place.
struct ModelFileObject {
  /// Where the object stands: `fit.course`; empty at the top.
  let path: String
  private let object: JSONObject
  private var taken: Set<String> = []

  typealias Problem = ModelFileError.Problem

  init(_ object: JSONObject, path: String) {
    self.object = object
    self.path = path
  }

  init(_ value: JSONValue, path: String) throws(Problem) {
    guard case .object(let object) = value else {
      throw .kind(path: path, expected: "an object", found: value.kindName)
    }
    self.init(object, path: path)
  }

  /// The path of a member.
  package func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The value of a key, which must be there.
  mutating func value(_ key: String) throws(Problem) -> JSONValue {
    guard let value = object[key] else { throw .missingKey(path: place(key)) }
    taken.insert(key)
    return value
  }

  /// Whether there is such a key.
  func has(_ key: String) -> Bool { object[key] != nil }

  /// Throws `.unknownKey` where a member was never asked for.
  func finish() throws(Problem) {
    if let key = object.keys.first(where: { !taken.contains($0) }) {
      throw .unknownKey(path: place(key))
    }
  }

  mutating func member(_ key: String) throws(Problem) -> ModelFileObject {
    try ModelFileObject(try value(key), path: place(key))
  }

  mutating func list(_ key: String) throws(Problem) -> [JSONValue] {
    let value = try value(key)
    guard let list = value.arrayValue else {
      throw .kind(path: place(key), expected: "a list", found: value.kindName)
    }
    return list
  }

  /// A list of objects, each made into a value.
  mutating func objects<Element>(
    _ key: String, _ make: (inout ModelFileObject) throws(Problem) -> Element
  ) throws(Problem) -> [Element] {
    var result: [Element] = []
    for (index, value) in try list(key).enumerated() {
      var object = try ModelFileObject(value, path: "\(place(key))[\(index)]")
      result.append(try make(&object))
      try object.finish()
    }
    return result
  }

  mutating func text(_ key: String) throws(Problem) -> String {
    let value = try value(key)
    guard let text = value.stringValue else {
      throw .kind(path: place(key), expected: "a text", found: value.kindName)
    }
    return text
  }

  /// A text of at most 4 KiB.
  mutating func name(_ key: String) throws(Problem) -> String {
    let name = try text(key)
    try ModelFileObject.require(length: name, place(key))
    return name
  }

  /// Different texts of at most 4 KiB.
  mutating func names(_ key: String) throws(Problem) -> [String] {
    let names = try texts(key)
    try ModelFileObject.require(distinct: names, place(key))
    return names
  }

  /// Texts of at most 4 KiB.
  mutating func texts(_ key: String) throws(Problem) -> [String] {
    var names: [String] = []
    for (index, value) in try list(key).enumerated() {
      let place = "\(place(key))[\(index)]"
      guard let name = value.stringValue else {
        throw .kind(path: place, expected: "a text", found: value.kindName)
      }
      try ModelFileObject.require(length: name, place)
      names.append(name)
    }
    return names
  }

  /// One of the words of an enumeration.
  mutating func word<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String
  ) throws(Problem) -> Word {
    let text = try text(key)
    guard let word = Word(rawValue: text) else {
      throw .word(path: place(key), found: text, known: Word.allCases.map(\.rawValue))
    }
    return word
  }

  mutating func truth(_ key: String) throws(Problem) -> Bool {
    let value = try value(key)
    guard let truth = value.boolValue else {
      throw .kind(path: place(key), expected: "true or false", found: value.kindName)
    }
    return truth
  }

  /// An integer from 0 to below `bound`.
  mutating func index(_ key: String, below bound: Int, of what: String) throws(Problem) -> Int {
    let index = try integer(key)
    guard index >= 0, index < bound else {
      throw .shape(path: place(key), expected: "one of \(bound) \(what), from 0", found: index)
    }
    return index
  }

  mutating func integer(_ key: String) throws(Problem) -> Int {
    let value = try value(key)
    guard let integer = value.integerValue else {
      throw .kind(path: place(key), expected: "an integer", found: value.kindName)
    }
    return integer
  }

  /// An integer that counts something.
  mutating func count(_ key: String) throws(Problem) -> Int {
    let count = try integer(key)
    guard count >= 0 else { throw .value(path: place(key), found: "\(count)") }
    return count
  }

  static func require(length name: String, _ path: String) throws(Problem) {
    let count = name.utf8.count
    guard count <= ModelFile.nameLimit else {
      throw .nameLength(path: path, bytes: count, limit: ModelFile.nameLimit)
    }
  }

  static func require(distinct names: [String], _ path: String) throws(Problem) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw .duplicate(path: path, name: name)
    }
  }
}

extension JSONValue {
  /// What kind of value this is, in an error.
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
