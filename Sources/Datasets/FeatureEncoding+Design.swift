import SurprisalLinearAlgebra

extension FeatureEncoding {
  /// The design matrix of columns that are found by name, in whatever order they come.
  ///
  /// Throws `.missingColumn`, `.kind`, `.unknownLevel`, `.missingCells`, `.notFinite` and
  /// `.rowMismatch`. Complexity: O(N D).
  public func design(
    of columns: [FeatureColumn], rowCount: Int
  ) throws(DatasetError) -> BlockedMatrix {
    var coded: [[Double]] = []
    var absent: [[Int]] = []
    for source in sources {
      guard let column = columns.first(where: { $0.name == source.name }) else {
        throw .missingColumn(source.name, available: columns.map(\.name))
      }
      guard column.rowCount == rowCount else {
        throw .rowMismatch(what: source.name, expected: rowCount, found: column.rowCount)
      }
      absent.append(column.missingRows)
      coded.append(try code(column, as: source))
    }
    var matrix = BlockedMatrix(rowCount: rowCount, columnCount: columnCount)
    for (index, column) in self.columns.enumerated() {
      fill(&matrix, column: index, with: column.factors, coded: coded, absent: absent)
    }
    return matrix
  }

  /// One number a row: the value, or the index of the level among the encoding's own.
  private func code(_ column: FeatureColumn, as source: Source) throws(DatasetError) -> [Double] {
    switch (source.kind, column.cells) {
    case (.number, .numbers(let values)): return try codeNumbers(values, source)
    case (.factor(let known, _), .texts(let levels, let codes)):
      return try codeLevels(levels, codes, known: known, source)
    case (.number, .texts(let levels, let codes)):
      let row = codes.firstIndex { $0 >= 0 }
      let found = row.map { levels[Int(codes[$0])] } ?? ""
      throw .kind(column: source.name, expectsNumbers: true, row: row ?? 0, found: found)
    case (.factor(let known, _), .numbers(let values)):
      guard let row = values.firstIndex(where: { !$0.isNaN }) else {
        return try codeLevels(
          [], [Int32](repeating: -1, count: values.count), known: known, source)
      }
      throw .kind(
        column: source.name, expectsNumbers: false, row: row, found: "\(values[row])")
    }
  }

  private func codeNumbers(_ values: [Double], _ source: Source) throws(DatasetError) -> [Double] {
    var result = values
    for row in result.indices {
      if result[row].isNaN {
        result[row] = try substitute(
          for: source, row: row, missing: { values[$0].isNaN }, values.count)
      } else if result[row].isInfinite {
        throw .notFinite(column: source.name, row: row, value: result[row])
      }
    }
    return result
  }

  private func codeLevels(
    _ levels: [String], _ codes: [Int32], known: [String], _ source: Source
  ) throws(DatasetError) -> [Double] {
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
    return result
  }

  private func substitute(
    for source: Source, row: Int, missing: (Int) -> Bool, _ count: Int
  ) throws(DatasetError) -> Double {
    if let substitute = source.substitute { return substitute }
    let total = (row..<count).lazy.filter(missing).count
    throw .missingCells([MissingCells(column: source.name, count: total, firstRow: row)])
  }

  private func fill(
    _ matrix: inout BlockedMatrix, column: Int, with factors: [Factor], coded: [[Double]],
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
