import SurprisalLinearAlgebra

/// Lines in memory, cut into pieces that threads read at the same time.
///
/// `@unchecked`: nobody writes to the bytes meanwhile.
struct PlainPieces: @unchecked Sendable {
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
    _ records: PlainRecords, firstRow: Int, into target: RowTarget, _ threads: ThreadCount
  ) -> [PlainRun] {
    threads.map(count: ranges.count) { index in
      records.run(
        bytes, from: ranges[index].lowerBound, to: ranges[index].upperBound, rowLimit: .max,
        firstRow: firstRow + rowStarts[index], into: target)
    }
  }

  /// `@unchecked`: nobody writes to the bytes meanwhile.
  private struct Shared: @unchecked Sendable {
    let bytes: UnsafePointer<UInt8>

    /// Eight bytes are compared at a time; each counts the line feeds in its place, for as long as
    /// a byte can.
    func lineFeeds(in range: Range<Int>) -> Int {
      let raw = UnsafeRawPointer(bytes)
      var count = 0
      var place = range.lowerBound
      while range.upperBound - place >= 8 {
        let end = min(place + 8 * 255, place + (range.upperBound - place) & ~7)
        var lanes: UInt64 = 0
        while place < end {
          let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          let other = word ^ 0x0A0A_0A0A_0A0A_0A0A
          // The high bit of each byte that is zero, exactly.
          let low = (other & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F
          lanes &+= (~(low | other) & 0x8080_8080_8080_8080) &>> 7
          place += 8
        }
        for lane in 0..<8 { count += Int(lanes &>> UInt64(8 * lane) & 0xFF) }
      }
      while place < range.upperBound {
        count += bytes[place] == 0x0A ? 1 : 0
        place += 1
      }
      return count
    }
  }
}
