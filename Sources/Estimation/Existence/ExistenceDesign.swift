import SurprisalLinearAlgebra

/// The features as used by the search for directions: independent columns, each scaled by a power
/// of two, and the column of ones if there is an intercept.
///
/// Powers of two change no digit, so results for this matrix hold for the user's. Directions are C
/// x E, class by class, E the number of these columns.
struct ExistenceDesign: Sendable {
  private(set) var matrix: BlockedMatrix
  /// Length of each row.
  let rowLengths: [Double]
  let includesIntercept: Bool
  /// Whether the features were rounded to single precision.
  let isSingle: Bool
  private let dependencies: ColumnDependencies
  private let originalColumnCount: Int
  private let scales: [Double]

  init(
    _ features: BlockedMatrix, dependencies: ColumnDependencies, includesIntercept: Bool
  ) {
    self.dependencies = dependencies
    self.includesIntercept = includesIntercept
    isSingle = features.storageKind == .single
    originalColumnCount = features.columnCount
    let independent = dependencies.independent
    let columnCount = independent.count + (includesIntercept ? 1 : 0)
    var matrix = BlockedMatrix(rowCount: features.rowCount, columnCount: columnCount)
    var squares = [Double](repeating: includesIntercept ? 1 : 0, count: features.rowCount)
    scales = independent.enumerated().map { target, column in
      let values = features.column(column)
      let scale = Self.scale(of: values)
      let scaled = values.map { $0 * scale }
      for row in scaled.indices { squares[row] += scaled[row] * scaled[row] }
      matrix.setColumn(target, to: scaled)
      return scale
    }
    if includesIntercept {
      matrix.setColumn(
        columnCount - 1, to: [Double](repeating: 1, count: features.rowCount))
    }
    self.matrix = matrix
    rowLengths = squares.map { $0.squareRoot() }
  }

  /// Whether in double precision no column has values ten thousand times as far from its median as
  /// is typical: differences between ordinary rows are then well above rounding.
  var hasComparableRows: Bool {
    !isSingle
      && (0..<columnCount).allSatisfy { column in
        let values = matrix.column(column)
        let median = values.sorted()[values.count / 2]
        let distances = values.map { ($0 - median).magnitude }.filter { $0 > 0 }.sorted()
        guard let top = distances.last else { return true }
        return top <= 1e4 * distances[distances.count / 2]
      }
  }

  /// The number of columns, E.
  var columnCount: Int { matrix.columnCount }
  /// The number of features, D.
  var featureCount: Int { originalColumnCount }
  /// The feature columns included here, in order.
  var independent: [Int] { dependencies.independent }

  /// Parameters `[W: C x D | b: C]` as a direction in this design; the contribution of dependent
  /// columns is moved to the columns they depend on.
  func direction(of parameters: [Double], classCount: Int) -> [Double] {
    let width = originalColumnCount
    var places = [Int](repeating: 0, count: width)
    for (place, column) in independent.enumerated() { places[column] = place }
    var result: [Double] = []
    for index in 0..<classCount {
      let weights = parameters[index * width..<(index + 1) * width]
      var row = independent.map { weights[index * width + $0] }
      var intercept = includesIntercept ? parameters[classCount * width + index] : 0
      for aliased in dependencies.aliased {
        let weight = weights[index * width + aliased.column]
        for term in aliased.combination { row[places[term.column]] += weight * term.coefficient }
        intercept += weight * aliased.interceptCoefficient
      }
      result += zip(row, scales).map { $0 / $1 } + (includesIntercept ? [intercept] : [])
    }
    return result
  }

  /// A direction in this design as parameters `[W: C x D | b: C]`.
  func parameters(of direction: [Double], classCount: Int) -> [Double] {
    var weights = [Double](repeating: 0, count: classCount * originalColumnCount)
    var intercepts: [Double] = []
    for index in 0..<classCount {
      let start = index * columnCount
      for (place, column) in independent.enumerated() {
        weights[index * originalColumnCount + column] = direction[start + place] * scales[place]
      }
      if includesIntercept { intercepts.append(direction[start + columnCount - 1]) }
    }
    return weights + intercepts
  }

  /// The design with every entry squared.
  var squared: ExistenceDesign {
    var result = self
    for column in 0..<columnCount {
      result.matrix.updateColumn(column) { segment, _ in
        for place in segment.indices { segment[place] *= segment[place] }
      }
    }
    return result
  }

  /// Calls `body` for the logits of a direction block by block: class k of the block's row i is at
  /// `units[k * stride + i]`.
  func forEachLogitBlock(
    of direction: [Double], classCount: Int,
    _ body: (Range<Int>, UnsafePointer<Double>, Int) -> Void
  ) {
    var tile = Tile(unitCount: classCount, capacity: BlockedMatrix.blockSize)
    for index in 0..<matrix.blockCount {
      let block = matrix.block(index)
      tile.fill(0..<classCount) { _ in 0 }
      block.addProduct(with: direction, units: classCount, to: &tile)
      let stride = tile.stride
      tile.withUnsafeUnits { body(block.rows, $0, stride) }
    }
  }

  /// The power of two that brings the root mean square near one.
  private static func scale(of values: [Double]) -> Double {
    let top = values.infinityNorm
    guard top > 0, top.isFinite else { return 1 }
    let rough = Double(sign: .plus, exponent: Swift.max(-1022, -top.exponent), significand: 1)
    let mean = values.reduce(0) { $0 + ($1 * rough) * ($1 * rough) } / Double(values.count)
    return rough * Double(sign: .plus, exponent: -mean.squareRoot().exponent, significand: 1)
  }
}
