import SurprisalDatasets

extension DatasetReader {
  /// Checks that a column that is not all numbers is meant as text.
  ///
  /// The type of a column is decided by all of its cells. A few words among numbers are taken for
  /// mistakes and not for levels: as levels they would silently turn every number of the column into
  /// a level of its own. So are numbers with a decimal comma throughout.
  func requireFeature(_ column: Column, in table: Table) throws {
    let isText = roles.texts?.matches(column.name) == true
    if isText || roles.inputs != nil { return }
    try table.requireCategories(in: column)
    guard case .texts(let levels, _) = column.cells, let first = column.firstNonNumber
    else { return }
    let numberCount = column.numberCount
    let wordCount = column.nonNumberCount
    let isMostlyNumbers = numberCount > wordCount
    guard isMostlyNumbers || levels.allSatisfy({ looksLikeDecimalComma($0) }) else { return }
    throw LabelColumnError.mixed(
      table.place(row: first.row, column: column), found: first.text, numbers: numberCount,
      others: max(0, wordCount - 1))
  }

  /// Checks that no rows were left out where two files go together row by row.
  func requireSameRows(_ data: Table, _ labels: Table) throws {
    for (table, other) in [(data, labels), (labels, data)] where table.rejectedRowCount > 0 {
      throw LabelColumnError.rejectedRows(
        file: table.source, count: table.rejectedRowCount, beside: other.source)
    }
    guard labels.rowCount == data.rowCount else {
      throw LabelColumnError.rowMismatch(
        file: labels.source, found: labels.rowCount, expected: data.rowCount)
    }
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
