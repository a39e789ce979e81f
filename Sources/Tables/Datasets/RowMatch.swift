/// The pairs of rows of two files with the same row number or the same key.
///
/// A row that is left out of one file is left out of both; rows are never paired by their position
/// among the remaining rows.
struct RowMatch {
  /// The rows of a file that were read, in order.
  struct Side {
    /// The file's name for messages.
    let file: String
    /// The number of each row in the file, from 1.
    let numbers: [Int]
    /// The key of each row; nil if rows are matched by number.
    let keys: [String]?
    /// All rows of the file.
    let fileRowCount: Int
  }

  /// The positions of the paired rows, in the order of the first file.
  let first: [Int]
  let second: [Int]
  /// Rows of the first file without a partner, and the reason.
  let leftOut: LeftOutRows?

  /// Matches rows. Throws `LabelColumnError.rowMismatch` if the files have different numbers of
  /// rows, `.duplicateKeys`, and `.unmatchedKeys` unless rows are skipped.
  init(_ a: Side, _ b: Side, skipsRows: Bool) throws(LabelColumnError) {
    guard let keysA = a.keys, let keysB = b.keys else {
      guard a.fileRowCount == b.fileRowCount else {
        throw .rowMismatch(file: b.file, found: b.fileRowCount, expected: a.fileRowCount)
      }
      self.init(a.numbers, b.numbers, reason: .otherFile)
      return
    }
    try Self.requireDistinct(keysA, file: a.file)
    try Self.requireDistinct(keysB, file: b.file)
    if !skipsRows {
      let (knownA, knownB) = (Set(keysA), Set(keysB))
      let missing = keysA.filter { !knownB.contains($0) }
      let extra = keysB.filter { !knownA.contains($0) }
      guard missing.isEmpty, extra.isEmpty else {
        throw .unmatchedKeys(file: b.file, missing: missing, extra: extra)
      }
    }
    self.init(keysA, keysB, reason: .noPartner)
  }

  private init<Name: Hashable>(_ a: [Name], _ b: [Name], reason: LeftOutRows.Reason) {
    var places: [Name: Int] = [:]
    for (place, name) in b.enumerated() { places[name] = place }
    let pairs = a.indices.compactMap { row in places[a[row]].map { (row, $0) } }
    first = pairs.map(\.0)
    second = pairs.map(\.1)
    leftOut = pairs.count < a.count ? LeftOutRows(a.count - pairs.count, reason) : nil
  }

  static func requireDistinct(_ keys: [String], file: String) throws(LabelColumnError) {
    var counts: [String: Int] = [:]
    for key in keys { counts[key, default: 0] += 1 }
    guard counts.count < keys.count else { return }
    var seen = Set<String>()
    let twice = keys.filter { counts[$0, default: 0] > 1 && seen.insert($0).inserted }
    throw .duplicateKeys(file: file, twice)
  }
}

extension Table {
  /// The number of each row in the file, from 1.
  public var rowNumbers: [Int] { (0..<rowCount).map { number(ofRow: $0) } }

  /// The key of each row: the text in the column, or the number of the row if the name is `row` and
  /// there is no such column. Throws for a missing column, and for a row without a key unless rows
  /// are skipped: such keys are empty.
  func keys(_ name: String, among names: [String]) throws(LabelColumnError) -> [String] {
    guard let column = column(named: name) else {
      guard name == "row", !names.contains(name) else {
        throw .missingColumn(name, role: .key, file: source, among: names)
      }
      return rowNumbers.map(String.init)
    }
    guard case .texts(let levels, let codes) = column.cells else { return [] }
    if let row = codes.firstIndex(where: { $0 < 0 }) {
      throw .missingKey(place(row: row, column: column))
    }
    return codes.map { levels[Int($0)] }
  }

  /// One side of a match, by number or by the key column with a name.
  func side(_ key: String?, among names: [String]) throws(LabelColumnError) -> RowMatch.Side {
    let keys: [String]? = if let key { try self.keys(key, among: names) } else { nil }
    return RowMatch.Side(
      file: source, numbers: rowNumbers, keys: keys, fileRowCount: fileRowCount)
  }
}

extension DatasetReader {
  /// The tables of two files with matching rows only.
  func matched(
    _ data: Table, _ labels: Table, names: [String], labelNames: [String]
  ) throws(LabelColumnError) -> TableSet {
    var tables = TableSet(data: data, labels: labels, names: names, labelNames: labelNames)
    let isWhole = data.rejectedRowCount == 0 && labels.rejectedRowCount == 0
    if roles.key == nil, isWhole, data.rowCount == labels.rowCount { return tables }
    let match = try RowMatch(
      data.side(roles.key, among: names), labels.side(roles.key, among: labelNames),
      skipsRows: skipsRows)
    let lost = tables.leftOut + (match.leftOut.map { [$0] } ?? [])
    tables = TableSet(
      data: data.selecting(rows: match.first), labels: labels.selecting(rows: match.second),
      names: names, labelNames: labelNames)
    tables.leftOut = lost
    return tables
  }

  /// Whether unusable rows are left out.
  var skipsRows: Bool { delimited.badRows.areSkipped }
}

extension LoadedData {
  /// The number of each row in the data file, from 1.
  public var rowNumbers: [Int] {
    (0..<dataset.rowCount).map { source.number(source.rows?[$0] ?? $0) }
  }

  /// The rows at `rows`, in that order, and a warning that others are left out.
  public func selecting(rows: [Int], leavingOut: LeftOutRows? = nil) -> LoadedData {
    var result = self
    result.dataset = dataset.selecting(rows: rows)
    result.source.rows = rows.map { source.rows?[$0] ?? $0 }
    result.source.rowCount = rows.count
    result.columns = columns?.selecting(rows: rows)
    result.clusters = clusters?.selecting(rows: rows)
    result.keys = keys.map { keys in rows.map { keys[$0] } }
    if let leavingOut { result.warnings.append(.leftOut(leavingOut)) }
    return result
  }
}
