import SurprisalLinearAlgebra

extension Column {
  /// The numbers of a column: an array, or one column of a matrix that several columns share.
  ///
  /// A collection indexed by row. A column of a matrix is read in place, so columns that make up a
  /// whole matrix can be turned into that matrix again without a copy.
  public struct Numbers: RandomAccessCollection, Sendable {
    private enum Source: Sendable {
      case array([Double])
      case column(BlockedMatrix, Int)
    }

    private let source: Source

    /// Wraps an array.
    public init(_ values: [Double]) { source = .array(values) }

    /// Wraps a column of a matrix that is not sparse.
    package init(_ matrix: BlockedMatrix, column: Int) {
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

    /// The numbers as an array.
    public var array: [Double] {
      switch source {
      case .array(let values): values
      case .column(let matrix, let column): matrix.column(column)
      }
    }

    /// Calls `body` for each contiguous part in order, with its rows.
    fileprivate func forEachSegment(_ body: (UnsafeBufferPointer<Double>, Range<Int>) -> Void) {
      switch source {
      case .array(let values): values.withUnsafeBufferPointer { body($0, 0..<values.count) }
      case .column(let matrix, let column): matrix.forEachSegment(ofColumn: column, body)
      }
    }

    /// The matrix and the column index, if the numbers are read in place; nil for an array.
    fileprivate var place: (matrix: BlockedMatrix, column: Int)? {
      if case .column(let matrix, let column) = source { (matrix, column) } else { nil }
    }
  }
}

extension Column.Numbers: Equatable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public init(arrayLiteral elements: Double...) { self.init(elements) }

  /// Whether the numbers are equal in order, regardless of their storage; NaN equals nothing.
  public static func == (left: Column.Numbers, right: Column.Numbers) -> Bool {
    left.elementsEqual(right)
  }

  public var description: String { array.description }
}

extension BlockedMatrix {
  /// The matrix of these columns. If they are all columns of one matrix of this storage, in order,
  /// that matrix is used without a copy.
  ///
  /// All columns have `rowCount` rows; `kind` is `.double` or `.single`. Complexity: O(N D).
  package init(columns: [Column.Numbers], rowCount: Int, storage kind: MatrixStorage) {
    if let shared = Self.shared(by: columns, kind) {
      self = shared
      return
    }
    self.init(rowCount: rowCount, columnCount: columns.count, storage: kind)
    for (index, column) in columns.enumerated() {
      precondition(column.count == rowCount)
      column.forEachSegment { segment, rows in
        setColumn(index, from: rows.lowerBound, to: segment)
      }
    }
  }

  private static func shared(
    by columns: [Column.Numbers], _ kind: MatrixStorage
  ) -> BlockedMatrix? {
    guard let first = columns.first?.place?.matrix, first.columnCount == columns.count,
      first.storageKind == kind
    else { return nil }
    let isWhole = columns.enumerated().allSatisfy { index, column in
      column.place.map { $0.column == index && $0.matrix.sharesStorage(with: first) } ?? false
    }
    return isWhole ? first : nil
  }
}
