import SurprisalKernels

/// Weights of several units, or a sum of that shape, in the order in which the products of a matrix
/// read them.
///
/// A dense matrix reads them unit by unit, as vectors of parameters are; a sparse one reads the
/// units of a column together. Whoever takes products of many blocks with the same weights arranges
/// them once: for 80 entries a row and 20 units that made a pass eight times faster.
public struct ArrangedWeights: Sendable {
  /// The number of units.
  public let unitCount: Int
  /// D, the number of columns.
  public let columnCount: Int

  let unitStride: Int
  let columnStride: Int
  private(set) var buffer: AlignedBuffer

  /// Zeros for products of `unitCount` units with blocks of `matrix`.
  public init(unitCount: Int, for matrix: BlockedMatrix) {
    self.unitCount = unitCount
    columnCount = matrix.columnCount
    if matrix.storageKind == .sparse {
      unitStride = 1
      columnStride = Tile.padded(unitCount)
      buffer = AlignedBuffer(count: matrix.columnCount * columnStride)
    } else {
      unitStride = matrix.columnCount
      columnStride = 1
      buffer = AlignedBuffer(count: unitCount * unitStride)
    }
  }

  /// `weights[offset + u * D + d]` for units `0..<unitCount`. Complexity: O(D unitCount).
  public init(
    _ weights: [Double], from offset: Int = 0, unitCount: Int, for matrix: BlockedMatrix
  ) {
    self.init(unitCount: unitCount, for: matrix)
    precondition(offset + unitCount * columnCount <= weights.count)
    let target = buffer.start
    weights.withUnsafeBufferPointer { source in
      forEachPlace { place, arranged in target[arranged] = source[offset + place] }
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
      forEachPlace { place, arranged in target[offset + place] += factor * source[arranged] }
    }
  }

  mutating func withMutableStart(_ body: (UnsafeMutablePointer<Double>) -> Void) {
    makeUnique()
    body(buffer.start)
  }

  /// Every place unit by unit and where it is here, a strip of columns at a time: both sides stay
  /// in the cache.
  private func forEachPlace(_ body: (Int, Int) -> Void) {
    let strip = 64
    for first in stride(from: 0, to: columnCount, by: strip) {
      for unit in 0..<unitCount {
        for column in first..<min(first + strip, columnCount) {
          body(unit * columnCount + column, unit * unitStride + column * columnStride)
        }
      }
    }
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
  }
}
