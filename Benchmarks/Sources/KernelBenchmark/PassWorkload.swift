import Surprisal

/// One reading of the features that gives value and gradient, through the library's blocks.
struct PassWorkload: Sendable {
  let name: String
  let features: BlockedMatrix
  let shares: BlockedMatrix
  let parameters: [Double]

  var classCount: Int { shares.columnCount }
  var flops: Double {
    4 * Double(features.rowCount) * Double(features.columnCount) * Double(classCount)
  }
  var bytes: Double { 8 * Double(features.rowCount) * Double(features.columnCount) }

  init(rows: Int, columns: Int, classes: Int) {
    name = "\(rows) x \(columns), C = \(classes)"
    features = Self.numbers(rows: rows, columns: columns) { $0 }
    shares = Self.numbers(rows: rows, columns: classes) { _ in 1 / Double(classes) }
    parameters = (0..<classes * (columns + 1)).map { Double($0 % 17) / 170 - 0.05 }
  }

  /// The value and the gradient, as an objective computes them.
  func pass(_ threads: ThreadCount) -> [Double] {
    let groups = BlockGroups(blockCount: features.blockCount, sumSize: parameters.count)
    let parts = threads.map(count: groups.count) { group in
      var sum = [Double](repeating: 0, count: parameters.count)
      var tile = Tile(unitCount: classCount, capacity: BlockedMatrix.blockSize)
      var values = [Double](repeating: 0, count: tile.stride)
      let intercepts = classCount * features.columnCount
      for index in groups.blocks(of: group) {
        let block = features.block(index)
        tile.fill(0..<classCount) { parameters[intercepts + $0] }
        block.addProduct(with: parameters, units: classCount, to: &tile)
        tile.crossEntropyScore(against: shares.block(index), values: &values)
        block.addOuterProduct(with: tile, units: classCount, to: &sum)
        sum[intercepts] += values[0]
      }
      return sum
    }
    return parts.reduce(into: [Double](repeating: 0, count: parameters.count)) {
      $0.add(1, times: $1)
    }
  }

  private static func numbers(
    rows: Int, columns: Int, _ value: (Double) -> Double
  ) -> BlockedMatrix {
    var matrix = BlockedMatrix(rowCount: rows, columnCount: columns)
    for column in 0..<columns {
      matrix.updateColumn(column) { segment, range in
        for (offset, row) in range.enumerated() {
          segment[offset] = value(Double((row &* 31 &+ column &* 17) % 101) / 101 - 0.5)
        }
      }
    }
    return matrix
  }
}
