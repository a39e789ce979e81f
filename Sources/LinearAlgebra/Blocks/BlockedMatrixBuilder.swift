/// Builds a matrix whose rows arrive in order and whose row count is not known in advance.
///
/// Rows are written directly to their position in the blocks; several threads may write different
/// rows at once. Memory is reserved but not touched: unused capacity costs only address space.
public struct BlockedMatrixBuilder: ~Copyable, Sendable {
  /// D, the number of columns.
  public private(set) var columnCount: Int
  /// How entries are stored: in double or in single precision.
  public let storageKind: MatrixStorage
  /// The number of rows there is room for; a multiple of the block size.
  public private(set) var capacity: Int

  private var storage: BlockedMatrix.Storage

  /// A builder with room for `rowCapacity` rows. `storage` is `.double` or `.single`.
  public init(columnCount: Int, rowCapacity: Int, storage kind: MatrixStorage = .double) {
    precondition(kind != .sparse && columnCount >= 0 && rowCapacity >= 0)
    self.columnCount = columnCount
    storageKind = kind
    capacity = BlockedMatrix.blockCount(ofRows: rowCapacity) * BlockedMatrix.blockSize
    storage = Self.storage(kind, count: capacity * columnCount)
  }

  /// Makes room for `rowCapacity` rows, keeps the first `filled`, and drops the columns that are
  /// not in `columns`. Complexity: O(filled D).
  public mutating func grow(rowCapacity: Int, filled: Int, keeping columns: [Int]? = nil) {
    let kept = columns ?? Array(0..<columnCount)
    let room = BlockedMatrix.blockCount(ofRows: rowCapacity) * BlockedMatrix.blockSize
    precondition(filled <= capacity && filled <= room)
    let new = Self.storage(storageKind, count: room * kept.count)
    switch (storage, new) {
    case (.double(let old), .double(let new)):
      Self.copy(old.start, columnCount, to: new.start, kept, blocks: filled)
    case (.single(let old), .single(let new)):
      Self.copy(old.start, columnCount, to: new.start, kept, blocks: filled)
    default: preconditionFailure("both are of one kind")
    }
    storage = new
    columnCount = kept.count
    capacity = room
  }

  /// The destination for rows; valid until the builder grows or is finished.
  public var target: Target {
    switch storage {
    case .double(let buffer): Target(double: buffer.start, single: nil, columnCount: columnCount)
    case .single(let buffer): Target(double: nil, single: buffer.start, columnCount: columnCount)
    case .sparse: preconditionFailure("a builder is never sparse")
    }
  }

  /// The matrix of the first `rowCount` rows, all of which must have been written.
  public consuming func finish(rowCount: Int) -> BlockedMatrix {
    precondition(rowCount <= capacity)
    switch storage {
    case .double(let buffer): Self.close(buffer, rowCount, columnCount)
    case .single(let buffer): Self.close(buffer, rowCount, columnCount)
    case .sparse: break
    }
    return BlockedMatrix(rowCount: rowCount, columnCount: columnCount, storage: storage)
  }

  private static func storage(_ kind: MatrixStorage, count: Int) -> BlockedMatrix.Storage {
    kind == .single
      ? .single(AlignedStorage(uninitializedCount: count))
      : .double(AlignedStorage(uninitializedCount: count))
  }

  private static func copy<Element>(
    _ source: UnsafeMutablePointer<Element>, _ columnCount: Int,
    to target: UnsafeMutablePointer<Element>, _ columns: [Int], blocks rowCount: Int
  ) {
    let size = BlockedMatrix.blockSize
    for block in 0..<BlockedMatrix.blockCount(ofRows: rowCount) {
      let rows = min(size, rowCount - block * size)
      for (place, column) in columns.enumerated() {
        (target + (block * columns.count + place) * size)
          .update(from: source + (block * columnCount + column) * size, count: rows)
      }
    }
  }

  /// Moves the columns of a short last block together and pads them with zeros.
  private static func close<Element: BinaryFloatingPoint>(
    _ buffer: AlignedStorage<Element>, _ rowCount: Int, _ columnCount: Int
  ) {
    let size = BlockedMatrix.blockSize
    let last = rowCount / size
    let rows = rowCount - last * size
    if rows > 0 {
      let stride = Tile.padded(rows)
      let base = buffer.start + last * size * columnCount
      for column in 0..<columnCount {
        (base + column * stride).update(from: base + column * size, count: rows)
        (base + column * stride + rows).update(repeating: 0, count: stride - rows)
      }
    }
    buffer.shrink(to: BlockedMatrix.paddedRowCount(rowCount) * columnCount)
  }

  /// The destination for the rows of a builder.
  ///
  /// `@unchecked`: threads write to different rows.
  public struct Target: @unchecked Sendable {
    let double: UnsafeMutablePointer<Double>?
    let single: UnsafeMutablePointer<Float>?
    /// D, the number of columns.
    public let columnCount: Int

    /// Writes one entry.
    @inline(__always)
    public func set(_ value: Double, row: Int, column: Int) {
      let block = row / BlockedMatrix.blockSize
      let place =
        (block * columnCount + column) * BlockedMatrix.blockSize + row
        - block * BlockedMatrix.blockSize
      if let double { double[place] = value } else { single?[place] = Float(value) }
    }

    /// Writes `count` rows starting at `row`, all in one block; entry d of row i comes from
    /// `source[i * stride + d]`.
    ///
    /// With eight rows at a time, starting at a multiple of eight, each column is written in whole
    /// cache lines.
    public func set(rows row: Int, count: Int, from source: UnsafePointer<Double>, stride: Int) {
      set(rows: row, count: count, from: source, stride: stride) { $0 }
    }

    /// As above, for rows in single precision.
    public func set(rows row: Int, count: Int, from source: UnsafePointer<Float>, stride: Int) {
      set(rows: row, count: count, from: source, stride: stride) { Double($0) }
    }

    /// Writes a part of a column that lies within one block.
    public func set(column: Int, row: Int, count: Int, from source: UnsafePointer<Double>) {
      for offset in 0..<count { set(source[offset], row: row + offset, column: column) }
    }

    @inline(__always)
    private func set<Element: BinaryFloatingPoint>(
      rows row: Int, count: Int, from source: UnsafePointer<Element>, stride: Int,
      _ value: (Element) -> Double
    ) {
      let size = BlockedMatrix.blockSize
      let block = row / size
      let start = block * size * columnCount + row - block * size
      if let double {
        Self.transpose(source, stride, count, columnCount, to: double + start, size) { value($0) }
      } else if let single {
        Self.transpose(source, stride, count, columnCount, to: single + start, size) {
          Float(value($0))
        }
      }
    }

    @inline(__always)
    private static func transpose<From, To>(
      _ source: UnsafePointer<From>, _ stride: Int, _ rows: Int, _ columns: Int,
      to target: UnsafeMutablePointer<To>, _ size: Int, _ value: (From) -> To
    ) {
      if rows == 8 {
        for column in 0..<columns {
          let from = source + column
          let to = target + column * size
          to[0] = value(from[0])
          to[1] = value(from[stride])
          to[2] = value(from[2 * stride])
          to[3] = value(from[3 * stride])
          to[4] = value(from[4 * stride])
          to[5] = value(from[5 * stride])
          to[6] = value(from[6 * stride])
          to[7] = value(from[7 * stride])
        }
        return
      }
      for column in 0..<columns {
        for row in 0..<rows { target[column * size + row] = value(source[row * stride + column]) }
      }
    }
  }
}
