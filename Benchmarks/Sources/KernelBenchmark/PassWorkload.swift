import Surprisal

/// One reading of the features that gives value and gradient, through the library's blocks.
struct PassWorkload: Sendable {
  let name: String
  let features: BlockedMatrix
  let shares: BlockedMatrix
  let parameters: [Double]

  var classCount: Int { shares.columnCount }
  var flops: Double {
    let dense = Double(features.rowCount) * Double(features.columnCount)
    let entries = features.compressedRows.map { Double($0.entryCount) } ?? dense
    return 4 * entries * Double(classCount)
  }
  var bytes: Double { Double(features.storageSize) }

  /// Dense features in double precision.
  init(rows: Int, columns: Int, classes: Int) {
    self.init(
      "\(rows) x \(columns), C = \(classes)", Self.numbers(rows: rows, columns: columns) { $0 },
      classes: classes)
  }

  /// The same features in single precision.
  var inSinglePrecision: PassWorkload {
    PassWorkload(name + ", float32", features.stored(as: .single), classes: classCount)
  }

  /// `entries` columns of each row are not zero, a few columns in most rows and most in few.
  static func sparse(rows: Int, columns: Int, entries: Int, classes: Int) -> PassWorkload {
    var compressed = CompressedRows()
    var state: UInt64 = 7
    compressed.reserve(rows: rows, entries: rows * entries)
    for _ in 0..<rows {
      var row = Set<UInt32>()
      while row.count < entries {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let uniform = Double(state >> 11) * 0x1p-53 + 1e-9
        // The inverse of a Pareto distribution, as word counts have it.
        row.insert(UInt32(min(20 / uniform - 20, Double(columns - 1))))
      }
      let sorted = row.sorted()
      compressed.append(columns: sorted, values: sorted.map { Double($0 % 7) / 7 + 0.1 })
    }
    let features = BlockedMatrix(compressed, columnCount: columns)
    return PassWorkload(
      "\(rows) x \(columns) with \(entries) a row, C = \(classes)", features, classes: classes)
  }

  private init(_ name: String, _ features: BlockedMatrix, classes: Int) {
    let rows = features.rowCount
    let columns = features.columnCount
    self.name = name
    self.features = features
    shares = Self.numbers(rows: rows, columns: classes) { _ in 1 / Double(classes) }
    parameters = (0..<classes * (columns + 1)).map { Double($0 % 17) / 170 - 0.05 }
  }

  /// The value and the gradient, as an objective computes them.
  func pass(_ threads: ThreadCount) -> [Double] {
    let weights = ArrangedWeights(
      parameters, unitCount: classCount, columnCount: features.columnCount,
      for: features.storageKind)
    let total = threads.reduce(
      SummationTree(blockCount: features.blockCount), from: PassSum(weights: zeros)
    ) { add(blocks: $1, weights, to: &$0) }
    var gradient = [Double](repeating: 0, count: parameters.count)
    total.weights.add(to: &gradient)
    gradient[intercepts] += total.value
    return gradient
  }

  private var zeros: ArrangedWeights {
    ArrangedWeights(
      unitCount: classCount, columnCount: features.columnCount, for: features.storageKind)
  }

  private var intercepts: Int { classCount * features.columnCount }

  private func add(blocks: Range<Int>, _ weights: ArrangedWeights, to sum: inout PassSum) {
    var tile = Tile(unitCount: classCount, capacity: BlockedMatrix.blockSize)
    var values = [Double](repeating: 0, count: tile.stride)
    for index in blocks {
      let block = features.block(index)
      tile.fill(0..<classCount) { parameters[intercepts + $0] }
      block.addProduct(with: weights, to: &tile)
      tile.crossEntropyScore(against: shares.block(index), values: &values)
      block.addOuterProduct(with: tile, to: &sum.weights)
      sum.value += values[0]
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

/// A value and its gradient, summed over blocks.
private struct PassSum: PartialSum {
  var weights: ArrangedWeights
  var value = 0.0

  mutating func add(_ other: PassSum) {
    weights.add(other.weights)
    value += other.value
  }

  func appendNumbers(to numbers: inout [Double]) {
    weights.appendNumbers(to: &numbers)
    value.appendNumbers(to: &numbers)
  }

  mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    weights.takeNumbers(from: &numbers)
    value.takeNumbers(from: &numbers)
  }
}
