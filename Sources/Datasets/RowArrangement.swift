/// How the rows of a data set that a network is trained on relate to those that were given.
package enum RowArrangement: Sendable {
  /// The rows as they were given, in their order.
  case given
  /// Each row represents all given rows that are equal to it.
  case merged(MergedRows)

  /// That of the rows at `rows`, in that order.
  func selecting(rows: [Int]) -> RowArrangement {
    switch self {
    case .given: .given
    case .merged(let merged): .merged(merged.selecting(rows: rows))
    }
  }
}

/// The given rows that each row of a data set represents.
package struct MergedRows: Sendable {
  /// The number of given rows of positive weight.
  package let counts: [Int]
  /// The sum modulo 2⁶⁴ of the checksums of these rows.
  package let checksums: [UInt64]
  /// Whether the given rows had no weights. The number of equal rows is then their frequency.
  package let areUniform: Bool

  /// Creates the description of rows; one count and one checksum per row.
  package init(counts: [Int], checksums: [UInt64], areUniform: Bool) {
    precondition(counts.count == checksums.count)
    self.counts = counts
    self.checksums = checksums
    self.areUniform = areUniform
  }

  func selecting(rows: [Int]) -> MergedRows {
    MergedRows(
      counts: rows.map { counts[$0] }, checksums: rows.map { checksums[$0] },
      areUniform: areUniform)
  }
}

extension Dataset {
  /// The given rows that the rows represent; nil unless equal rows were merged.
  package var merged: MergedRows? {
    if case .merged(let merged) = arrangement { merged } else { nil }
  }

  /// The number of given rows.
  package var givenRowCount: Int { merged?.counts.reduce(0, +) ?? rowCount }

  /// The same rows; training keeps them and their order.
  package func keepingRows() -> Dataset {
    var result = self
    result.arrangement = .given
    return result
  }
}
