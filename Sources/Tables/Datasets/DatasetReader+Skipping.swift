import SurprisalDatasets

/// Rows that cannot be used, found before labels are read.
extension DatasetReader {
  /// Whether rows with an empty cell are left out.
  var dropsMissing: Bool { skipsRows || roles.encoding.missing == .drop }

  /// Leaves out unusable rows if that is the policy: wrong cells, levels that the model does not
  /// know, empty cells of features, weights, offsets and clusters. Columns that are numeric but for
  /// such cells become numeric.
  func leaveOutUnusable(
    _ tables: inout TableSet, _ selection: inout RowSelection
  ) throws -> [DataWarning] {
    if skipsRows { readMixedNumbers(&tables, &selection) }
    let unseen = settleLevels(&tables, &selection)
    guard dropsMissing else { return unseen }
    for column in featureColumns(of: tables) where isMissingRefused(in: column.name) {
      selection.leaveOut(column.missingRows, for: .missingCells)
    }
    for column in rowColumns(of: tables) {
      selection.leaveOut(column.missingRows, for: .missingCells)
      guard skipsRows, roles.rowNumbers.contains(column.name),
        case .numbers(let values, _) = column.cells
      else { continue }
      selection.leaveOut(values.indices.filter { values[$0] < 0 }, for: .wrongWeights)
    }
    return unseen
  }

  private func isMissingRefused(in name: String) -> Bool {
    if let inputs = roles.inputs { return inputs.input(named: name)?.allowsMissing == false }
    return roles.encoding.missing == .refuse || roles.encoding.missing == .drop
  }

  /// The columns of weights, offsets and clusters.
  private func rowColumns(of tables: TableSet) -> [Column] {
    var found: [String: Column] = [:]
    for column in tables.labels.columns + tables.data.columns
    where isBeside(column.name) { found[column.name] = column }
    return found.keys.sorted().compactMap { found[$0] }
  }

  private func isBeside(_ name: String) -> Bool {
    name == roles.cluster || roles.rowNumbers.contains(name)
      || roles.offsets?.matches(name) == true
  }

  // MARK: Wrong cells

  /// Makes columns numeric that hold words in a few rows, and leaves these rows out.
  private func readMixedNumbers(_ tables: inout TableSet, _ selection: inout RowSelection) {
    var wrong: [(rows: [Int], reason: LeftOutRows.Reason)] = []
    tables.replaceColumns { table, column in
      guard let reason = mixedReason(column, table),
        let (numbers, rows) = column.readingNumbers(delimited.numbers)
      else { return column }
      wrong.append((rows, reason))
      return numbers
    }
    for (rows, reason) in wrong { selection.leaveOut(rows, for: reason) }
  }

  /// The reason for leaving out the rows with a word in a text column; nil if the column is meant
  /// as text.
  private func mixedReason(_ column: Column, _ table: Table) -> LeftOutRows.Reason? {
    guard case .texts = column.cells else { return nil }
    let name = column.name
    if roles.labels.matches(name), !isFeatureTable(table) || roles.labelFile == nil {
      if case .target = roles.labels { return nil }
      if case .candidates(let pattern) = roles.labels,
        table.columns.count(where: { pattern.matches($0.name) }) == 1
      {
        return nil
      }
      return .wrongLabels
    }
    if name == roles.cluster || name == roles.key { return nil }
    if isBeside(name) { return .wrongCells }
    if let inputs = roles.inputs {
      return inputs.input(named: name)?.isText == false ? .wrongCells : nil
    }
    guard roles.isFeature(name), roles.texts?.matches(name) != true else { return nil }
    return column.isMeantAsNumbers ? .wrongCells : nil
  }

  private func isFeatureTable(_ table: Table) -> Bool {
    table.columns.contains { roles.isFeature($0.name) }
  }

  // MARK: Levels

  /// Treats levels that the model does not know as the base level, or leaves their rows out.
  private func settleLevels(
    _ tables: inout TableSet, _ selection: inout RowSelection
  ) -> [DataWarning] {
    guard let inputs = roles.inputs, skipsRows || roles.takesUnseenAsBase else { return [] }
    var rows: [Int] = []
    var settled = (cells: 0, columns: [String]())
    let file = tables.data.source
    tables.replaceColumns { table, column in
      guard table.source == file, let input = inputs.input(named: column.name),
        input.isText
      else { return column }
      let unseen = column.rows(withLevelsOutside: input.levels)
      guard !unseen.isEmpty else { return column }
      guard roles.takesUnseenAsBase, let base = input.levels.first else {
        rows += unseen
        return column
      }
      if !settled.columns.contains(column.name) {
        settled = (settled.cells + unseen.count, settled.columns + [column.name])
      }
      return column.setting(level: base, at: unseen)
    }
    selection.leaveOut(rows, for: .unseenLevels)
    return settled.cells > 0
      ? [.unseenLevels(cells: settled.cells, columns: settled.columns)] : []
  }
}

extension Column {
  /// The column as numbers, NaN if a cell is not a number, and the rows of these cells; nil if it
  /// is numeric already.
  func readingNumbers(_ format: NumberFormat) -> (column: Column, wrong: [Int])? {
    guard case .texts(let levels, let codes) = cells else { return nil }
    let values = levels.map { level -> Double in
      if case .number(let value) = format.read(level) { value } else { .nan }
    }
    let numbers = codes.map { $0 < 0 ? .nan : values[Int($0)] }
    let column = Column(
      name: name, position: position,
      cells: .numbers(Numbers(numbers), missing: numbers.indices.filter { numbers[$0].isNaN }))
    return (column, codes.indices.filter { codes[$0] >= 0 && numbers[$0].isNaN })
  }

  /// Whether a text column is one of numbers with wrong cells: more numbers than other cells, or no
  /// words among them, only infinities and numbers that overflow, which are never categories.
  fileprivate var isMeantAsNumbers: Bool {
    guard let first = firstNonNumber else { return false }
    return numberCount > nonNumberCount || (first.kind != .word && numberCount > 0)
  }

  /// The rows of a text column whose level is not in `known`.
  fileprivate func rows(withLevelsOutside known: [String]) -> [Int] {
    guard case .texts(let levels, let codes) = cells else { return [] }
    let known = Set(known)
    let isKnown = levels.map { known.contains($0) }
    if isKnown.allSatisfy({ $0 }) { return [] }
    return codes.indices.filter { codes[$0] >= 0 && !isKnown[Int(codes[$0])] }
  }

  /// The text column with one level at some rows.
  fileprivate func setting(level: String, at rows: [Int]) -> Column {
    guard case .texts(var levels, var codes) = cells else { return self }
    if !levels.contains(level) { levels.append(level) }
    let code = Int32(clamping: levels.firstIndex(of: level) ?? 0)
    for row in rows { codes[row] = code }
    return Column(
      name: name, position: position, cells: .texts(levels: levels, codes: codes),
      levelKinds: levelKinds + (levels.count > levelKinds.count ? [.word] : []))
  }
}
