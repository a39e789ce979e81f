import SurprisalLinearAlgebra

/// The numbers of a NumPy array file, one or two axes.
public struct NPYArray: Sendable {
  /// `[length]` or `[rows, columns]`.
  public let shape: [Int]

  /// The elements: as many rows and columns as the array, one column for an array of one axis.
  public let matrix: BlockedMatrix

  /// Whether the elements are integers or truth values in the file.
  public let isInteger: Bool

  /// The blocks of the matrix that hold infinities or not-a-number, ascending.
  let oddBlocks: [Int]

  /// An array; the matrix has the shape.
  init(shape: [Int], matrix: BlockedMatrix, isInteger: Bool, oddBlocks: [Int]) {
    self.shape = shape
    self.matrix = matrix
    self.isInteger = isInteger
    self.oddBlocks = oddBlocks
  }

  /// The length of the first axis.
  public var rowCount: Int { matrix.rowCount }

  /// The length of the second axis; 1 for an array of one axis.
  public var columnCount: Int { matrix.columnCount }

  /// The elements row by row, whatever order the file has. Complexity: O(N D).
  public var values: [Double] { (0..<rowCount).flatMap { matrix.row($0) } }

  /// A column from the top, counted from 0.
  public func column(_ index: Int) -> [Double] { matrix.column(index) }

  /// The rows of a column that hold infinity or not-a-number, ascending.
  func oddRows(ofColumn column: Int) -> [Int] {
    oddBlocks.flatMap { block in
      BlockedMatrix.rows(ofBlock: block, rowCount: rowCount).filter { !matrix[$0, column].isFinite }
    }
  }
}
