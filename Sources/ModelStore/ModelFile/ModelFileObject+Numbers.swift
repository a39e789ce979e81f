import SurprisalTables

extension ModelFileObject {
  /// A finite number.
  mutating func number(_ key: String) throws(Problem) -> Double {
    try ModelFileObject.number(try value(key), place(key))
  }

  /// A finite number, or null for none.
  mutating func optionalNumber(_ key: String) throws(Problem) -> Double? {
    let value = try value(key)
    return value.isNull ? nil : try ModelFileObject.number(value, place(key))
  }

  /// An integer, or null for none.
  mutating func optionalCount(_ key: String) throws(Problem) -> Int? {
    let value = try value(key)
    return value.isNull ? nil : try count(key)
  }

  /// A statistic: a number, or one of the texts `inf`, `-inf` and `nan`. The log-likelihood of labels
  /// that are impossible under the model is -infinity, and a reader should see it.
  mutating func statistic(_ key: String) throws(Problem) -> Double {
    let value = try value(key)
    guard case .string(let text) = value else {
      return try ModelFileObject.number(value, place(key))
    }
    switch text {
    case "inf": return .infinity
    case "-inf": return -.infinity
    case "nan": return .nan
    default: throw .value(path: place(key), found: text)
    }
  }

  /// A statistic, or null for none.
  mutating func optionalStatistic(_ key: String) throws(Problem) -> Double? {
    let value = try value(key)
    return value.isNull ? nil : try statistic(key)
  }

  /// Finite numbers; as many as `count` says, where it says so.
  mutating func numbers(_ key: String, count: Int? = nil) throws(Problem) -> [Double] {
    try ModelFileObject.numbers(try value(key), place(key), count: count)
  }

  /// `rows` lists of `columns` finite numbers each, one after the other.
  mutating func matrix(_ key: String, rows: Int, columns: Int) throws(Problem) -> [Double] {
    let list = try list(key)
    guard list.count == rows else {
      throw .shape(path: place(key), expected: "\(rows) rows", found: list.count)
    }
    var result: [Double] = []
    for (index, row) in list.enumerated() {
      result += try ModelFileObject.numbers(row, "\(place(key))[\(index)]", count: columns)
    }
    return result
  }

  static func numbers(
    _ value: JSONValue, _ path: String, count: Int?
  ) throws(Problem) -> [Double] {
    guard let list = value.arrayValue else {
      throw .kind(path: path, expected: "a list of numbers", found: value.kindName)
    }
    if let count, list.count != count {
      throw .shape(path: path, expected: "\(count) numbers", found: list.count)
    }
    var result: [Double] = []
    result.reserveCapacity(list.count)
    for (index, value) in list.enumerated() {
      // Paths of a million numbers are not made unless one is wrong.
      guard let number = value.doubleValue, number.isFinite else {
        throw .value(path: "\(path)[\(index)]", found: value.kindName)
      }
      result.append(number)
    }
    return result
  }

  private static func number(_ value: JSONValue, _ path: String) throws(Problem) -> Double {
    guard let number = value.doubleValue, number.isFinite else {
      throw .value(path: path, found: value.kindName)
    }
    return number
  }
}

extension JSONValue {
  /// A number; what is not finite becomes the text that `ModelFileObject.statistic` reads.
  static func statistic(_ value: Double) -> JSONValue {
    if value.isFinite { return .number(value) }
    return .string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
  }

  /// The same, with null for none.
  static func statistic(_ value: Double?) -> JSONValue { value.map { .statistic($0) } ?? .null }
}
