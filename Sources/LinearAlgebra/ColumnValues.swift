/// The numbers of a column: an array of their own, or a column of a matrix that several share.
///
/// A collection by row. A column of a matrix is read in place; whoever wants all columns of one
/// matrix can have the matrix itself.
public struct ColumnValues: RandomAccessCollection, Sendable {
  private enum Source: Sendable {
    case array([Double])
    case column(BlockedMatrix, Int)
  }

  private let source: Source

  /// The numbers of an array.
  public init(_ values: [Double]) { source = .array(values) }

  /// A column of a matrix that is not sparse.
  public init(_ matrix: BlockedMatrix, column: Int) {
    precondition(matrix.storageKind != .sparse && (0..<matrix.columnCount).contains(column))
    source = .column(matrix, column)
  }

  public var startIndex: Int { 0 }

  public var endIndex: Int {
    switch source {
    case .array(let values): values.count
    case .column(let matrix, _): matrix.rowCount
    }
  }

  public subscript(row: Int) -> Double {
    switch source {
    case .array(let values): values[row]
    case .column(let matrix, let column): matrix[row, column]
    }
  }

  /// Visits contiguous parts in order, with their rows: faster than one row after the other.
  public func forEachSegment(_ body: (UnsafeBufferPointer<Double>, Range<Int>) -> Void) {
    switch source {
    case .array(let values): values.withUnsafeBufferPointer { body($0, 0..<values.count) }
    case .column(let matrix, let column): matrix.forEachSegment(ofColumn: column, body)
    }
  }

  /// The numbers as an array.
  public var array: [Double] {
    switch source {
    case .array(let values): values
    case .column(let matrix, let column): matrix.column(column)
    }
  }

  /// The matrix and the column that are read in place; nil for an array.
  public var place: (matrix: BlockedMatrix, column: Int)? {
    if case .column(let matrix, let column) = source { (matrix, column) } else { nil }
  }
}

extension ColumnValues: Equatable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public init(arrayLiteral elements: Double...) { self.init(elements) }

  /// Equal numbers in equal order, wherever they are; NaN equals nothing.
  public static func == (left: ColumnValues, right: ColumnValues) -> Bool {
    left.elementsEqual(right)
  }

  public var description: String { array.description }
}

extension BlockedMatrix {
  /// The matrix of these columns. Where they are the columns of one matrix of this storage, all of
  /// them and in order, it is that matrix and nothing is copied.
  ///
  /// All columns have `rowCount` rows; `kind` is `.double` or `.single`. Complexity: O(N D).
  public init(gathering columns: [ColumnValues], rowCount: Int, storage kind: MatrixStorage) {
    if let shared = Self.shared(by: columns, kind) {
      self = shared
      return
    }
    self.init(rowCount: rowCount, columnCount: columns.count, storage: kind)
    for (index, column) in columns.enumerated() {
      precondition(column.count == rowCount)
      column.forEachSegment { segment, rows in
        var start = rows.lowerBound
        while start < rows.upperBound {
          let end = min(rows.upperBound, (start / Self.blockSize + 1) * Self.blockSize)
          for row in start..<end { write(segment[row - rows.lowerBound], row, index) }
          start = end
        }
      }
    }
  }

  private static func shared(
    by columns: [ColumnValues], _ kind: MatrixStorage
  ) -> BlockedMatrix? {
    guard let first = columns.first?.place?.matrix, first.columnCount == columns.count,
      first.storageKind == kind
    else { return nil }
    let isWhole = columns.enumerated().allSatisfy { index, column in
      column.place.map { $0.column == index && $0.matrix.box === first.box } ?? false
    }
    return isWhole ? first : nil
  }
}
