/// An N x D matrix of doubles, split into blocks of rows, feature-major inside each block.
///
/// The package works block by block: a block of `blockSize` rows and its logits stay in the
/// second-level cache while they are used several times. Inside a block each column is contiguous,
/// so every product runs over examples, the longer dimension; the last block is padded with zero
/// rows to a multiple of `Tile.lanes`.
///
/// Entries are stored in double precision, in single precision, or as compressed rows
/// (`BlockedMatrix+Storage`); products have the same interface for all and are computed in double
/// precision.
///
/// A value type: writing to a shared matrix copies it first.
public struct BlockedMatrix: Sendable {
  /// The number of rows of every block but the last. It determines the order of sums: changing it
  /// changes the last bits of results.
  public static let blockSize = 192

  /// N, the number of rows.
  public let rowCount: Int
  /// D, the number of columns.
  public let columnCount: Int

  var box: StorageBox

  /// A matrix of zeros. Complexity: O(N D).
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 0 && columnCount >= 0)
    self.rowCount = rowCount
    self.columnCount = columnCount
    box = StorageBox(
      .double(AlignedBuffer(count: Self.paddedRowCount(rowCount) * columnCount)))
  }

  /// Copies columns. Precondition: each has `rowCount` numbers.
  public init(columns: [[Double]], rowCount: Int) {
    self.init(rowCount: rowCount, columnCount: columns.count)
    for (index, column) in columns.enumerated() { setColumn(index, to: column) }
  }

  /// Copies rows. Precondition: each has `columnCount` numbers; `Features` and `Dataset` throw for
  /// rows of unequal length.
  public init(rows: [[Double]], columnCount: Int) {
    self.init(rowCount: rows.count, columnCount: columnCount)
    for (index, row) in rows.enumerated() {
      precondition(row.count == columnCount, "rows of equal length")
      for column in 0..<columnCount { self[index, column] = row[column] }
    }
  }

  /// The number of blocks; the last one may be short.
  public var blockCount: Int { Self.blockCount(ofRows: rowCount) }

  /// The number of blocks for `rowCount` rows.
  public static func blockCount(ofRows rowCount: Int) -> Int {
    (rowCount + blockSize - 1) / blockSize
  }

  /// The rows of block `index` of a matrix of `rowCount` rows.
  public static func rows(ofBlock index: Int, rowCount: Int) -> Range<Int> {
    index * blockSize..<min((index + 1) * blockSize, rowCount)
  }

  /// Block `index` and its products.
  public func block(_ index: Int) -> RowBlock {
    RowBlock(matrix: self, index: index, rows: Self.rows(ofBlock: index, rowCount: rowCount))
  }

  /// One entry. To loop over many entries, use blocks.
  public subscript(row: Int, column: Int) -> Double {
    get {
      precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount)
      switch storage {
      case .double(let buffer): return buffer.start[offset(row, column)]
      case .single(let buffer): return Double(buffer.start[offset(row, column)])
      case .sparse(let entries): return entries.value(row: row, column: column)
      }
    }
    set {
      precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount)
      makeUnique()
      switch storage {
      case .double(let buffer): buffer.start[offset(row, column)] = newValue
      case .single(let buffer): buffer.start[offset(row, column)] = Float(newValue)
      case .sparse: preconditionFailure("entries of compressed rows cannot be set one by one")
      }
    }
  }

  /// One row as an array.
  public func row(_ row: Int) -> [Double] { (0..<columnCount).map { self[row, $0] } }

  /// One column as an array.
  public func column(_ column: Int) -> [Double] {
    var result = [Double]()
    result.reserveCapacity(rowCount)
    forEachSegment(ofColumn: column) { segment, _ in result.append(contentsOf: segment) }
    return result
  }

  /// Replaces one column.
  public mutating func setColumn(_ column: Int, to values: [Double]) {
    precondition(values.count == rowCount)
    updateColumn(column) { segment, rows in
      for (offset, row) in rows.enumerated() { segment[offset] = values[row] }
    }
  }

  /// Replaces the rows of one column, starting at `start`.
  package mutating func setColumn(
    _ column: Int, from start: Int, to values: UnsafeBufferPointer<Double>
  ) {
    precondition(start >= 0 && start + values.count <= rowCount)
    makeUnique()
    for (index, value) in values.enumerated() { write(value, start + index, column) }
  }

  /// Whether two matrices share their storage.
  package func sharesStorage(with other: BlockedMatrix) -> Bool { box === other.box }

  /// Calls `body` for the contiguous parts of a column, one per block, with their rows.
  public func forEachSegment(
    ofColumn column: Int, _ body: (UnsafeBufferPointer<Double>, Range<Int>) -> Void
  ) {
    for index in 0..<blockCount { withSegment(ofColumn: column, block: index, body) }
  }

  /// The contiguous part of a column in one block, with its rows.
  public func withSegment(
    ofColumn column: Int, block index: Int,
    _ body: (UnsafeBufferPointer<Double>, Range<Int>) -> Void
  ) {
    let rows = Self.rows(ofBlock: index, rowCount: rowCount)
    switch storage {
    case .double(let buffer):
      let start = buffer.start + offset(rows.lowerBound, column)
      body(UnsafeBufferPointer(start: start, count: rows.count), rows)
    case .single(let buffer):
      Self.widening(buffer.start + offset(rows.lowerBound, column), rows.count) {
        body(UnsafeBufferPointer($0), rows)
      }
    case .sparse:
      rows.map { self[$0, column] }.withUnsafeBufferPointer { body($0, rows) }
    }
  }

  /// Changes a column in place, one contiguous part per block. Not available for compressed rows;
  /// use `scaleColumns` for these.
  public mutating func updateColumn(
    _ column: Int, _ body: (UnsafeMutableBufferPointer<Double>, Range<Int>) -> Void
  ) {
    makeUnique()
    for index in 0..<blockCount {
      let rows = Self.rows(ofBlock: index, rowCount: rowCount)
      let first = offset(rows.lowerBound, column)
      switch storage {
      case .double(let buffer):
        body(UnsafeMutableBufferPointer(start: buffer.start + first, count: rows.count), rows)
      case .single(let buffer):
        Self.widening(buffer.start + first, rows.count) { segment in
          body(segment, rows)
          for offset in segment.indices { buffer.start[first + offset] = Float(segment[offset]) }
        }
      case .sparse: preconditionFailure("columns of compressed rows cannot be updated")
      }
    }
  }

  /// Calls `body` with a double precision copy of some single precision numbers.
  private static func widening(
    _ values: UnsafeMutablePointer<Float>, _ count: Int,
    _ body: (UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { segment in
      for offset in 0..<count { segment[offset] = Double(values[offset]) }
      body(segment)
    }
  }

  /// The rows at `indices`, in that order.
  public func selecting(rows indices: [Int]) -> BlockedMatrix {
    if case .sparse(let entries) = storage {
      return BlockedMatrix(entries.selecting(rows: indices), columnCount: columnCount)
    }
    precondition(indices.allSatisfy { $0 >= 0 && $0 < rowCount })
    let result = emptyCopy(rowCount: indices.count, columnCount: columnCount)
    switch (storage, result.storage) {
    case (.double(let source), .double(let target)):
      gather(indices, from: source.start, to: target.start, of: result)
    case (.single(let source), .single(let target)):
      gather(indices, from: source.start, to: target.start, of: result)
    default: preconditionFailure("a copy is stored as its original")
    }
    return result
  }

  /// Copies rows into those of `result`, block by block.
  private func gather<Element>(
    _ indices: [Int], from source: UnsafePointer<Element>, to target: UnsafeMutablePointer<Element>,
    of result: BlockedMatrix
  ) {
    for index in 0..<result.blockCount {
      let rows = Self.rows(ofBlock: index, rowCount: result.rowCount)
      let starts = indices[rows].map { offset($0, 0) }
      let strides = indices[rows].map { stride(ofBlock: $0 / Self.blockSize) }
      let (first, width) = (result.offset(rows.lowerBound, 0), result.stride(ofBlock: index))
      for column in 0..<columnCount {
        let segment = target + first + column * width
        for place in starts.indices {
          segment[place] = source[starts[place] + column * strides[place]]
        }
      }
    }
  }

  /// The columns at `indices`, in that order.
  public func selecting(columns indices: [Int]) -> BlockedMatrix {
    if case .sparse(let entries) = storage {
      return BlockedMatrix(
        entries.selecting(columns: indices, of: columnCount), columnCount: indices.count)
    }
    let result = emptyCopy(rowCount: rowCount, columnCount: indices.count)
    for (target, source) in indices.enumerated() {
      forEachSegment(ofColumn: source) { segment, rows in
        for (offset, row) in rows.enumerated() { result.write(segment[offset], row, target) }
      }
    }
    return result
  }

  /// Distance between the columns of block `index`.
  func stride(ofBlock index: Int) -> Int {
    Tile.padded(Self.rows(ofBlock: index, rowCount: rowCount).count)
  }

  func offset(_ row: Int, _ column: Int) -> Int {
    let index = row / Self.blockSize
    return index * Self.blockSize * columnCount + column * stride(ofBlock: index)
      + (row - index * Self.blockSize)
  }
}

extension BlockedMatrix {
  /// `result[d] += sum_i weights[i] * x[i, d]`, summed block by block. `weights` is padded with
  /// zeros to the padding of the last block.
  public func addColumnSums(weights: [Double], to result: inout [Double]) {
    let zeros = [Double](repeating: 0, count: columnCount)
    let sums = SummationTree(blockCount: blockCount).sum(from: zeros) { sum, blocks in
      weights.withUnsafeBufferPointer { weights in
        guard let base = weights.baseAddress else { return }
        for index in blocks {
          block(index).addWeightedSum(base + index * Self.blockSize, to: &sum)
        }
      }
    }
    for column in 0..<columnCount { result[column] += sums[column] }
  }

  /// `sum_i weights[i] * x[i, d]` for each column; see `addColumnSums`.
  package func columnSums(weights: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: columnCount)
    addColumnSums(weights: weights, to: &result)
    return result
  }

  /// `Σ weights[i] * x[i, f] * x[i, e]`, lower triangle of a D x D matrix, row-major.
  ///
  /// `weights` has one entry per row, padded with zeros to `paddedRowCount`.
  public func weightedGram(
    _ weights: [Double], threads: any Reducer = .one
  ) -> [Double] {
    let size = columnCount * columnCount
    return threads.reduce(
      SummationTree(blockCount: blockCount), from: [Double](repeating: 0, count: size)
    ) { sum, blocks in
      weights.withUnsafeBufferPointer { weights in
        guard let base = weights.baseAddress else { return }
        for index in blocks {
          block(index).addWeightedGram(base + index * Self.blockSize, to: &sum)
        }
      }
    }
  }

  /// The length of a vector of row weights, including zeros up to the padding of the last block.
  public static func paddedRowCount(_ rowCount: Int) -> Int {
    let full = rowCount / blockSize * blockSize
    return full + Tile.padded(rowCount - full)
  }
}

extension BlockedMatrix {
  /// The first `units` units of one tile per block, as columns.
  public init(tiles: [Tile], units: Int, rowCount: Int) {
    self.init(rowCount: rowCount, columnCount: units)
    precondition(tiles.count == blockCount)
    for unit in 0..<units {
      updateColumn(unit) { segment, rows in
        let tile = tiles[rows.lowerBound / Self.blockSize]
        tile.withUnsafeUnits { start in
          for offset in segment.indices { segment[offset] = start[unit * tile.stride + offset] }
        }
      }
    }
  }
}
