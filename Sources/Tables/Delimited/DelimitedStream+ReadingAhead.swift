import SurprisalLinearAlgebra

extension DelimitedStream {
  /// Reads simple records from the lines in memory, up to the first that is not simple.
  ///
  /// If many records were simple so far, threads share the lines: each reads a piece and assumes
  /// that every line before it is one simple record. A piece for which that turns out false is
  /// discarded.
  mutating func readAhead(
    into builder: inout TableBuilder, _ lines: inout LineIndex, maximumRows: Int
  ) throws(FileError) {
    guard let (bytes, waiting) = records.waitingLines, !waiting.isEmpty else { return }
    if skipsRows, builder.builders.contains(where: \.isDeferred) { return }
    let (span, overflow) = plainBytes.multipliedReportingOverflow(by: 8)
    let isShared =
      options.threads.value > 1 && waiting.count >= options.leastShared
      && (overflow || span >= options.leastShared) && builder.rowCount >= 8
    let range =
      isShared && !overflow && span < waiting.count
      ? waiting.lowerBound..<waiting.lowerBound + span : waiting
    var pieces = isShared ? FastPieces(bytes, range, of: waiting, options.threads) : nil
    if pieces.map({ $0.rowCount > maximumRows - builder.rowCount }) == true { pieces = nil }
    guard let pieces else {
      try readAlone(bytes, waiting, into: &builder, &lines, maximumRows)
      return
    }
    try makeRoom(
      in: &builder, rows: builder.rowCount + pieces.rowCount, maximumRows: maximumRows)
    let runs = pieces.run(
      FastRecords(builder.schema()), firstRow: builder.rowCount, into: builder.target,
      options.threads)
    for (index, run) in runs.enumerated() {
      let isWhole = run.end == pieces.ranges[index].upperBound
      if !take(run, bytes, isWhole: isWhole, into: &builder, &lines) { return }
    }
  }

  private mutating func readAlone(
    _ bytes: UnsafePointer<UInt8>, _ waiting: Range<Int>, into builder: inout TableBuilder,
    _ lines: inout LineIndex, _ maximumRows: Int
  ) throws(FileError) {
    var start = waiting.lowerBound
    while start < waiting.upperBound, builder.rowCount < maximumRows {
      try makeRoom(in: &builder, rows: builder.rowCount + 1, maximumRows: maximumRows)
      let room = min(maximumRows, builder.capacity) - builder.rowCount
      let run = FastRecords(builder.schema()).run(
        bytes, from: start, to: waiting.upperBound, rowLimit: room, firstRow: builder.rowCount,
        into: builder.target)
      start = run.end
      let isWhole = run.rowCount == room || run.end == waiting.upperBound
      if !take(run, bytes, isWhole: isWhole, into: &builder, &lines) { return }
    }
  }

  /// Takes over the result of a run; false if reading cannot continue from its end.
  private mutating func take(
    _ run: FastRun, _ bytes: UnsafePointer<UInt8>, isWhole: Bool, into builder: inout TableBuilder,
    _ lines: inout LineIndex
  ) -> Bool {
    let from = records.waitingStart
    let count = builder.take(run, bytes, checksRows: skipsRows)
    var end = run.end
    if count < run.rowCount {
      // One line per record: the record at fault comes after this many lines.
      end = from
      for _ in 0..<count {
        while bytes[end] != UInt8(ascii: "\n") { end += 1 }
        end += 1
      }
    }
    lines.append(lines: count, from: records.nextLineNumber)
    rowNumber += count
    records.skip(lines: count, to: end)
    plainBytes = isWhole && count == run.rowCount ? plainBytes + (end - from) : end - from
    return isWhole && count == run.rowCount
  }

  /// Reserves memory for rows: at once for as many as the file is likely to have, estimated from
  /// the bytes of those read so far.
  mutating func makeRoom(
    in builder: inout TableBuilder, rows: Int, maximumRows: Int
  ) throws(FileError) {
    guard rows > builder.capacity else { return }
    let expected = max(rows, min(maximumRows, expectedRows(builder.rowCount, atLeast: rows)))
    var size = builder.rowSize
    size.rows = expected
    // While a table grows, the old and the new memory are both allocated.
    let old = builder.rowCount * (size.features * size.width + size.others)
    size.fixed = old + records.keptSize + (keepsCells ? records.consumedBytes - batchStart : 0)
    size.knowsRows = builder.rowCount > 0 && records.size != nil
    try options.memoryBudget.require(size, for: "the table in \(name)")
    // Unused reserved memory costs nothing; growing again would copy the table.
    let row = max(1, size.features * size.width + size.others)
    let affordable = max(expected, (options.memoryBudget.bytes - size.fixed) / row)
    builder.reserve(min(expected + expected / 4, affordable, max(rows, maximumRows)))
  }

  /// The number of rows that the file is likely to have, estimated from the bytes of those read so
  /// far; twice the present number if the size of the file is not known.
  private func expectedRows(_ count: Int, atLeast rows: Int) -> Int {
    // At least one block.
    guard count > 0 else { return max(rows, BlockedMatrix.blockSize) }
    guard let size = records.size, records.consumedBytes > 0 else {
      return max(rows, count.multipliedReportingOverflow(by: 2).partialValue)
    }
    let share = Double(size) / Double(records.consumedBytes)
    let expected = Int(exactly: (Double(rowNumber) * share).rounded(.up)) ?? rows
    return expected < rows ? rows + rows / 8 : expected
  }
}

/// Lines in memory, cut into pieces that threads read concurrently.
///
/// `@unchecked`: the bytes are not written meanwhile.
struct FastPieces: @unchecked Sendable {
  /// The pieces in order; each ends after a line feed.
  let ranges: [Range<Int>]
  /// The number of lines before each piece.
  let rowStarts: [Int]
  /// The number of lines in all pieces.
  let rowCount: Int

  private let bytes: UnsafePointer<UInt8>

  /// Cuts `range`, extended to the next line feed, and counts lines. `whole` lines are in memory.
  init(
    _ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, of whole: Range<Int>,
    _ threads: ThreadCount
  ) {
    self.bytes = bytes
    // More pieces than threads, since pieces take different times.
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

  /// The places that cut lines from `start` on into at most `count` pieces: `start`, then the place
  /// after the last line of each piece; the last piece holds the byte before `end`.
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

  /// Reads each piece, assuming that every line before it is a record.
  func run(
    _ records: FastRecords, firstRow: Int, into target: RowTarget, _ threads: ThreadCount
  ) -> [FastRun] {
    threads.map(count: ranges.count) { index in
      records.run(
        bytes, from: ranges[index].lowerBound, to: ranges[index].upperBound, rowLimit: .max,
        firstRow: firstRow + rowStarts[index], into: target)
    }
  }

  /// `@unchecked`: the bytes are not written meanwhile.
  private struct Shared: @unchecked Sendable {
    let bytes: UnsafePointer<UInt8>

    /// Compares sixteen bytes at a time; each lane counts the line feeds at its position, until the
    /// count fills a byte.
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
          // A true lane has all bits set, which is minus one.
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
