/// A small symmetric matrix as its lower triangle, row by row, like the pairs of a tile.
struct PackedMatrix {
  let dimension: Int
  private var elements: [Double]

  init(dimension: Int) {
    self.dimension = dimension
    elements = [Double](repeating: 0, count: dimension * (dimension + 1) / 2)
  }

  /// The entry of row >= column.
  subscript(row: Int, column: Int) -> Double {
    get { elements[row * (row + 1) / 2 + column] }
    set { elements[row * (row + 1) / 2 + column] = newValue }
  }

  mutating func clear() {
    for index in elements.indices { elements[index] = 0 }
  }

  /// Adds a multiple of v vᵀ.
  mutating func addSquare(of vector: [Double], factor: Double) {
    var pair = 0
    for row in 0..<dimension {
      let scaled = factor * vector[row]
      for column in 0...row {
        elements[pair] += scaled * vector[column]
        pair += 1
      }
    }
  }
}
