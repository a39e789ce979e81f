import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

extension DatasetReader {
  /// Reads the label columns; leaves out rows without mass if the roles request it.
  func readLabels(_ tables: TableSet, _ selection: inout RowSelection) throws -> ReadLabels {
    if case .votes(let votes) = roles.labels { return try readVotes(votes, tables, &selection) }
    let table = tables.labels
    let columns = table.columns.filter { roles.labels.matches($0.name) }
    guard let first = columns.first else { throw noLabels(tables) }
    switch roles.labels {
    case .target, .votes: return try readTarget(first, table, &selection)
    case .candidates where columns.count == 1: return try readSets(first, table, &selection)
    case .probabilities(let pattern), .counts(let pattern), .candidates(let pattern),
      .evidence(let pattern, _):
      return try readMatrix(columns, pattern, table, votesPerRow(tables), &selection)
    }
  }

  private func noLabels(_ tables: TableSet) -> LabelColumnError {
    var text = roles.labels.pattern?.text ?? ""
    if case .target(let column) = roles.labels { text = column }
    return .noColumn(
      role: roles.labelRole, pattern: text, file: tables.labels.source,
      among: tables.labelNames)
  }

  // MARK: Votes

  /// The votes on the rows that have any, by their keys. Throws `LabelColumnError.duplicateKeys`,
  /// and `.unmatchedKeys` for votes on items that are not rows, unless rows are skipped.
  private func readVotes(
    _ votes: Votes, _ tables: TableSet, _ selection: inout RowSelection
  ) throws -> ReadLabels {
    let name = roles.key ?? "item"
    let keys = try tables.data.keys(name, among: tables.names)
    try RowMatch.requireDistinct(keys, file: tables.data.source)
    var places: [String: Int] = [:]
    for (place, item) in votes.itemNames.enumerated() where votes.voteCount(ofItem: place) > 0 {
      places[item] = place
    }
    let known = Set(keys)
    let extra = votes.itemNames.filter { places[$0] != nil && !known.contains($0) }
    guard extra.isEmpty || skipsRows else {
      throw LabelColumnError.unmatchedKeys(file: roles.voteFile ?? "", missing: [], extra: extra)
    }
    selection.leaveOut(keys.indices.filter { places[keys[$0]] == nil }, for: .withoutVotes)
    var labels = ReadLabels(
      cells: .nothing(rowCount: selection.count), columns: [], classNames: votes.classNames,
      warnings: extra.isEmpty ? [] : [.itemsWithoutRows(extra.count)])
    labels.cast = votes.selecting(items: selection.apply(to: keys).map { places[$0] ?? -1 })
    return labels
  }

  // MARK: One column of class names

  private func readTarget(
    _ column: Column, _ table: Table, _ selection: inout RowSelection
  ) throws -> ReadLabels {
    if dropsMissing { selection.leaveOut(column.missingRows, for: .missingLabels) }
    let (texts, codes) = try requireTexts(column, table, selection)
    let levels = declaredNames(texts, table)
    try requireClasses(levels, column, table, rowCount: codes.count)
    let names = try classNames(among: levels, table)
    var positions: [String: Int] = [:]
    for (index, name) in names.enumerated() { positions[name] = index }
    let map = levels.map { positions[$0] ?? 0 }
    return ReadLabels(
      cells: .indices(codes.map { map[$0] }), columns: [column.name], classNames: names,
      warnings: ClassNames.similar(names).map { [.similarClasses($0)] } ?? [])
  }

  /// The texts of the selected rows, without levels that no selected row has.
  private func requireTexts(
    _ column: Column, _ table: Table, _ selection: RowSelection
  ) throws -> (levels: [String], codes: [Int]) {
    guard case .texts(let levels, let codes) = column.cells else { return ([], []) }
    let rows = selection.rows ?? Array(0..<table.rowCount)
    if let row = rows.first(where: { codes[$0] < 0 }) {
      throw LabelColumnError.missingClass(
        table.place(row: row, column: column), found: table.missingText(row: row, column: column))
    }
    var positions = [Int?](repeating: nil, count: levels.count)
    var used: [String] = []
    let result = rows.map { row -> Int in
      let level = Int(codes[row])
      if let position = positions[level] { return position }
      positions[level] = used.count
      used.append(levels[level])
      return used.count - 1
    }
    return (used, result)
  }

  private func requireClasses(
    _ levels: [String], _ column: Column, _ table: Table, rowCount: Int
  ) throws {
    let fractions = levels.count { Double($0).map { $0.isFinite && $0.rounded() != $0 } ?? false }
    if fractions >= 12 {
      throw LabelColumnError.fractions(
        column: column.name, file: table.source, distinct: fractions)
    }
    let isIdentifier =
      levels.count > 20 && levels.count > rowCount / 2
      && roles.classLimit <= ColumnRoles(labels: roles.labels).classLimit
    if levels.count > roles.classLimit || isIdentifier {
      throw LabelColumnError.manyClasses(
        column: column.name, file: table.source, count: levels.count, rows: rowCount,
        limit: roles.classLimit)
    }
  }

  private func classNames(among found: [String], _ table: Table) throws -> [String] {
    guard let known = roles.knownClasses ?? roles.declaredClasses else {
      return ClassNames.sorted(found)
    }
    try requireKnown(found, table, known)
    return known
  }

  private func requireKnown(_ found: [String], _ table: Table, _ known: [String]) throws {
    let unknown = found.filter { !known.contains($0) }
    if unknown.isEmpty { return }
    throw roles.declaredClasses != nil
      ? LabelColumnError.undeclaredClasses(unknown, file: table.source, declared: known)
      : LabelColumnError.unknownClasses(
        unknown, file: table.source, known: known, arePredictions: roles.knowsPredictions)
  }

  /// The classes that the numbers `0`, `1`, ... of an array denote, if classes were declared.
  private func declaredNames(_ found: [String], _ table: Table) -> [String] {
    guard let declared = roles.declaredClasses, !table.hasNames,
      !found.allSatisfy({ declared.contains($0) })
    else { return found }
    let names = found.compactMap { Int($0) }.compactMap {
      declared.indices.contains($0) ? declared[$0] : nil
    }
    return names.count == found.count ? names : found
  }

  // MARK: One column of sets

  private func readSets(
    _ column: Column, _ table: Table, _ selection: inout RowSelection
  ) throws -> ReadLabels {
    if dropsMissing { selection.leaveOut(column.missingRows, for: .missingLabels) }
    guard case .texts(let levels, let codes) = column.cells else {
      throw LabelColumnError.oneColumn(
        role: roles.labelRole, pattern: column.name, file: table.source)
    }
    let rows = selection.rows ?? Array(0..<table.rowCount)
    if let row = rows.first(where: { codes[$0] < 0 }) {
      throw LabelColumnError.missingClass(
        table.place(row: row, column: column), found: table.missingText(row: row, column: column))
    }
    let sets = levels.map { $0.split(separator: "|").map(String.init) }
    let members = Set(rows.flatMap { sets[Int(codes[$0])] })
    guard members.count <= roles.classLimit else {
      throw LabelColumnError.manyClasses(
        column: column.name, file: table.source, count: members.count, rows: rows.count,
        limit: roles.classLimit)
    }
    let names = try classNames(among: Array(members), table)
    try delimited.memoryBudget.require(
      TableSize(rows: rows.count, labels: names.count),
      for: "the candidate sets of \(table.source)")
    var matrix = BlockedMatrix(rowCount: rows.count, columnCount: names.count)
    for (target, row) in rows.enumerated() {
      for member in sets[Int(codes[row])] {
        if let index = names.firstIndex(of: member) { matrix[target, index] = 1 }
      }
    }
    return ReadLabels(
      cells: .matrix(matrix), columns: [column.name], classNames: names, warnings: [])
  }

  // MARK: One column per class

  private func readMatrix(
    _ columns: [Column], _ pattern: ColumnPattern, _ table: Table, _ votes: [Double]?,
    _ selection: inout RowSelection
  ) throws -> ReadLabels {
    guard columns.count > 1 else {
      throw LabelColumnError.oneColumn(
        role: roles.labelRole, pattern: pattern.text, file: table.source)
    }
    if let part = pattern.unmatched(among: columns.map(\.name)).first {
      throw LabelColumnError.missingColumn(
        part, role: roles.labelRole, file: table.source,
        among: table.columns.map(\.name))
    }
    let (names, ordered) = try inKnownOrder(columns, pattern, table)
    if dropsMissing {
      for column in columns { selection.leaveOut(column.missingRows, for: .missingLabels) }
    }
    let values = try ordered.map { column in
      try column.map { try requireLabelNumbers($0, table, selection) }
        ?? Column.Numbers([Double](repeating: 0, count: table.rowCount))
    }
    if roles.dropsEmptyLabels || skipsRows, roles.labelRole != .logEvidence {
      let empty = selection.kept.filter { row in values.allSatisfy { $0[row] == 0 } }
      selection.leaveOut(empty, for: .emptyLabels)
    }
    if skipsRows { leaveOutWrong(values, votes, &selection) }
    let selected = values.map { selection.apply(to: $0) }
    var labels = ReadLabels(
      cells: .matrix(
        BlockedMatrix(columns: selected, rowCount: selection.count, storage: .double)),
      columns: zip(ordered, names).map { $0?.name ?? $1 }, classNames: names,
      warnings: votes == nil ? fractionWarning(selected) : [])
    labels.votes = votes.map { selection.apply(to: $0) }
    return labels
  }

  private func fractionWarning(_ values: [Column.Numbers]) -> [DataWarning] {
    guard case .counts = roles.labels, roles.allowsFractionalCounts else { return [] }
    let cells = values.reduce(0) { $0 + $1.count { $0.rounded() != $0 } }
    return cells > 0 ? [.fractionalCounts(cells: cells)] : []
  }

  /// Leaves out rows whose labels are invalid for their kind.
  private func leaveOutWrong(
    _ values: [Column.Numbers], _ votes: [Double]?, _ selection: inout RowSelection
  ) {
    let wrong = selection.kept.filter { row in
      let cells = values.map { $0[row] }
      if let votes { return VotesPerRow.counts(cells, votes: votes[row]) == nil }
      switch roles.labels {
      case .candidates: return cells.contains { $0 != 0 && $0 != 1 }
      case .evidence(_, let isLogarithm):
        return isLogarithm
          ? cells.contains { !($0 < .infinity) } || cells.allSatisfy { $0 == -.infinity }
          : cells.contains { !($0 >= 0 && $0.isFinite) }
      case .counts:
        let isFractional = roles.countWeight == .votes && !roles.allowsFractionalCounts
        return cells.contains { !($0 >= 0 && $0.isFinite) || (isFractional && $0.rounded() != $0) }
      case .target, .probabilities, .votes:
        let sum = cells.reduce(0) { $0 + max($1, 0) }
        return cells.contains { !($0 >= -roles.sumTolerance && $0.isFinite) }
          || (!roles.normalizesLabels && !((sum - 1).magnitude <= roles.sumTolerance))
      }
    }
    selection.leaveOut(wrong, for: .wrongLabels)
  }

  private func requireLabelNumbers(
    _ column: Column, _ table: Table, _ selection: RowSelection
  ) throws -> Column.Numbers {
    switch column.cells {
    case .texts:
      let first = column.firstNonNumber
      throw LabelColumnError.value(
        table.place(row: first?.row ?? 0, column: column), found: first?.text ?? "",
        votes: column.numberCount < column.nonNumberCount && !roles.arePredictions
          ? roles.labels.pattern?.text : nil)
    case .numbers(let values, let missing):
      if let row = selection.first(of: missing) {
        throw LabelColumnError.value(
          table.place(row: row, column: column), found: table.missingText(row: row, column: column))
      }
      return values
    }
  }

  /// Columns and class names in their own order, or in the order of the model's classes.
  private func inKnownOrder(
    _ columns: [Column], _ pattern: ColumnPattern, _ table: Table
  ) throws -> ([String], [Column?]) {
    var names = pattern.classNames(of: columns.map(\.name))
    if let declared = roles.declaredClasses, !table.hasNames, declared.count == names.count {
      names = declared
    }
    guard let known = roles.knownClasses ?? roles.declaredClasses else { return (names, columns) }
    try requireKnown(names, table, known)
    if roles.declaredClasses != nil {
      return (known, known.map { name in names.firstIndex(of: name).map { columns[$0] } })
    }
    let absent = known.filter { !names.contains($0) }
    guard absent.isEmpty else {
      throw LabelColumnError.missingClasses(absent, file: table.source)
    }
    let ordered = known.compactMap { name in names.firstIndex(of: name).map { columns[$0] } }
    return (known, ordered)
  }
}

/// The order of class names, and similar names.
public enum ClassNames {
  /// Whether there are three or more names that are words, sorted alphabetically, which is an order
  /// without meaning.
  public static func areSortedTexts(_ names: [String]) -> Bool {
    names.count > 2 && names == sorted(names) && !names.allSatisfy { Double($0) != nil }
  }

  /// Ascending by value if all names are numbers, otherwise by their bytes.
  static func sorted(_ names: [String]) -> [String] {
    let byBytes = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let values = byBytes.map { Double($0) }
    guard values.allSatisfy({ $0?.isFinite ?? false }) else { return byBytes }
    return zip(byBytes, values).sorted { ($0.1 ?? 0) < ($1.1 ?? 0) }.map(\.0)
  }

  /// Names that become equal if spaces are trimmed or numbers are parsed; nil if there are none.
  static func similar(_ names: [String]) -> [String]? {
    var groups: [String: [String]] = [:]
    for name in names {
      let trimmed = name.drop { $0 == " " || $0 == "\t" }
      let bare = String(trimmed.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
      groups[Double(bare).map { "\($0)" } ?? bare, default: []].append(name)
    }
    let alike = groups.values.filter { $0.count > 1 }.flatMap { $0 }
    return alike.isEmpty ? nil : alike.sorted()
  }
}
