/// The numbers of a NumPy array file, one or two axes.
public struct NPYArray: Sendable, Equatable {
  /// `[length]` or `[rows, columns]`.
  public let shape: [Int]

  /// The elements row by row, whatever order the file has.
  public let values: [Double]

  /// Whether the elements are integers or truth values in the file.
  public let isInteger: Bool

  /// An array; `values.count` is the product of the shape.
  init(shape: [Int], values: [Double], isInteger: Bool) {
    self.shape = shape
    self.values = values
    self.isInteger = isInteger
  }

  /// The length of the first axis.
  public var rowCount: Int { shape.first ?? 0 }

  /// The length of the second axis; 1 for an array of one axis.
  public var columnCount: Int { shape.count > 1 ? shape[1] : 1 }

  /// A column from the top, counted from 0.
  public func column(_ index: Int) -> [Double] {
    precondition((0..<columnCount).contains(index))
    return stride(from: index, to: values.count, by: max(1, columnCount)).map { values[$0] }
  }
}
