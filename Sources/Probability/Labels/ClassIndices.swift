import SurprisalLinearAlgebra

/// One known class for each of N rows.
public struct ClassIndices: Sendable {
  /// The number of classes, C.
  public let classCount: Int
  /// The class of each row, in `0..<classCount`.
  public let indices: [Int32]

  /// The number of rows, N.
  public var rowCount: Int { indices.count }

  /// Checks every index. Throws `LabelError.classOutOfRange`, `.oneClass` or `.noRows`.
  public init(_ indices: [Int], classCount: Int) throws(LabelError) {
    guard classCount >= 2 else { throw .oneClass }
    guard !indices.isEmpty else { throw .noRows }
    var checked: [Int32] = []
    checked.reserveCapacity(indices.count)
    for (row, index) in indices.enumerated() {
      guard index >= 0, index < classCount, let index = Int32(exactly: index) else {
        throw .classOutOfRange(row: row, index: index, classCount: classCount)
      }
      checked.append(index)
    }
    self.indices = checked
    self.classCount = classCount
  }

  private init(unchecked indices: [Int32], classCount: Int) {
    self.indices = indices
    self.classCount = classCount
  }

  /// The class of a row.
  public subscript(row: Int) -> Int { Int(indices[row]) }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> ClassIndices {
    ClassIndices(unchecked: rows.map { indices[$0] }, classCount: classCount)
  }

  /// The indices, padded with -1 (no class) up to the end of the last row block.
  var paddedIndices: [Int32] {
    let padding = BlockedMatrix.paddedRowCount(rowCount) - rowCount
    return indices + [Int32](repeating: -1, count: padding)
  }
}
