import SurprisalLinearAlgebra

/// Lines in memory, cut into pieces that threads read at the same time.
///
/// `@unchecked`: nobody writes to the bytes meanwhile.
struct FastPieces: @unchecked Sendable {
  /// The pieces in order; each ends behind a line feed.
  let ranges: [Range<Int>]
  /// The lines before each piece.
  let rowStarts: [Int]
  /// The lines of all pieces.
  let rowCount: Int

  private let bytes: UnsafePointer<UInt8>

  /// Cuts `range`, which is moved on to the next line feed, and counts lines. `whole` lines are in
  /// memory.
  init(
    _ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, of whole: Range<Int>,
    _ threads: ThreadCount
  ) {
    self.bytes = bytes
    // More pieces than threads: they are not equally fast.
    let count = threads.value * 4
    let buffer = UnsafeBufferPointer(start: bytes, count: whole.upperBound)
    let cuts = Self.cuts(of: buffer, from: range.lowerBound, to: range.upperBound, count: count)
    let ranges = (0..<cuts.count - 1).map { cuts[$0]..<cuts[$0 + 1] }
    let shared = Shared(bytes: bytes)
    let lines = threads.map(count: ranges.count) { shared.lineFeeds(in: ranges[$0]) }
    var starts: [Int] = []
    var total = 0
    for count in lines {
      starts.append(total)
      total += count
    }
    self.ranges = ranges
    rowStarts = starts
    rowCount = total
  }

  /// Where lines from `start` on are cut into at most `count` pieces: `start`, then the place behind
  /// the last line of each piece, the last of which holds the byte before `end`.
  static func cuts(
    of bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int? = nil, count: Int
  ) -> [Int] {
    let end = end ?? bytes.count
    var cuts = [start]
    for index in 1...count {
      let goal = index == count ? end - 1 : start + (end - start) / count * index
      var cut = max(cuts.last ?? start, goal)
      while cut < bytes.count - 1, bytes[cut] != UInt8(ascii: "\n") { cut += 1 }
      if cut < bytes.count { cuts.append(cut + 1) }
    }
    return cuts
  }

  /// Reads each piece, as if all lines before it were records.
  func run(
    _ records: FastRecords, firstRow: Int, into target: RowTarget, _ threads: ThreadCount
  ) -> [FastRun] {
    threads.map(count: ranges.count) { index in
      records.run(
        bytes, from: ranges[index].lowerBound, to: ranges[index].upperBound, rowLimit: .max,
        firstRow: firstRow + rowStarts[index], into: target)
    }
  }

  /// `@unchecked`: nobody writes to the bytes meanwhile.
  private struct Shared: @unchecked Sendable {
    let bytes: UnsafePointer<UInt8>

    /// Sixteen bytes are compared at a time; each counts the line feeds in its place, for as long
    /// as a byte can.
    func lineFeeds(in range: Range<Int>) -> Int {
      typealias Lanes = SIMD16<UInt8>
      let raw = UnsafeRawPointer(bytes)
      let lineFeed = Lanes(repeating: 0x0A)
      var count = 0
      var place = range.lowerBound
      while range.upperBound - place >= 16 {
        let end = min(place + 16 * 255, place + (range.upperBound - place) & ~15)
        var lanes = Lanes(repeating: 0)
        while place < end {
          let found = raw.loadUnaligned(fromByteOffset: place, as: Lanes.self) .== lineFeed
          // A lane that is true has all bits: minus one.
          lanes &-= unsafeBitCast(found, to: Lanes.self)
          place += 16
        }
        for lane in lanes.indices { count += Int(lanes[lane]) }
      }
      while place < range.upperBound {
        count += bytes[place] == 0x0A ? 1 : 0
        place += 1
      }
      return count
    }
  }
}
