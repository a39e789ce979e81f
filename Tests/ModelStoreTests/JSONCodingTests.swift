import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalModelStore
@testable import SurprisalTables

/// The encoder and the strict decoder of JSON.
@Suite struct JSONCodingTests {
  enum Color: String, Codable, CaseIterable { case red, green }

  enum Shape: Codable, Equatable {
    case dot
    case disc(radius: Double)
    case path([Double], isClosed: Bool)
  }

  struct Item: Codable, Equatable {
    var name: String
    var count: Int = 0
    var color = Color.red
    var weight: Double?
  }

  struct Whole: Codable, Equatable {
    var items: [Item] = []
    var shape = Shape.dot
    var seed: UInt64 = 0
    var small: Int8 = 0
    var values: [Double] = []
    var rows: [[Double]] = []
    var scores: [Double?] = []
    var table: [String: Int] = [:]
    var flag = false
    var interval: ClosedRange<Double>?
    var ratio: Float = 0
  }

  static let whole = Whole(
    items: [Item(name: "a", count: -3, color: .green, weight: 0.5), Item(name: "b")],
    shape: .path([1, -0.0], isClosed: true), seed: .max, small: -128,
    values: [1e300, -0.0, .leastNonzeroMagnitude],
    rows: [[1], [], [2, 3]], scores: [nil, 1], table: ["x": 1, "y": 2], flag: true,
    interval: 1...2, ratio: 0.1)

  static func problem<T: Decodable>(
    _ type: T.Type, _ text: String, _ decoder: JSONValueDecoder = JSONValueDecoder()
  ) throws -> ModelFileError.Problem? {
    let json = try JSONParser().parse(text)
    do throws(ModelFileError.Problem) {
      _ = try decoder.value(type, from: json)
      return nil
    } catch {
      return error
    }
  }

  @Test func readsWhatItWrote() throws {
    let json = try JSONValueEncoder().encode(Self.whole)
    let text = JSONWriter.canonical.text(of: json)
    let read = try JSONValueDecoder.modelFile.decode(Whole.self, from: JSONParser().parse(text))
    #expect(read == Self.whole)
    #expect(read.values[1].sign == .minus)
    #expect(json["items"]?.arrayValue?[1]["weight"] == .null)
    #expect(json["seed"] == .string("18446744073709551615"))
    #expect(json["values"] == .numbers(Self.whole.values))
  }

  @Test(
    arguments: [
      (#"{"name":"a","count":1,"color":"red","wieght":1}"#, "wieght"),
      (#"{"name":"a","count":1,"color":"red","weight":1,"x":{}}"#, "x"),
    ])
  func unknownKeysAreRefused(text: String, key: String) throws {
    #expect(
      try Self.problem(Item.self, text)
        == .unknownKey(path: key, known: ["name", "count", "color", "weight"]))
  }

  @Test func membersAreRequired() throws {
    let text = #"{"name":"a","color":"red"}"#
    #expect(try Self.problem(Item.self, text) == .missingKey(path: "count"))
    let optional = #"{"name":"a","count":1,"color":"red"}"#
    #expect(try Self.problem(Item.self, optional) == nil)
    #expect(
      try Self.problem(Item.self, optional, .modelFile) == .missingKey(path: "weight"))
    #expect(try Self.problem(Item.self, #"{"name":null,"count":1,"color":"red"}"#) != nil)
  }

  @Test(
    arguments: [
      (#"[{"name":"a","count":1.0,"color":"red"}]"#, "[0].count"),
      (#"[{"name":"a","count":1e0,"color":"red"}]"#, "[0].count"),
      (#"[{"name":"a","count":"1","color":"red"}]"#, "[0].count"),
      (#"[{"name":1,"count":1,"color":"red"}]"#, "[0].name"),
      (#"[{"name":"a","count":1,"color":"red"},7]"#, "[1]"),
      (#"[{"name":"a","count":1,"color":3}]"#, "[0].color"),
    ])
  func kindsAreRequired(text: String, path: String) throws {
    guard case .kind(path, _, _)? = try Self.problem([Item].self, text) else {
      Issue.record("\(String(describing: try Self.problem([Item].self, text)))")
      return
    }
  }

  @Test func wordsAreKnown() throws {
    #expect(
      try Self.problem(Item.self, #"{"name":"a","count":1,"color":"rad"}"#)
        == .word(path: "color", found: "rad", known: ["red", "green"]))
  }

  @Test func numbersAreInRange() throws {
    let beyond = [("128", Int8.self as any Decodable.Type), ("-1", UInt64.self)]
    for (text, type) in beyond {
      #expect(try Self.problem(type, "\(text)") == .value(path: "", found: text))
    }
    #expect(try Self.problem(UInt64.self, #""007""#) == .value(path: "", found: "007"))
    #expect(try Self.problem(UInt64.self, #""18446744073709551616""#) != nil)
    #expect(try Self.problem(UInt64.self, #""18446744073709551615""#) == nil)
    #expect(try Self.problem(Int.self, "9223372036854775808") != nil)
    #expect(try Self.problem(Double.self, #""inf""#) != nil)
    #expect(try Self.problem(Double.self, #""inf""#, .modelFile) == nil)
    #expect(try Self.problem(Double.self, #""Infinity""#, .modelFile) != nil)
    #expect(try Self.problem([Double].self, #"[1,"inf"]"#, .modelFile) != nil)
    #expect(
      try Self.problem([[Double]].self, "[[1],[2,null]]") == .value(path: "[1][1]", found: "null"))
  }

  @Test(
    arguments: [
      #"{"dot":{},"disc":{"radius":1}}"#, #"{"dot":{"x":1}}"#, #"{"square":{}}"#, "{}", #""dot""#,
      #"{"disc":{"radius":1,"x":2}}"#, #"{"disc":{}}"#, #"{"disc":null}"#,
    ])
  func enumerationsHaveOneKey(text: String) throws {
    #expect(try Self.problem(Shape.self, text) != nil)
  }

  @Test func listsAreReadToTheirEnd() throws {
    #expect(try Self.problem(ClosedRange<Double>.self, "[1,2]") == nil)
    for text in ["[1]", "[1,2,3]", "[2,1]", "{}", "3"] {
      #expect(try Self.problem(ClosedRange<Double>.self, text) != nil, "\(text)")
    }
  }
}
