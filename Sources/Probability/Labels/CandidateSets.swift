import SurprisalLinearAlgebra

/// A set of classes that contains the true one, for each of N rows.
public struct CandidateSets: Sendable {
  /// N x C: 1 if the class is a candidate, otherwise 0.
  public let membership: BlockedMatrix

  /// The number of rows, N.
  public var rowCount: Int { membership.rowCount }
  /// The number of classes, C.
  public var classCount: Int { membership.columnCount }

  /// Checks a matrix of zeros and ones.
  ///
  /// Throws `LabelError.outsideDomain` for another value, `.empty` for a row without a candidate,
  /// `.negative`, `.notFinite`, `.oneClass` and `.noRows`. Complexity: O(N C).
  public init(_ membership: BlockedMatrix) throws(LabelError) {
    let sizes = try membership.checkedRowSums()
    for row in 0..<membership.rowCount {
      for index in 0..<membership.columnCount {
        let value = membership[row, index]
        guard value == 0 || value == 1 else {
          throw .outsideDomain(
            likelihood: "candidate-set", row: row, class: index, value: value)
        }
      }
    }
    let empty = sizes.indices.filter { sizes[$0] == 0 }
    if let row = empty.first { throw .empty(row: row, affected: empty.count) }
    self.membership = membership
  }

  init(unchecked membership: BlockedMatrix) {
    self.membership = membership
  }

  /// The candidates of a row, ascending.
  public func members(ofRow row: Int) -> [Int] {
    (0..<classCount).filter { membership[row, $0] == 1 }
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> CandidateSets {
    CandidateSets(unchecked: membership.selecting(rows: rows))
  }
}
