/// Hashes of numbers, to find equal rows.
package enum NumberHash {
  /// The hash of no numbers.
  package static let start: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The hash of some numbers followed by another: a round of the mixing function of SplitMix64
  /// (Steele, Lea and Flood, OOPSLA 2014). Zero has no sign.
  @inline(__always)
  package static func mix(_ state: UInt64, _ number: Double) -> UInt64 {
    var mixed = state ^ (number == 0 ? 0 : number.bitPattern)
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return (mixed ^ (mixed >> 31)) &+ start
  }
}

extension BlockedMatrix {
  /// A hash of the numbers of each row, which depends on the storage only in that single precision
  /// rounds and that compressed rows are hashed by their entries other than zero. Complexity:
  /// O(N D), or O(entries).
  package func rowHashes(threads: any Reducer = .one) -> [UInt64] {
    let isSparse = storageKind == .sparse
    return threads.map(count: blockCount) { index in
      let block = block(index)
      if isSparse { return block.rows.map { sparseHash(ofRow: $0) } }
      return block.withColumns { start, stride in
        var hashes = [UInt64](repeating: NumberHash.start, count: block.rows.count)
        for column in 0..<columnCount {
          let numbers = start + column * stride
          for place in hashes.indices {
            hashes[place] = NumberHash.mix(hashes[place], numbers[place])
          }
        }
        return hashes
      }
    }.flatMap { $0 }
  }

  private func sparseHash(ofRow row: Int) -> UInt64 {
    var hash = NumberHash.start
    forEachEntry(ofRow: row) { column, value in
      guard value != 0 else { return }
      hash = NumberHash.mix(NumberHash.mix(hash, Double(column + 1)), value)
    }
    return hash
  }

  /// The order of two rows by their first differing number: negative if that of `first` is smaller,
  /// 0 for equal rows. Complexity: O(D), or O(entries of the rows).
  package func order(ofRow first: Int, and second: Int) -> Int {
    if let entries = compressedRows { return Self.order(of: entries, first, second) }
    for column in 0..<columnCount {
      let (left, right) = (self[first, column], self[second, column])
      if left != right { return left < right ? -1 : 1 }
    }
    return 0
  }

  private static func order(of entries: CompressedRows, _ first: Int, _ second: Int) -> Int {
    var (left, right) = (entries.entries(ofRow: first), entries.entries(ofRow: second))
    while !left.isEmpty || !right.isEmpty {
      let column = min(
        left.first.map { entries.columns[$0] } ?? .max,
        right.first.map { entries.columns[$0] } ?? .max)
      let values = (
        takeValue(&left, column, of: entries), takeValue(&right, column, of: entries)
      )
      if values.0 != values.1 { return values.0 < values.1 ? -1 : 1 }
    }
    return 0
  }

  /// The value of `column` if it is that of the first of some entries, which is then removed;
  /// otherwise 0.
  private static func takeValue(
    _ places: inout Range<Int>, _ column: UInt32, of entries: CompressedRows
  ) -> Double {
    guard let first = places.first, entries.columns[first] == column else { return 0 }
    places.removeFirst()
    return entries.values[first]
  }
}
