import SurprisalLinearAlgebra

/// Copies the elements of an array file to the blocks of a matrix.
struct NPYElements: Sendable {
  let header: NPYHeader
  let reader: NPYReader

  private var type: NPYElementType { header.type }
  private var rows: Int { header.rowCount }
  private var columns: Int { header.columnCount }

  /// Irregularities in a part of the file.
  struct Findings: Sendable {
    /// Blocks that hold infinities or NaN.
    var oddBlocks: Set<Int> = []
    /// The first element, in the order of the file, that no double equals, and its bits.
    var inexact: (index: Int, bits: UInt64)?

    mutating func add(_ other: Findings) {
      oddBlocks.formUnion(other.oddBlocks)
      if let new = other.inexact, new.index < inexact?.index ?? .max { inexact = new }
    }
  }

  /// The number of elements read at a time: whole groups of rows, so that no block is written by
  /// two threads.
  var windowCount: Int {
    let group = header.isFortranOrder ? 1 : BlockedMatrix.blockSize * columns
    return min(rows * columns, max(1, reader.windowSize / type.width / group) * group)
  }

  /// Reads all elements from the source's current position.
  package func read(_ source: inout ByteSource) throws(FileError) -> NPYArray {
    let builder = BlockedMatrixBuilder(
      columnCount: columns, rowCapacity: rows, storage: reader.storage)
    let count = rows * columns
    let target = builder.target
    var findings = Findings()
    var done = 0
    var window = [UInt8](repeating: 0, count: windowCount * type.width)
    while done < count {
      let wanted = min(windowCount, count - done)
      if wanted < windowCount { window.removeLast(window.count - wanted * type.width) }
      guard try source.fill(&window, threads: reader.threads) == wanted * type.width else {
        throw .changedWhileReading(file: source.name)
      }
      window.withUnsafeBytes { bytes in
        findings.add(place(Bytes(start: bytes), from: done, count: wanted, at: target))
      }
      try requireExact(findings, source.name)
      done += wanted
    }
    // The source compares the file with its initial state when it reaches the end.
    var rest = [UInt8](repeating: 0, count: 1)
    _ = try source.fill(&rest)
    return NPYArray(
      shape: header.shape, matrix: builder.finish(rowCount: rows),
      isInteger: type.kind != .float, oddBlocks: findings.oddBlocks.sorted())
  }

  /// `@unchecked`: the bytes are not written meanwhile.
  private struct Bytes: @unchecked Sendable {
    let start: UnsafeRawBufferPointer
  }

  private func requireExact(_ findings: Findings, _ name: String) throws(FileError) {
    guard let (index, bits) = findings.inexact else { return }
    if type.kind == .bool {
      throw .array(file: name, .elementType("bool with a byte of \(bits)"))
    }
    throw .array(file: name, .inexactInteger(index: index, value: type.text(ofBits: bits)))
  }

  /// Copies elements of the file, from an index on, to their places.
  private func place(
    _ bytes: Bytes, from first: Int, count: Int, at target: BlockedMatrixBuilder.Target
  ) -> Findings {
    let size = BlockedMatrix.blockSize
    let parts: [Findings]
    if header.isFortranOrder {
      // Runs of one column within one block; in this order the row varies fastest.
      let length = 1 << 14
      parts = reader.threads.map(count: (count + length - 1) / length) { part in
        let range = first + part * length..<first + min(count, (part + 1) * length)
        return placeColumns(bytes.start, from: first, range, at: target)
      }
    } else {
      let row = first / columns
      let blocks = BlockedMatrix.blockCount(ofRows: count / columns)
      parts = reader.threads.map(count: blocks) { block in
        let start = row + block * size
        let end = min(row + count / columns, start + size)
        return placeRows(bytes.start, from: row, start..<end, at: target)
      }
    }
    return parts.reduce(into: Findings()) { $0.add($1) }
  }

  /// Copies the rows of one block, in the order of the file.
  private func placeRows(
    _ bytes: UnsafeRawBufferPointer, from first: Int, _ range: Range<Int>,
    at target: BlockedMatrixBuilder.Target
  ) -> Findings {
    let base = (range.lowerBound - first) * columns
    let count = range.count * columns
    var findings = Findings()
    var isOdd = false
    if let doubles = alignedElements(bytes, from: base, as: Double.self) {
      isOdd = holdsOdd(doubles, count)
      eachEight(range) { row, rows in
        target.set(
          rows: row, count: rows, from: doubles + (row - range.lowerBound) * columns,
          stride: columns)
      }
    } else if let floats = alignedElements(bytes, from: base, as: Float.self) {
      isOdd = holdsOdd(floats, count)
      eachEight(range) { row, rows in
        target.set(
          rows: row, count: rows, from: floats + (row - range.lowerBound) * columns,
          stride: columns)
      }
    } else {
      for index in 0..<count {
        let row = range.lowerBound + index / columns
        let number = first * columns + base + index
        guard let value = value(bytes, at: base + index, number, &findings) else { return findings }
        isOdd = isOdd || !value.isFinite
        target.set(value, row: row, column: index % columns)
      }
    }
    if isOdd { findings.oddBlocks.insert(range.lowerBound / BlockedMatrix.blockSize) }
    return findings
  }

  private func placeColumns(
    _ bytes: UnsafeRawBufferPointer, from first: Int, _ range: Range<Int>,
    at target: BlockedMatrixBuilder.Target
  ) -> Findings {
    var findings = Findings()
    for number in range {
      guard let value = value(bytes, at: number - first, number, &findings) else { break }
      let row = number % rows
      if !value.isFinite { findings.oddBlocks.insert(row / BlockedMatrix.blockSize) }
      target.set(value, row: row, column: number / rows)
    }
    return findings
  }

  @inline(__always)
  private func value(
    _ bytes: UnsafeRawBufferPointer, at place: Int, _ number: Int, _ findings: inout Findings
  ) -> Double? {
    let bits = type.bits(bytes, at: place * type.width)
    if let value = type.value(ofBits: bits) { return value }
    findings.inexact = (number, bits)
    return nil
  }

  /// The elements in memory, if they have the machine's type and byte order.
  private func alignedElements<Element: BinaryFloatingPoint>(
    _ bytes: UnsafeRawBufferPointer, from index: Int, as element: Element.Type
  ) -> UnsafePointer<Element>? {
    let isNative = type.isBigEndian == (UInt16(bigEndian: 1) == 1)
    guard type.kind == .float, type.width == MemoryLayout<Element>.size, isNative,
      let base = bytes.baseAddress,
      Int(bitPattern: base) % MemoryLayout<Element>.alignment == 0
    else { return nil }
    return (base + index * type.width).assumingMemoryBound(to: Element.self)
  }

  /// Whether an element is infinite or NaN, in which case zero times it is not zero.
  @inline(__always)
  private func holdsOdd<Element: BinaryFloatingPoint & SIMDScalar>(
    _ elements: UnsafePointer<Element>, _ count: Int
  ) -> Bool {
    var sums = SIMD8<Element>(repeating: 0)
    var index = 0
    while count - index >= 8 {
      let lanes = UnsafeRawPointer(elements + index).loadUnaligned(as: SIMD8<Element>.self)
      sums += lanes * 0
      index += 8
    }
    while index < count {
      sums[0] += elements[index] * 0
      index += 1
    }
    return sums.indices.contains { sums[$0] != 0 }
  }

  /// Groups of eight rows; the last group may be smaller.
  @inline(__always)
  private func eachEight(_ range: Range<Int>, _ body: (Int, Int) -> Void) {
    var row = range.lowerBound
    while row < range.upperBound {
      let count = min(8, range.upperBound - row)
      body(row, count)
      row += count
    }
  }
}
