import SurprisalKernels

/// Weights of several units, or a sum of the same shape, in the order in which the products of a
/// matrix read them.
///
/// A dense matrix reads them unit by unit, in the order of parameter vectors; a sparse one reads
/// the units of a column together. Arranging them once for products with many blocks made a pass
/// with 80 entries per row and 20 units eight times faster.
public struct ArrangedWeights: Sendable {
  /// The number of units.
  public let unitCount: Int
  /// D, the number of columns.
  public let columnCount: Int

  let unitStride: Int
  let columnStride: Int
  private(set) var buffer: AlignedBuffer

  /// Zeros for products of `unitCount` units with blocks of `columnCount` columns stored as
  /// `storage`.
  public init(unitCount: Int, columnCount: Int, for storage: MatrixStorage) {
    self.unitCount = unitCount
    self.columnCount = columnCount
    unitStride = storage == .sparse ? 1 : columnCount
    columnStride = storage == .sparse ? Tile.padded(unitCount) : 1
    buffer = AlignedBuffer(
      count: storage == .sparse ? columnCount * columnStride : unitCount * unitStride)
  }

  /// `weights[offset + u * D + d]` for units `0..<unitCount`. Complexity: O(D unitCount).
  public init(
    _ weights: [Double], from offset: Int = 0, unitCount: Int, columnCount: Int,
    for storage: MatrixStorage
  ) {
    self.init(unitCount: unitCount, columnCount: columnCount, for: storage)
    precondition(offset + unitCount * columnCount <= weights.count)
    let target = buffer.start
    weights.withUnsafeBufferPointer { source in
      forEachRun { place, arranged, count, stride in
        if stride == 1, let start = source.baseAddress {
          (target + arranged).update(from: start + offset + place, count: count)
        } else {
          for step in 0..<count { target[arranged + step * stride] = source[offset + place + step] }
        }
      }
    }
  }

  /// Adds `factor` times a sum of the same shape.
  public mutating func add(_ factor: Double, times other: ArrangedWeights) {
    precondition(other.buffer.count == buffer.count && other.unitStride == unitStride)
    makeUnique()
    surprisal_add_scaled(buffer.count, factor, other.buffer.start, buffer.start)
  }

  /// `result[offset + u * D + d] += factor * self[u, d]`.
  public func add(_ factor: Double = 1, to result: inout [Double], from offset: Int = 0) {
    precondition(offset + unitCount * columnCount <= result.count)
    let source = buffer.start
    result.withUnsafeMutableBufferPointer { target in
      forEachRun { place, arranged, count, stride in
        if stride == 1, let start = target.baseAddress {
          surprisal_add_scaled(count, factor, source + arranged, start + offset + place)
        } else {
          for step in 0..<count {
            target[offset + place + step] += factor * source[arranged + step * stride]
          }
        }
      }
    }
  }

  /// Whether these are arranged for matrices stored as `storage`.
  func isArranged(for storage: MatrixStorage) -> Bool {
    columnStride == (storage == .sparse ? Tile.padded(unitCount) : 1)
  }

  /// Reads the entries: unit u and column d is at `start[u * unitStride + d * columnStride]`.
  public func withUnsafeWeights<R>(_ body: (UnsafePointer<Double>, Int, Int) throws -> R) rethrows
    -> R
  {
    try withExtendedLifetime(buffer) {
      try body(UnsafePointer(buffer.start), unitStride, columnStride)
    }
  }

  /// Writes the entries, at the same positions as in `withUnsafeWeights`.
  public mutating func withUnsafeMutableWeights<R>(
    _ body: (UnsafeMutablePointer<Double>, Int, Int) throws -> R
  ) rethrows -> R {
    makeUnique()
    return try withExtendedLifetime(buffer) { try body(buffer.start, unitStride, columnStride) }
  }

  mutating func withMutableStart(_ body: (UnsafeMutablePointer<Double>) -> Void) {
    makeUnique()
    body(buffer.start)
  }

  /// Calls `body` for runs of entries, unit by unit: the start in the vector, the start here, the
  /// length and the stride here. If the entries of a column are contiguous, a strip of columns is
  /// visited at a time, so that both sides stay in the cache.
  private func forEachRun(_ body: (Int, Int, Int, Int) -> Void) {
    if columnStride == 1 { return body(0, 0, unitCount * columnCount, 1) }
    let strip = 64
    for first in stride(from: 0, to: columnCount, by: strip) {
      let count = min(strip, columnCount - first)
      for unit in 0..<unitCount {
        body(unit * columnCount + first, unit + first * columnStride, count, columnStride)
      }
    }
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
  }
}

extension ArrangedWeights: PartialSum {
  public mutating func add(_ other: ArrangedWeights) { add(1, times: other) }

  public func appendNumbers(to numbers: inout [Double]) {
    numbers.append(contentsOf: UnsafeBufferPointer(start: buffer.start, count: buffer.count))
  }

  public mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    makeUnique()
    for index in 0..<buffer.count { buffer.start[index] = numbers[numbers.startIndex + index] }
    numbers.removeFirst(buffer.count)
  }
}
