import SurprisalLinearAlgebra

extension FeatureEncoding {
  /// User options for the encoding of columns.
  public struct Options: Sendable {
    /// Products of columns, each a list of names.
    public var interactions: [[String]]
    /// The base level of a text column, if it should not be the first level in ascending order.
    public var bases: [String: String]
    /// How empty cells are treated.
    public var missing: MissingPolicy
    /// The largest number of levels of a text column.
    public var levelLimit: Int
    /// The largest number of design columns, interactions included.
    public var columnLimit: Int

    /// Creates options; by default at most 1000 levels and a million columns.
    public init(
      interactions: [[String]] = [], bases: [String: String] = [:],
      missing: MissingPolicy = .refuse, levelLimit: Int = 1000, columnLimit: Int = 1_000_000
    ) {
      self.interactions = interactions
      self.bases = bases
      self.missing = missing
      self.levelLimit = levelLimit
      self.columnLimit = columnLimit
    }
  }

  /// Determines levels and substitutes from training columns.
  ///
  /// Levels are sorted, so the order of rows does not matter. Under `.drop` the rows with missing
  /// cells must have been removed. Throws `.missingCells`, `.tooManyLevels`, `.unknownBase`,
  /// `.unknownInteraction`, `.tooManyColumns` and `.duplicateColumn`.
  public init(learning columns: [Column], options: Options) throws(DatasetError) {
    var seen = Set<String>()
    for column in columns where !seen.insert(column.name).inserted {
      throw .duplicateColumn(column.name)
    }
    try Self.requireCells(columns, policy: options.missing)
    var sources: [Source] = []
    for column in columns { sources.append(try Self.source(column, options)) }
    for name in options.bases.keys.sorted() where !seen.contains(name) {
      throw .unknownBase(column: name, level: options.bases[name] ?? "", known: [])
    }
    let absences = columns.map { options.missing == .indicator && !$0.missingRows.isEmpty }
    var design: [DesignColumn] = []
    for index in sources.indices {
      design += Self.parts(of: index, sources[index]).map { DesignColumn(factors: [$0]) }
      if absences[index] { design.append(DesignColumn(factors: [.absence(source: index)])) }
    }
    for interaction in options.interactions {
      let factors = try Self.factors(of: interaction, in: sources)
      let count = factors.reduce(1) { $0.multipliedSaturating(by: $1.count) }
      guard count <= options.columnLimit - min(design.count, options.columnLimit) else {
        throw .tooManyColumns(
          interaction: interaction, count: count, limit: options.columnLimit)
      }
      design += Self.products(of: factors).map { DesignColumn(factors: $0) }
    }
    self.init(sources: sources, columns: design)
  }

  private static func requireCells(
    _ columns: [Column], policy: MissingPolicy
  ) throws(DatasetError) {
    guard policy == .refuse || policy == .drop else { return }
    let faults = columns.compactMap { column -> MissingCells? in
      let rows = column.missingRows
      return rows.first.map { MissingCells(column: column.name, count: rows.count, firstRow: $0) }
    }
    if !faults.isEmpty { throw .missingCells(faults) }
  }

  private static func source(
    _ column: Column, _ options: Options
  ) throws(DatasetError) -> Source {
    let substitutes = options.missing == .mean || options.missing == .indicator
    switch column.cells {
    case .numbers(let values, _):
      if let level = options.bases[column.name] {
        throw .unknownBase(column: column.name, level: level, known: [])
      }
      let mean = substitutes ? meanOfPresent(values) : nil
      return Source(name: column.name, kind: .number, substitute: mean)
    case .texts(let levels, let codes):
      var counts = [Int](repeating: 0, count: levels.count)
      for code in codes where code >= 0 { counts[Int(code)] += 1 }
      let present = levels.indices.filter { counts[$0] > 0 }.sorted { levels[$0] < levels[$1] }
      guard present.count <= options.levelLimit else {
        throw .tooManyLevels(
          column: column.name, count: present.count, limit: options.levelLimit)
      }
      let names = present.map { levels[$0] }
      let base = try baseIndex(of: column.name, levels: names, options)
      let commonest = present.indices.max { counts[present[$0]] < counts[present[$1]] }
      return Source(
        name: column.name, kind: .factor(levels: names, base: base),
        substitute: substitutes ? commonest.map { Double($0) } : nil)
    }
  }

  private static func baseIndex(
    of column: String, levels: [String], _ options: Options
  ) throws(DatasetError) -> Int {
    guard let wanted = options.bases[column] else { return 0 }
    guard let index = levels.firstIndex(of: wanted) else {
      throw .unknownBase(column: column, level: wanted, known: levels)
    }
    return index
  }

  private static func meanOfPresent(_ values: Column.Numbers) -> Double {
    var mean = 0.0
    var count = 0.0
    for value in values where !value.isNaN {
      count += 1
      mean += (value - mean) / count
    }
    return mean
  }

  /// The design columns of a source: the number itself, or one indicator for each level but the
  /// base.
  private static func parts(of index: Int, _ source: Source) -> [Factor] {
    switch source.kind {
    case .number: [.value(source: index)]
    case .factor(let levels, let base):
      levels.indices.filter { $0 != base }.map { .level(source: index, level: $0) }
    }
  }

  /// The factors that each column of an interaction contributes.
  private static func factors(
    of names: [String], in sources: [Source]
  ) throws(DatasetError) -> [[Factor]] {
    var result: [[Factor]] = []
    for name in names {
      guard let index = sources.firstIndex(where: { $0.name == name }) else {
        throw .unknownInteraction(name, available: sources.map(\.name))
      }
      result.append(parts(of: index, sources[index]))
    }
    return result
  }

  /// All combinations of one factor from each list; the last list varies fastest.
  private static func products(of factors: [[Factor]]) -> [[Factor]] {
    factors.reduce([[]]) { products, parts in
      products.flatMap { product in parts.map { product + [$0] } }
    }
  }
}
