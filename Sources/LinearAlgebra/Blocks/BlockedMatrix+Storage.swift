/// How the entries of a matrix are stored.
public enum MatrixStorage: String, Sendable, CaseIterable {
  /// Every entry, 8 bytes.
  case double
  /// Every entry, 4 bytes: rounded to 24 bits; sums are still computed in double precision.
  case single
  /// Only the nonzero entries, 12 bytes each.
  case sparse
}

extension BlockedMatrix {
  enum Storage: Sendable {
    case double(AlignedBuffer)
    case single(AlignedStorage<Float>)
    case sparse(CompressedRows)

    func copy() -> Storage {
      switch self {
      case .double(let buffer): .double(buffer.copy())
      case .single(let buffer): .single(buffer.copy())
      case .sparse: self
      }
    }
  }

  /// Owns the storage; a unique owner of the box may write to the buffer in it.
  final class StorageBox: Sendable {
    let storage: Storage
    init(_ storage: Storage) { self.storage = storage }
  }

  var storage: Storage {
    get { box.storage }
    set { box = StorageBox(newValue) }
  }

  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&box) { box = StorageBox(box.storage.copy()) }
  }

  /// A matrix with existing storage.
  init(rowCount: Int, columnCount: Int, storage: Storage) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    box = StorageBox(storage)
  }

  /// A matrix of zeros in double or single precision. Complexity: O(N D).
  public init(rowCount: Int, columnCount: Int, storage kind: MatrixStorage) {
    precondition(rowCount >= 0 && columnCount >= 0 && kind != .sparse)
    let count = Self.paddedRowCount(rowCount) * columnCount
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      storage: kind == .single
        ? .single(AlignedStorage(count: count)) : .double(AlignedStorage(count: count)))
  }

  /// A sparse matrix. `entries` must have columns below `columnCount`.
  public init(_ entries: CompressedRows, columnCount: Int) {
    precondition(entries.columns.allSatisfy { Int($0) < columnCount })
    self.rowCount = entries.rowCount
    self.columnCount = columnCount
    box = StorageBox(.sparse(entries))
  }

  /// How the entries are stored.
  public var storageKind: MatrixStorage {
    switch storage {
    case .double: .double
    case .single: .single
    case .sparse: .sparse
    }
  }

  /// The size of the entries in bytes.
  public var storageSize: Int {
    switch storage {
    case .double(let buffer): buffer.count * MemoryLayout<Double>.stride
    case .single(let buffer): buffer.count * MemoryLayout<Float>.stride
    case .sparse(let entries):
      entries.entryCount * (MemoryLayout<Double>.stride + MemoryLayout<UInt32>.stride)
        + (entries.rowCount + 1) * MemoryLayout<Int>.stride
    }
  }

  /// The entries of a sparse matrix; nil for other storage.
  public var compressedRows: CompressedRows? {
    if case .sparse(let entries) = storage { entries } else { nil }
  }

  /// The same matrix with other storage: single precision rounds, `.sparse` omits zeros.
  /// Complexity: O(N D).
  public func stored(as kind: MatrixStorage) -> BlockedMatrix {
    if kind == storageKind { return self }
    if kind == .sparse { return BlockedMatrix(compressed(), columnCount: columnCount) }
    let result = BlockedMatrix(rowCount: rowCount, columnCount: columnCount, storage: kind)
    for row in 0..<rowCount {
      forEachEntry(ofRow: row) { column, value in result.write(value, row, column) }
    }
    return result
  }

  /// Calls `body` for the entries of a row with their columns, ascending; for a sparse matrix only
  /// for stored entries.
  public func forEachEntry(ofRow row: Int, _ body: (Int, Double) -> Void) {
    if case .sparse(let entries) = storage {
      for entry in entries.entries(ofRow: row) {
        body(Int(entries.columns[entry]), entries.values[entry])
      }
    } else {
      for column in 0..<columnCount { body(column, self[row, column]) }
    }
  }

  /// Multiplies each column by its factor.
  public mutating func scaleColumns(by factors: [Double]) {
    precondition(factors.count == columnCount)
    if case .sparse(var entries) = storage {
      // Released first, so that entries with a single owner are scaled in place.
      storage = .sparse(CompressedRows())
      entries.scaleColumns(by: factors)
      storage = .sparse(entries)
      return
    }
    for (column, factor) in factors.enumerated() {
      updateColumn(column) { segment, _ in
        for index in segment.indices { segment[index] *= factor }
      }
    }
  }

  /// A matrix of zeros with the same storage, double or single.
  func emptyCopy(rowCount: Int, columnCount: Int) -> BlockedMatrix {
    BlockedMatrix(
      rowCount: rowCount, columnCount: columnCount,
      storage: storageKind == .single ? .single : .double)
  }

  private func compressed() -> CompressedRows {
    var entries = CompressedRows()
    for row in 0..<rowCount {
      let columns = (0..<columnCount).filter { self[row, $0] != 0 }
      entries.append(columns: columns.map(UInt32.init), values: columns.map { self[row, $0] })
    }
    return entries
  }

  /// Writes to a matrix with a single owner.
  func write(_ value: Double, _ row: Int, _ column: Int) {
    switch storage {
    case .double(let buffer): buffer.start[offset(row, column)] = value
    case .single(let buffer): buffer.start[offset(row, column)] = Float(value)
    case .sparse: break
    }
  }
}
