import SurprisalLinearAlgebra

extension FeatureEncoding {
  /// The design matrix of columns, which are matched by name in any order, stored in double or in
  /// single precision.
  ///
  /// If the columns of numbers are all the columns of one matrix, in order, that matrix is used
  /// without a copy. Throws `.missingColumn`, `.kind`, `.unknownLevel`, `.missingCells`,
  /// `.notFinite` and `.rowMismatch`. Complexity: O(N D).
  public func design(
    of columns: [Column], rowCount: Int, storage: MatrixStorage = .double
  ) throws(DatasetError) -> BlockedMatrix {
    let found = try matching(columns, rowCount: rowCount)
    var coded: [Column.Numbers] = []
    for (source, column) in zip(sources, found) { coded.append(try code(column, as: source)) }
    if isIdentity {
      return BlockedMatrix(columns: coded, rowCount: rowCount, storage: storage)
    }
    let absent = found.map(\.missingRows)
    var matrix = BlockedMatrix(rowCount: rowCount, columnCount: columnCount, storage: storage)
    for (index, column) in self.columns.enumerated() {
      fill(&matrix, column: index, with: column.factors, coded: coded, absent: absent)
    }
    return matrix
  }

  /// Whether the design consists of the numbers of the sources, in order.
  package var isIdentity: Bool {
    columns.count == sources.count
      && columns.enumerated().allSatisfy { $0.element.factors == [.value(source: $0.offset)] }
  }

  /// The column of each source.
  private func matching(
    _ columns: [Column], rowCount: Int
  ) throws(DatasetError) -> [Column] {
    var places: [String: Int] = [:]
    for (index, column) in columns.enumerated() where places[column.name] == nil {
      places[column.name] = index
    }
    var result: [Column] = []
    for source in sources {
      guard let place = places[source.name] else {
        throw .missingColumn(source.name, available: columns.map(\.name))
      }
      let column = columns[place]
      guard column.rowCount == rowCount else {
        throw .rowMismatch(what: source.name, expected: rowCount, found: column.rowCount)
      }
      result.append(column)
    }
    return result
  }

  /// One number per row: the value, or the index of the level in the encoding.
  private func code(
    _ column: Column, as source: Source
  ) throws(DatasetError) -> Column.Numbers {
    switch (source.kind, column.cells) {
    case (.number, .numbers(let values, let missing)):
      if column.isKnownFinite, missing.isEmpty { return values }
      return try codeNumbers(values, source)
    case (.factor(let known, _), .texts(let levels, let codes)):
      return try codeLevels(levels, codes, known: known, source)
    case (.number, .texts(let levels, let codes)):
      if let first = column.firstNonNumber {
        guard first.kind != .infinite else {
          let sign = first.text.hasPrefix("-") ? -1.0 : 1
          throw .notFinite(column: source.name, row: first.row, value: sign * .infinity)
        }
        throw .kind(column: source.name, expectsNumbers: true, row: first.row, found: first.text)
      }
      let row = codes.firstIndex { $0 >= 0 }
      let found = row.map { levels[Int(codes[$0])] } ?? ""
      throw .kind(column: source.name, expectsNumbers: true, row: row ?? 0, found: found)
    case (.factor(let known, _), .numbers(let values, _)):
      guard let row = values.firstIndex(where: { !$0.isNaN }) else {
        return try codeLevels(
          [], [Int32](repeating: -1, count: values.count), known: known, source)
      }
      throw .kind(
        column: source.name, expectsNumbers: false, row: row, found: "\(values[row])")
    }
  }

  private func codeNumbers(
    _ values: Column.Numbers, _ source: Source
  ) throws(DatasetError) -> Column.Numbers {
    var result = values.array
    for row in result.indices {
      if result[row].isNaN {
        result[row] = try substitute(
          for: source, row: row, missing: { values[$0].isNaN }, values.count)
      } else if result[row].isInfinite {
        throw .notFinite(column: source.name, row: row, value: result[row])
      }
    }
    return Column.Numbers(result)
  }

  private func codeLevels(
    _ levels: [String], _ codes: [Int32], known: [String], _ source: Source
  ) throws(DatasetError) -> Column.Numbers {
    var position: [String: Int] = [:]
    for (index, level) in known.enumerated() { position[level] = index }
    let map = levels.map { position[$0] }
    var result = [Double](repeating: 0, count: codes.count)
    for row in codes.indices {
      guard codes[row] >= 0 else {
        result[row] = try substitute(for: source, row: row, missing: { codes[$0] < 0 }, codes.count)
        continue
      }
      guard let index = map[Int(codes[row])] else {
        throw .unknownLevel(
          column: source.name, row: row, level: levels[Int(codes[row])], known: known)
      }
      result[row] = Double(index)
    }
    return Column.Numbers(result)
  }

  private func substitute(
    for source: Source, row: Int, missing: (Int) -> Bool, _ count: Int
  ) throws(DatasetError) -> Double {
    if let substitute = source.substitute { return substitute }
    let total = (row..<count).lazy.filter(missing).count
    throw .missingCells([MissingCells(column: source.name, count: total, firstRow: row)])
  }

  private func fill(
    _ matrix: inout BlockedMatrix, column: Int, with factors: [Factor], coded: [Column.Numbers],
    absent: [[Int]]
  ) {
    matrix.updateColumn(column) { segment, rows in
      for (index, factor) in factors.enumerated() {
        for (offset, row) in rows.enumerated() {
          let value =
            switch factor {
            case .value(let source): coded[source][row]
            case .level(let source, let level): coded[source][row] == Double(level) ? 1.0 : 0.0
            case .absence: 0.0
            }
          segment[offset] = index == 0 ? value : segment[offset] * value
        }
      }
    }
    if case .absence(let source)? = factors.first {
      for row in absent[source] { matrix[row, column] = 1 }
    }
  }
}
