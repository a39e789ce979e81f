/// A dense symmetric matrix; the lower triangle is stored row by row in a full square.
///
/// Only entries `[i, j]` with `j <= i` are meaningful; the accessors mirror them.
public struct SymmetricMatrix: Sendable {
  /// The number of rows.
  public let dimension: Int
  /// The entries, row-major, `dimension * dimension` doubles.
  public var elements: [Double]

  /// A matrix of zeros. Complexity: O(n²) memory.
  public init(dimension: Int) {
    self.dimension = dimension
    elements = [Double](repeating: 0, count: dimension * dimension)
  }

  /// An entry; the order of the indices does not matter.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[Swift.max(row, column) * dimension + Swift.min(row, column)] }
    set { elements[Swift.max(row, column) * dimension + Swift.min(row, column)] = newValue }
  }

  /// The product with a vector. Complexity: O(n²).
  public func multiply(_ vector: [Double]) -> [Double] {
    precondition(vector.count == dimension)
    var result = [Double](repeating: 0, count: dimension)
    for row in 0..<dimension {
      var sum = 0.0
      for column in 0..<row {
        let entry = elements[row * dimension + column]
        sum += entry * vector[column]
        result[column] += entry * vector[row]
      }
      result[row] += sum + elements[row * dimension + row] * vector[row]
    }
    return result
  }

  /// The diagonal.
  public var diagonal: [Double] { (0..<dimension).map { elements[$0 * dimension + $0] } }

  /// The rows and columns at `indices`, ascending.
  public func restricted(to indices: [Int]) -> SymmetricMatrix {
    if indices.count == dimension { return self }
    var result = SymmetricMatrix(dimension: indices.count)
    for (row, index) in indices.enumerated() {
      for column in 0...row { result[row, column] = self[index, indices[column]] }
    }
    return result
  }
}
