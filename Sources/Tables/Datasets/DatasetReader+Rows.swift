import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The values of a row other than features and label: weight, offsets and cluster.
extension DatasetReader {
  /// A column of the data, or of the label file, with its table.
  private func column(
    named name: String?, in tables: TableSet
  ) -> (table: Table, column: Column)? {
    guard let name else { return nil }
    if let column = tables.data.column(named: name) { return (tables.data, column) }
    return tables.labels.column(named: name).map { (tables.labels, $0) }
  }

  /// The table with columns of a pattern: the data, or the labels if the data have none.
  func table(with pattern: ColumnPattern?, in tables: TableSet) -> Table {
    guard let pattern else { return tables.data }
    let isBesideFeatures = tables.data.columns.contains { pattern.matches($0.name) }
    return isBesideFeatures ? tables.data : tables.labels
  }

  /// A warning that the column of clusters is not a feature, if that was not requested explicitly.
  func clusterWarnings(_ data: Table) -> [DataWarning] {
    guard let name = roles.clusterLeft, data.column(named: name) != nil else { return [] }
    return [.clusterLeft(column: name)]
  }

  /// The cluster of each row, by the text of a cell; by its number if the column is also a numeric
  /// feature.
  func clusters(_ tables: TableSet, _ selection: RowSelection) throws -> Clusters? {
    guard let name = roles.cluster, let (table, column) = column(named: name, in: tables) else {
      return nil
    }
    let empty = Set(column.missingRows)
    if let row = selection.apply(to: Array(0..<column.rowCount)).first(where: empty.contains) {
      throw LabelColumnError.value(table.place(row: row, column: column), found: "")
    }
    switch column.cells {
    case .texts(_, let codes): return Clusters(selection.apply(to: codes), name: name)
    case .numbers(let values, _): return Clusters(selection.apply(to: values.array), name: name)
    }
  }

  func rowWeights(_ tables: TableSet, _ selection: RowSelection) throws -> RowWeights {
    if let (table, column) = column(named: roles.weight, in: tables) {
      return try .importance(checking: selection.apply(to: requireWeights(column, in: table)))
    }
    if let (table, column) = column(named: roles.frequency, in: tables) {
      return try .frequency(checking: selection.apply(to: requireWeights(column, in: table)))
    }
    return .uniform
  }

  /// The votes behind the shares of each row, before rows are selected; nil if the labels are not
  /// shares of votes.
  func votesPerRow(_ tables: TableSet) throws -> [Double]? {
    if case .number(let votes) = roles.votesPerRow {
      return [Double](repeating: votes, count: tables.labels.rowCount)
    }
    return try column(named: roles.votesColumn, in: tables)
      .map { try requireWeights($0.column, in: $0.table) }
  }

  /// Offsets in the order of the classes.
  package func readOffsets(
    _ table: Table, classNames: [String], _ selection: RowSelection
  ) throws -> BlockedMatrix? {
    guard let pattern = roles.offsets else { return nil }
    return try readClassColumns(pattern, .offset, table, classNames, selection)
  }

  /// Evidence divided by the prior with which it was multiplied; other labels unchanged.
  func dividing(
    _ labels: Labels, _ tables: TableSet, _ classNames: [String], _ selection: RowSelection
  ) throws -> Labels {
    guard case .evidence(let evidence) = labels, let prior = roles.evidencePrior else {
      return labels
    }
    switch prior {
    case .columns(let pattern):
      let priors = try readClassColumns(
        pattern, .evidencePrior, table(with: pattern, in: tables), classNames, selection)
      return .evidence(try evidence.dividing(by: priors))
    case .named(let values):
      let absent = classNames.filter { values[$0] == nil }
      let unknown = values.keys.filter { !classNames.contains($0) }.sorted()
      guard absent.isEmpty, unknown.isEmpty else {
        throw LabelColumnError.classColumns(
          role: .evidencePrior, missing: absent, unknown: unknown, file: tables.labels.source)
      }
      let shares = classNames.map { name in
        [Double](repeating: values[name] ?? 0, count: evidence.rowCount)
      }
      return .evidence(
        try evidence.dividing(by: BlockedMatrix(columns: shares, rowCount: evidence.rowCount)))
    }
  }

  /// One number for each row and class, in the order of the classes.
  private func readClassColumns(
    _ pattern: ColumnPattern, _ role: ColumnRole, _ table: Table, _ classNames: [String],
    _ selection: RowSelection
  ) throws -> BlockedMatrix {
    let columns = table.columns.filter { pattern.matches($0.name) }
    let names = pattern.classNames(of: columns.map(\.name))
    let unknown = names.filter { !classNames.contains($0) }
    let absent = classNames.filter { !names.contains($0) }
    guard unknown.isEmpty, absent.isEmpty else {
      throw LabelColumnError.classColumns(
        role: role, missing: absent, unknown: unknown, file: table.source)
    }
    var result = BlockedMatrix(rowCount: selection.count, columnCount: classNames.count)
    for (name, column) in zip(names, columns) {
      let (values, missing) = try table.requireNumbers(in: column)
      if let row = selection.first(of: missing) {
        throw LabelColumnError.value(table.place(row: row, column: column), found: "")
      }
      guard let index = classNames.firstIndex(of: name) else { continue }
      result.setColumn(index, to: selection.apply(to: values.array))
    }
    return result
  }
}

extension DatasetReader {
  /// Checks that a column that is not all numbers is meant as text.
  ///
  /// The type of a column is determined by all of its cells. A few words among numbers are treated
  /// as mistakes and not as levels: as levels they would silently turn every number of the column
  /// into a level of its own. The same holds for numbers with a decimal comma throughout.
  func requireFeature(_ column: Column, in table: Table) throws {
    let isText = roles.texts?.matches(column.name) == true
    if isText || roles.inputs != nil { return }
    try table.requireCategories(in: column)
    guard case .texts(let levels, _) = column.cells, let first = column.firstNonNumber
    else { return }
    let numberCount = column.numberCount
    let wordCount = column.nonNumberCount
    let isMostlyNumbers = numberCount > wordCount
    let haveCommas = zip(levels, column.levelKinds).allSatisfy { level, kind in
      kind == nil || looksLikeDecimalComma(level)
    }
    // Groups of three digits, beside numbers below a thousand, are not decimal commas.
    let areGrouped =
      numberCount > 0 && ColumnKind(levels, decimal: delimited.decimal.byte) == .thousands(",")
    guard isMostlyNumbers || (haveCommas && !areGrouped) else {
      return try requireLevels(column, levels, table)
    }
    throw LabelColumnError.mixed(
      table.place(row: first.row, column: column), found: first.text, numbers: numberCount,
      others: max(0, wordCount - 1))
  }

  /// Throws if nearly all texts differ.
  private func requireLevels(_ column: Column, _ levels: [String], _ table: Table) throws {
    guard column.isIdentifier else { return }
    throw LabelColumnError.identifier(
      column: column.name, file: table.source, levels: levels.count, rows: table.rowCount,
      kind: ColumnKind(levels, decimal: delimited.decimal.byte))
  }

  /// The numbers of a column of weights.
  func requireWeights(_ column: Column, in table: Table) throws -> [Double] {
    do throws(FileError) {
      return try table.requireNumbers(in: column).values.array
    } catch {
      guard case .infiniteNumber(let place, let found) = error else { throw error }
      throw LabelColumnError.infiniteWeight(place, found: found)
    }
  }
}
