import SurprisalDatasets
import SurprisalTables

extension ModelFile {
  static func json(of encoding: FeatureEncoding) -> JSONValue {
    .members([
      "columns": .array(encoding.columns.map { .array($0.factors.map(json(of:))) }),
      "sources": .array(encoding.sources.map(json(of:))),
    ])
  }

  private static func json(of source: FeatureEncoding.Source) -> JSONValue {
    switch source.kind {
    case .number:
      .members([
        "name": .string(source.name), "kind": .string("number"),
        "substitute": JSONValue(source.substitute),
      ])
    case .factor(let levels, let base):
      .members([
        "name": .string(source.name), "kind": .string("factor"), "levels": .strings(levels),
        "base": .integer(base),
        "substitute": JSONValue(source.substitute.flatMap { Int(exactly: $0) }),
      ])
    }
  }

  private static func json(of factor: FeatureEncoding.Factor) -> JSONValue {
    switch factor {
    case .value(let source):
      .members(["kind": .string("value"), "source": .integer(source)])
    case .level(let source, let level):
      .members([
        "kind": .string("level"), "source": .integer(source), "level": .integer(level),
      ])
    case .absence(let source):
      .members(["kind": .string("absence"), "source": .integer(source)])
    }
  }

  /// An encoding of which every index refers to something.
  static func encoding(
    _ value: JSONValue, byteCount: Int
  ) throws(ModelFileError.Problem) -> FeatureEncoding {
    var object = try ModelFileObject(value, path: "encoding")
    let sources = try object.objects("sources") {
      (source: inout ModelFileObject) throws(ModelFileError.Problem) in
      try Self.source(&source)
    }
    try ModelFileObject.require(distinct: sources.map(\.name), object.place("sources"))
    var columns: [FeatureEncoding.DesignColumn] = []
    for (index, value) in try object.list("columns").enumerated() {
      columns.append(try column(value, object.place("columns[\(index)]"), sources))
    }
    try object.finish()
    let encoding = FeatureEncoding(sources: sources, columns: columns)
    guard encoding.isValid else {
      throw .shape(path: object.path, expected: "indices in range", found: columns.count)
    }
    try requireRoomForNames(of: encoding)
    return encoding
  }

  private static func source(
    _ object: inout ModelFileObject
  ) throws(ModelFileError.Problem) -> FeatureEncoding.Source {
    let name = try object.name("name")
    let kind: SourceKind = try object.word("kind")
    switch kind {
    case .number:
      return FeatureEncoding.Source(
        name: name, kind: .number, substitute: try object.optionalNumber("substitute"))
    case .factor:
      let levels = try object.names("levels")
      let base = try object.index("base", below: levels.count, of: "levels")
      let hasSubstitute = try !object.value("substitute").isNull
      let substitute =
        hasSubstitute
        ? Double(try object.index("substitute", below: levels.count, of: "levels")) : nil
      return FeatureEncoding.Source(
        name: name, kind: .factor(levels: levels, base: base), substitute: substitute)
    }
  }

  private static func column(
    _ value: JSONValue, _ path: String, _ sources: [FeatureEncoding.Source]
  ) throws(ModelFileError.Problem) -> FeatureEncoding.DesignColumn {
    guard let values = value.arrayValue else {
      throw .kind(path: path, expected: "a list of factors", found: value.kindName)
    }
    guard !values.isEmpty else { throw .shape(path: path, expected: "factors", found: 0) }
    var factors: [FeatureEncoding.Factor] = []
    for (index, value) in values.enumerated() {
      var object = try ModelFileObject(value, path: "\(path)[\(index)]")
      factors.append(try factor(&object, sources))
      try object.finish()
    }
    return FeatureEncoding.DesignColumn(factors: factors)
  }

  private static func factor(
    _ object: inout ModelFileObject, _ sources: [FeatureEncoding.Source]
  ) throws(ModelFileError.Problem) -> FeatureEncoding.Factor {
    let kind: FactorKind = try object.word("kind")
    let index = try object.index("source", below: sources.count, of: "sources")
    switch (kind, sources[index].kind) {
    case (.absence, _): return .absence(source: index)
    case (.value, .number): return .value(source: index)
    case (.level, .factor(let levels, _)):
      return .level(
        source: index, level: try object.index("level", below: levels.count, of: "levels"))
    case (.value, .factor), (.level, .number):
      throw .shape(
        path: object.place("source"),
        expected: kind == .value ? "a source of numbers" : "a source with levels", found: index)
    }
  }

  /// Names of design columns are put together of the names in the file: a column that is the product
  /// of a thousand long levels takes a hundred times its own bytes.
  private static func requireRoomForNames(
    of encoding: FeatureEncoding
  ) throws(ModelFileError.Problem) {
    var total = 0
    for factor in encoding.columns.lazy.flatMap(\.factors) {
      switch factor {
      case .value(let source), .absence(let source):
        total += encoding.sources[source].name.utf8.count + 16
      case .level(let source, let level):
        guard case .factor(let levels, _) = encoding.sources[source].kind else { continue }
        total += encoding.sources[source].name.utf8.count + levels[level].utf8.count + 16
      }
    }
    do throws(FileError) {
      try MemoryBudget.ofMachine.require(4 * total, for: "the names of the design columns")
    } catch {
      throw .file(error)
    }
  }

  private enum SourceKind: String, CaseIterable { case number, factor }
  private enum FactorKind: String, CaseIterable { case value, level, absence }
}
