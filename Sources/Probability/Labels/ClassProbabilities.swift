import SurprisalLinearAlgebra

/// A distribution over C classes for each of N rows, used for soft labels and for predictions.
///
/// Every entry is finite and not negative, and every row has been divided by its sum.
public struct ClassProbabilities: Sendable {
  /// How far the sum of a row may differ from one; float32 sums need this much.
  public static let sumTolerance = 1e-5

  /// The probabilities, N x C.
  public let values: BlockedMatrix

  /// The number of rows, N.
  public var rowCount: Int { values.rowCount }
  /// The number of classes, C.
  public var classCount: Int { values.columnCount }

  /// Checks rows that should sum to one within `tolerance` and divides each by its sum.
  ///
  /// A negative entry of at least `-tolerance` is taken for a rounded zero. Throws `LabelError.sum`
  /// for a row further off, `.negative`, `.notFinite`, `.empty`, `.oneClass` and `.noRows`.
  /// Complexity: O(N C).
  ///
  /// If nothing else references the matrix, it is divided in place.
  public init(
    _ values: consuming BlockedMatrix, tolerance: Double = Self.sumTolerance
  ) throws(LabelError) {
    let sums = try Self.checkedSums(values, tolerance: tolerance)
    try Self.requireUnitSums(sums, tolerance: tolerance)
    self.values = Self.dividing(values, by: sums)
  }

  /// Treats rows as relative weights and divides each by its sum, whatever that is. A negative
  /// entry of at least `-tolerance` is taken for zero.
  ///
  /// Throws like `init(_:tolerance:)` without `.sum`, and `.overflow` if a sum is not finite.
  public init(
    normalizing values: consuming BlockedMatrix, tolerance: Double = 0
  ) throws(LabelError) {
    let sums = try Self.checkedSums(values, tolerance: tolerance)
    self.values = Self.dividing(values, by: sums)
  }

  private init(unchecked values: BlockedMatrix) {
    self.values = values
  }

  /// Wraps rows that are distributions by construction, such as the result of a softmax; not
  /// checked.
  package init(trusting values: BlockedMatrix) {
    self.values = values
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> ClassProbabilities {
    ClassProbabilities(unchecked: values.selecting(rows: rows))
  }

  private static func checkedSums(
    _ values: BlockedMatrix, tolerance: Double
  ) throws(LabelError) -> [Double] {
    let sums = try values.checkedRowSums(tolerance: tolerance)
    var empty: (first: Int, count: Int)?
    for (row, sum) in sums.enumerated() {
      guard sum.isFinite else { throw .overflow(row: row) }
      if sum == 0 { empty = (empty?.first ?? row, (empty?.count ?? 0) + 1) }
    }
    if let empty { throw .empty(row: empty.first, affected: empty.count) }
    return sums
  }

  private static func requireUnitSums(_ sums: [Double], tolerance: Double) throws(LabelError) {
    var first: Int?
    var affected = 0
    var worst = 0
    for (row, sum) in sums.enumerated() {
      let distance = (sum - 1).magnitude
      if distance > (sums[worst] - 1).magnitude { worst = row }
      guard distance > tolerance else { continue }
      first = first ?? row
      affected += 1
    }
    guard let first else { return }
    throw .sum(
      row: first, sum: sums[first], affected: affected, worstRow: worst, worstSum: sums[worst])
  }

  private static func dividing(
    _ values: consuming BlockedMatrix, by sums: [Double]
  ) -> BlockedMatrix {
    var result = values
    // A row sum of exactly 1 may include an entry that rounding made negative.
    guard sums.contains(where: { $0 != 1 }) || result.holdsNegatives else { return result }
    for column in 0..<result.columnCount {
      result.updateColumn(column) { segment, rows in
        for (offset, row) in rows.enumerated() {
          segment[offset] = max(0, segment[offset]) / sums[row]
        }
      }
    }
    return result
  }
}

extension BlockedMatrix {
  /// Whether an entry is negative.
  fileprivate var holdsNegatives: Bool {
    var isFound = false
    for column in 0..<columnCount where !isFound {
      forEachSegment(ofColumn: column) { segment, _ in
        isFound = isFound || segment.contains { $0 < 0 }
      }
    }
    return isFound
  }

  /// The sum of each row, added in the order of the columns, after checking that every entry is
  /// finite and at least `-tolerance`; negative entries count as zero.
  func checkedRowSums(tolerance: Double = 0) throws(LabelError) -> [Double] {
    guard columnCount >= 2 else { throw .oneClass }
    guard rowCount > 0 else { throw .noRows }
    var sums = [Double](repeating: 0, count: rowCount)
    var fault: LabelError?
    for column in 0..<columnCount {
      forEachSegment(ofColumn: column) { segment, rows in
        for (offset, row) in rows.enumerated() {
          let value = segment[offset]
          if !value.isFinite {
            fault = fault ?? .notFinite(row: row, class: column, value: value)
          } else if value < -tolerance {
            fault = fault ?? .negative(row: row, class: column, value: value)
          }
          sums[row] += max(0, value)
        }
      }
    }
    if let fault { throw fault }
    return sums
  }
}
