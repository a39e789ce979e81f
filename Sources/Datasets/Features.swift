import SurprisalLinearAlgebra

/// A design matrix and the encoding of its columns.
public struct Features: Sendable {
  /// The design matrix, N x D.
  public package(set) var matrix: BlockedMatrix
  /// How the matrix was computed from columns of a table.
  public package(set) var encoding: FeatureEncoding

  /// N.
  public var rowCount: Int { matrix.rowCount }
  /// D.
  public var columnCount: Int { matrix.columnCount }
  /// The names of the design columns.
  public var names: [String] { encoding.columnNames }

  /// Features that are already encoded.
  ///
  /// Throws `DatasetError.rowMismatch` unless the matrix has the columns of the encoding.
  public init(matrix: BlockedMatrix, encoding: FeatureEncoding) throws(DatasetError) {
    try DatasetError.require(
      "columns of the features", matrix.columnCount, equals: encoding.columnCount)
    self.init(trusting: matrix, encoding: encoding)
  }

  /// Features that are already encoded, as many columns as the encoding has.
  package init(trusting matrix: BlockedMatrix, encoding: FeatureEncoding) {
    precondition(matrix.columnCount == encoding.columnCount, "the columns of the encoding")
    self.matrix = matrix
    self.encoding = encoding
  }

  /// Rows of numbers; columns are called `f1`, `f2`, ... unless named.
  ///
  /// Throws `.rowMismatch` for rows of unequal length and `.notFinite`.
  public init(_ rows: [[Double]], names: [String]? = nil) throws(DatasetError) {
    let count = names?.count ?? rows.first?.count ?? 0
    let names = names ?? (0..<count).map { "f\($0 + 1)" }
    for row in rows where row.count != count {
      throw .rowMismatch(what: "columns of a row of features", expected: count, found: row.count)
    }
    for (index, row) in rows.enumerated() {
      if let column = row.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(column: names[column], row: index, value: row[column])
      }
    }
    self.init(
      trusting: BlockedMatrix(rows: rows, columnCount: count),
      encoding: FeatureEncoding(numbers: names))
  }

  /// Determines an encoding from columns of a table and applies it; the matrix is stored in double
  /// or in single precision.
  public init(
    learning columns: [Column], rowCount: Int, options: FeatureEncoding.Options,
    storage: MatrixStorage = .double
  ) throws(DatasetError) {
    let encoding = try FeatureEncoding(learning: columns, options: options)
    self.init(
      trusting: try encoding.design(of: columns, rowCount: rowCount, storage: storage),
      encoding: encoding)
  }

  /// The same rows under another encoding: columns are matched by name, levels by text.
  ///
  /// Treatment contrasts can be inverted, so the original table is not needed.
  public func coded(as other: FeatureEncoding) throws(DatasetError) -> Features {
    if other == encoding { return self }
    return Features(
      trusting: try other.design(of: decodedColumns(), rowCount: rowCount), encoding: other)
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> Features {
    Features(trusting: matrix.selecting(rows: rows), encoding: encoding)
  }

  func decodedColumns() -> [Column] {
    encoding.sources.indices.map { index in
      let source = encoding.sources[index]
      switch source.kind {
      case .number:
        let column = encoding.columns.firstIndex { $0.factors == [.value(source: index)] }
        var values = column.map { matrix.column($0) } ?? []
        for row in absentRows(ofSource: index) where row < values.count { values[row] = .nan }
        return Column(name: source.name, numbers: Column.Numbers(values))
      case .factor(let levels, let base):
        var codes = [Int32](repeating: Int32(clamping: base), count: rowCount)
        for level in levels.indices where level != base {
          let wanted = [FeatureEncoding.Factor.level(source: index, level: level)]
          guard let column = encoding.columns.firstIndex(where: { $0.factors == wanted })
          else { continue }
          for (row, value) in matrix.column(column).enumerated() where value == 1 {
            codes[row] = Int32(clamping: level)
          }
        }
        for row in absentRows(ofSource: index) { codes[row] = -1 }
        return Column(name: source.name, words: levels, codes: codes)
      }
    }
  }

  /// The rows that an indicator marks as missing.
  private func absentRows(ofSource index: Int) -> [Int] {
    let column = encoding.columns.firstIndex { $0.factors == [.absence(source: index)] }
    guard let column else { return [] }
    return matrix.column(column).enumerated().filter { $1 == 1 }.map(\.offset)
  }
}
