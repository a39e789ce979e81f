/// A small matrix with one contiguous row per unit and one column per example of a row block.
///
/// The logits of a block form a tile: unit k is class k, column i is example i. Softmax then works
/// on whole vectors of examples, so no lanes are wasted for any number of classes or features.
/// Activations of a network are tiles too. Columns are padded to `stride`, a multiple of
/// `Tile.lanes`; the content of the padding is unspecified, and no result may depend on it.
///
/// A tile is a value: writing to a shared one copies it first.
public struct Tile: Sendable {
  /// Examples are padded to a multiple of this number, so that kernels have no remainder loops.
  public static let lanes = 8

  /// The number of rows of the tile: the classes, then any parameters of the likelihood.
  public let unitCount: Int
  /// The largest number of examples the tile can hold.
  public let capacity: Int
  /// Distance between two units, in doubles.
  public let stride: Int

  var buffer: AlignedBuffer

  /// A tile of zeros.
  public init(unitCount: Int, capacity: Int) {
    self.unitCount = unitCount
    self.capacity = capacity
    self.stride = Tile.padded(capacity)
    buffer = AlignedBuffer(count: unitCount * stride)
  }

  /// The smallest multiple of `lanes` that is not below `count`.
  public static func padded(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }

  /// The entry of one unit and one example.
  public subscript(unit: Int, example: Int) -> Double {
    get {
      precondition(unit >= 0 && unit < unitCount && example >= 0 && example < stride)
      return buffer.start[unit * stride + example]
    }
    set {
      precondition(unit >= 0 && unit < unitCount && example >= 0 && example < stride)
      makeUnique()
      buffer.start[unit * stride + example] = newValue
    }
  }

  /// Reads the whole tile: unit k starts at `base + k * stride`.
  public func withUnsafeUnits<R>(_ body: (UnsafePointer<Double>) throws -> R) rethrows -> R {
    try withExtendedLifetime(buffer) { try body(UnsafePointer(buffer.start)) }
  }

  /// Writes to the whole tile: unit k starts at `base + k * stride`.
  public mutating func withUnsafeMutableUnits<R>(
    _ body: (UnsafeMutablePointer<Double>) throws -> R
  ) rethrows -> R {
    makeUnique()
    return try withExtendedLifetime(buffer) { try body(buffer.start) }
  }

  /// Sets every entry of units `units` to the value of its unit.
  public mutating func fill(_ units: Range<Int>, with value: (Int) -> Double) {
    let stride = stride
    withUnsafeMutableUnits { start in
      for unit in units {
        (start + unit * stride).update(repeating: value(unit), count: stride)
      }
    }
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
  }
}

extension Tile {
  /// The sum of a unit over the first `examples` columns and their padding, which must be zero.
  public func sum(ofUnit unit: Int, examples: Int) -> Double {
    let columns = Tile.padded(examples)
    precondition(unit >= 0 && unit < unitCount && columns <= stride)
    return withUnsafeUnits { start in
      var lanes = (0.0, 0.0, 0.0, 0.0)
      let first = unit * stride
      for column in Swift.stride(from: first, to: first + columns, by: 4) {
        lanes.0 += start[column]
        lanes.1 += start[column + 1]
        lanes.2 += start[column + 2]
        lanes.3 += start[column + 3]
      }
      return (lanes.0 + lanes.1) + (lanes.2 + lanes.3)
    }
  }
}

extension Tile {
  /// Adds block `index` of an N x units matrix to units 0..<units.
  public mutating func add(_ matrix: BlockedMatrix, block index: Int) {
    precondition(matrix.columnCount <= unitCount)
    let (stride, units) = (stride, matrix.columnCount)
    withUnsafeMutableUnits { target in
      matrix.block(index).withColumns { source, sourceStride in
        for unit in 0..<units {
          for column in 0..<sourceStride {
            target[unit * stride + column] += source[unit * sourceStride + column]
          }
        }
      }
    }
  }
}

extension Tile {
  /// Replaces each example by its product with a symmetric matrix of its own: unit u (u + 1) / 2 +
  /// v of `pairs` is entry u, v.
  package mutating func multiply(byPairs pairs: Tile, examples: Int) {
    let units = unitCount
    for example in 0..<examples {
      let vector = (0..<units).map { self[$0, example] }
      for unit in 0..<units {
        var sum = 0.0
        for other in 0..<units {
          let (high, low) = (max(unit, other), min(unit, other))
          sum += pairs[high * (high + 1) / 2 + low, example] * vector[other]
        }
        self[unit, example] = sum
      }
    }
  }
}
