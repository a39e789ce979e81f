import RealModule
import SurprisalLinearAlgebra

/// Votes for each of C classes in each of N rows: whole numbers, stored exactly.
///
/// Every count and every row sum is at most 2^53, so doubles represent them exactly.
public struct ClassCounts: Sendable {
  /// N x C whole numbers.
  public let values: BlockedMatrix
  /// The number of votes of each row, at least one.
  public let totals: [Double]

  /// The number of rows, N.
  public var rowCount: Int { values.rowCount }
  /// The number of classes, C.
  public var classCount: Int { values.columnCount }

  /// Checks the counts. Throws `LabelError.fractional`, `.negative`, `.notFinite`, `.empty`,
  /// `.overflow`, `.oneClass` and `.noRows`. Complexity: O(N C).
  public init(_ values: BlockedMatrix) throws(LabelError) {
    let totals = try values.checkedRowSums()
    let limit = 9_007_199_254_740_992.0
    if let row = totals.firstIndex(where: { !($0 <= limit) }) { throw .overflow(row: row) }
    try Self.requireWholeNumbers(values)
    let empty = totals.indices.filter { totals[$0] == 0 }
    if let row = empty.first { throw .empty(row: row, affected: empty.count) }
    self.values = values
    self.totals = totals
  }

  private init(unchecked values: BlockedMatrix, totals: [Double]) {
    self.values = values
    self.totals = totals
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> ClassCounts {
    ClassCounts(unchecked: values.selecting(rows: rows), totals: rows.map { totals[$0] })
  }

  /// `log n! - sum_k log n_k!`, the log multinomial coefficient of a row.
  public func logMultinomialCoefficient(ofRow row: Int) -> Double {
    guard totals[row] > 1 else { return 0 }
    var result = Double.logGamma(totals[row] + 1)
    for index in 0..<classCount { result -= Double.logGamma(values[row, index] + 1) }
    return result
  }

  private static func requireWholeNumbers(_ values: BlockedMatrix) throws(LabelError) {
    var first: (row: Int, class: Int, value: Double)?
    var affected = 0
    for column in 0..<values.columnCount {
      values.forEachSegment(ofColumn: column) { segment, rows in
        for (offset, row) in rows.enumerated() where segment[offset].rounded() != segment[offset] {
          affected += 1
          if first.map({ row < $0.row }) ?? true { first = (row, column, segment[offset]) }
        }
      }
    }
    guard let first else { return }
    throw .fractional(row: first.row, class: first.class, value: first.value, affected: affected)
  }
}
