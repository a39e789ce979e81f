import SurprisalAnnotation
import SurprisalDatasets

/// Reads votes from a file: one vote per row, or one item per row with a column per annotator.
public struct VoteReader: Sendable {
  /// The column of items; nil to find it by a usual name.
  public var item: String?
  /// The column of annotators; nil to find it by a usual name.
  public var annotator: String?
  /// The column of labels; nil to find it by a usual name.
  public var label: String?
  /// One column per annotator; an empty cell is no vote. nil if each row is a vote.
  public var annotators: ColumnPattern?
  /// The weight of a vote, or of all votes of a row; nil for 1.
  public var weight: String?
  /// The classes in their order; nil for those that occur in votes.
  public var classes: [String]?
  /// The most classes there may be.
  public var classLimit = 1000
  /// How delimited text is read.
  public var delimited = DelimitedOptions()

  /// A reader of the usual columns.
  public init() {}

  /// The names by which a column is found, in order of preference, ignoring case.
  public static let usualNames: [(role: ColumnRole, names: [String])] = [
    (.item, ["item", "task", "item_id", "task_id", "example", "object", "question", "id"]),
    (.annotator, ["annotator", "worker", "annotator_id", "worker_id", "rater", "coder", "judge"]),
    (.vote, ["label", "response", "answer", "vote", "rating", "category", "class"]),
  ]

  /// Reads votes. Throws `FileError`, `LabelColumnError` and `VoteTableError`.
  ///
  /// Items and annotators are in the order of their first appearance; an item all of whose cells
  /// are empty has no votes.
  public func read(_ file: InputFile) throws -> Votes {
    var names: [String] = []
    let table = try TableFile(file, options: delimited).read { name in
      names.append(name)
      return name == weight ? .automatic : .text
    }
    let (item, voting) = try columns(of: table, names)
    let items = Names(item, rowCount: table.rowCount)
    if let item, let row = items.codes.firstIndex(where: { $0 < 0 }) {
      throw VoteTableError.missingName(table.place(row: row, column: item), .item)
    }
    let weights = try rowWeights(table, names)
    switch voting {
    case .long(let annotator, let label):
      return try long(table, items, annotator, label, weights)
    case .wide(let columns): return try wide(table, items, columns, weights)
    }
  }

  enum Voting {
    case long(annotator: Column, label: Column)
    case wide([Column])
  }

  /// The distinct texts of a column and the index of each row's text, -1 for an empty cell.
  struct Names {
    var levels: [String]
    var codes: [Int32]

    /// The texts of a column; without one, the rows by number.
    init(_ column: Column?, rowCount: Int) {
      if case .texts(let levels, let codes) = column?.cells {
        (self.levels, self.codes) = (levels, codes)
      } else {
        levels = (0..<rowCount).map { "\($0 + 1)" }
        codes = (0..<rowCount).map { Int32(clamping: $0) }
      }
    }
  }

  // MARK: Columns

  private func columns(
    of table: Table, _ names: [String]
  ) throws -> (item: Column?, voting: Voting) {
    guard let annotators = annotators?.resolvingRanges(among: names) else {
      let item = try column(item, .item, table, names)
      let annotator = try column(annotator, .annotator, table, names)
      return (item, .long(annotator: annotator, label: try column(label, .vote, table, names)))
    }
    if let part = annotators.unmatched(among: names).first {
      throw LabelColumnError.missingColumn(
        part, role: .annotators, file: table.source, among: names)
    }
    let voting = table.columns.filter { annotators.matches($0.name) && $0.name != item }
    let others = names.filter { name in !voting.contains { $0.name == name } }
    let usual = usualName(of: .item, among: others)
    let wanted = item ?? usual
    return (
      try wanted.map { try column($0, .item, table, names) }, .wide(voting)
    )
  }

  func column(
    _ wanted: String?, _ role: ColumnRole, _ table: Table, _ names: [String]
  ) throws -> Column {
    if let wanted {
      guard let column = table.column(named: wanted) else {
        throw LabelColumnError.missingColumn(wanted, role: role, file: table.source, among: names)
      }
      return column
    }
    guard let name = usualName(of: role, among: names), let column = table.column(named: name)
    else {
      let usual = Self.usualNames.first { $0.role == role }?.names ?? []
      throw VoteTableError.noColumn(role, file: table.source, usual: usual, among: names)
    }
    return column
  }

  func usualName(of role: ColumnRole, among names: [String]) -> String? {
    let usual = Self.usualNames.first { $0.role == role }?.names ?? []
    return usual.lazy.compactMap { usual in names.first { $0.lowercased() == usual } }.first
  }

  private func rowWeights(_ table: Table, _ names: [String]) throws -> [Double]? {
    guard let weight else { return nil }
    guard let column = table.column(named: weight) else {
      throw LabelColumnError.missingColumn(
        weight, role: .weight, file: table.source, among: names)
    }
    let values = try table.requireNumbers(in: column).values.array
    if let row = values.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw LabelColumnError.infiniteWeight(
        table.place(row: row, column: column),
        found: values[row].isNaN ? "missing" : "\(values[row])")
    }
    return values
  }

  // MARK: Forms

  private func long(
    _ table: Table, _ items: Names, _ annotator: Column, _ label: Column, _ weights: [Double]?
  ) throws -> Votes {
    let (annotators, labels) = (
      Names(annotator, rowCount: table.rowCount), Names(label, rowCount: table.rowCount)
    )
    if let row = annotators.codes.firstIndex(where: { $0 < 0 }) {
      throw VoteTableError.missingName(table.place(row: row, column: annotator), .annotator)
    }
    if let row = labels.codes.firstIndex(where: { $0 < 0 }) {
      throw LabelColumnError.missingClass(
        table.place(row: row, column: label), found: table.missingText(row: row, column: label),
        isVote: true)
    }
    let (classes, order) = try classes(labels.levels, column: label.name, table)
    return try votes(
      table, items: items.levels, annotators: annotators.levels, classes, items.codes,
      annotators.codes, labels.codes.map { order[Int($0)] }, weights)
  }

  private func wide(
    _ table: Table, _ items: Names, _ columns: [Column], _ weights: [Double]?
  ) throws -> Votes {
    let cells = columns.map { Names($0, rowCount: table.rowCount) }
    let levels = Set(cells.flatMap(\.levels))
    let (classes, _) = try classes(
      Array(levels), column: columns.first?.name ?? "", table)
    let place = Self.places(of: classes)
    var (rows, annotators, labels) = ([Int32](), [Int32](), [Int32]())
    var voteWeights = weights == nil ? nil : [Double]()
    let orders = cells.map { names in names.levels.map { place[$0] ?? -1 } }
    for row in 0..<table.rowCount {
      for (index, names) in cells.enumerated() where names.codes[row] >= 0 {
        rows.append(items.codes[row])
        annotators.append(Int32(clamping: index))
        labels.append(orders[index][Int(names.codes[row])])
        if let weights { voteWeights?.append(weights[row]) }
      }
    }
    return try votes(
      table, items: items.levels, annotators: columns.map(\.name), classes, rows, annotators,
      labels, voteWeights)
  }

  /// The first position of each name.
  static func places(of names: [String]) -> [String: Int32] {
    Dictionary(
      names.enumerated().map { ($1, Int32(clamping: $0)) }, uniquingKeysWith: { first, _ in first })
  }

  private func classes(
    _ levels: [String], column: String, _ table: Table
  ) throws -> (names: [String], order: [Int32]) {
    let names = classes ?? ClassNames.sorted(levels)
    guard names.count <= classLimit else {
      throw LabelColumnError.manyClasses(
        column: column, file: table.source, count: names.count, rows: table.rowCount,
        limit: classLimit)
    }
    let place = Self.places(of: names)
    let unknown = levels.filter { place[$0] == nil }
    guard unknown.isEmpty else {
      throw VoteTableError.unlisted(
        ClassNames.sorted(unknown), file: table.source, listed: names)
    }
    return (names, levels.map { place[$0] ?? -1 })
  }

  private func votes(
    _ table: Table, items: [String], annotators: [String], _ classes: [String], _ rows: [Int32],
    _ voters: [Int32], _ labels: [Int32], _ weights: [Double]?
  ) throws -> Votes {
    do {
      return try Votes(
        itemNames: items, annotatorNames: annotators, classNames: classes, items: rows,
        annotators: voters, labels: labels, weights: weights)
    } catch {
      throw VoteTableError.votes(error, file: table.source)
    }
  }
}

/// Why a table does not hold votes.
public enum VoteTableError: Error, Sendable, Equatable {
  /// No column was named for a role, and none has a usual name.
  case noColumn(ColumnRole, file: String, usual: [String], among: [String])
  /// A row without the name of an item or annotator.
  case missingName(CellPlace, ColumnRole)
  /// Votes for classes that are not in the given list.
  case unlisted([String], file: String, listed: [String])
  /// No column of true classes was found.
  case noClasses(file: String, usual: [String], among: [String])
  /// An item with two true classes; the place is that of the second.
  case contradiction(CellPlace, item: String, first: String, second: String)
  /// True classes that are not classes of the votes.
  case unknownTruth([String], file: String, classes: [String])
  /// No item of a file has votes.
  case noSharedItems(file: String)
  /// Votes that cannot be aggregated.
  case votes(VoteError, file: String)
}
