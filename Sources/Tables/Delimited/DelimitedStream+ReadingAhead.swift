import SurprisalLinearAlgebra

extension DelimitedStream {
  /// Reads plain records from the lines that are in memory, up to the first that is not plain.
  ///
  /// Where many were plain so far, threads share the lines: each gets a piece and takes for granted
  /// that every piece before is plain to its end. A piece for which that turns out false is as if it
  /// had not been read.
  mutating func readAhead(
    into stage: inout TableBuilder, _ lines: inout LineIndex, maximumRows: Int
  ) throws(FileError) {
    guard let (bytes, waiting) = records.waitingLines, !waiting.isEmpty else { return }
    if skipsRows, stage.builders.contains(where: \.isDeferred) { return }
    let (span, overflow) = plainBytes.multipliedReportingOverflow(by: 8)
    let isShared =
      options.threads.value > 1 && waiting.count >= options.leastShared
      && (overflow || span >= options.leastShared) && stage.rowCount >= 8
    let range =
      isShared && !overflow && span < waiting.count
      ? waiting.lowerBound..<waiting.lowerBound + span : waiting
    var pieces = isShared ? FastPieces(bytes, range, of: waiting, options.threads) : nil
    if pieces.map({ $0.rowCount > maximumRows - stage.rowCount }) == true { pieces = nil }
    guard let pieces else {
      try readAlone(bytes, waiting, into: &stage, &lines, maximumRows)
      return
    }
    try makeRoom(
      in: &stage, rows: stage.rowCount + pieces.rowCount, maximumRows: maximumRows)
    let runs = pieces.run(
      FastRecords(stage.plan()), firstRow: stage.rowCount, into: stage.target, options.threads)
    for (index, run) in runs.enumerated() {
      let isWhole = run.end == pieces.ranges[index].upperBound
      if !take(run, bytes, isWhole: isWhole, into: &stage, &lines) { return }
    }
  }

  private mutating func readAlone(
    _ bytes: UnsafePointer<UInt8>, _ waiting: Range<Int>, into stage: inout TableBuilder,
    _ lines: inout LineIndex, _ maximumRows: Int
  ) throws(FileError) {
    var start = waiting.lowerBound
    while start < waiting.upperBound, stage.rowCount < maximumRows {
      try makeRoom(in: &stage, rows: stage.rowCount + 1, maximumRows: maximumRows)
      let room = min(maximumRows, stage.capacity) - stage.rowCount
      let run = FastRecords(stage.plan()).run(
        bytes, from: start, to: waiting.upperBound, rowLimit: room, firstRow: stage.rowCount,
        into: stage.target)
      start = run.end
      let isWhole = run.rowCount == room || run.end == waiting.upperBound
      if !take(run, bytes, isWhole: isWhole, into: &stage, &lines) { return }
    }
  }

  /// Takes over what a run found; false where there is no going on from its end.
  private mutating func take(
    _ run: FastRun, _ bytes: UnsafePointer<UInt8>, isWhole: Bool, into stage: inout TableBuilder,
    _ lines: inout LineIndex
  ) -> Bool {
    let from = records.waitingStart
    let count = stage.take(run, bytes, checksRows: skipsRows)
    var end = run.end
    if count < run.rowCount {
      // One line a record: the record at fault begins behind so many of them.
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

  /// Makes room for rows: at once for as many as the file is likely to have, judged by the bytes of
  /// those read so far.
  mutating func makeRoom(
    in stage: inout TableBuilder, rows: Int, maximumRows: Int
  ) throws(FileError) {
    guard rows > stage.capacity else { return }
    let expected = max(rows, min(maximumRows, expectedRows(stage.rowCount, atLeast: rows)))
    var size = stage.rowSize
    size.rows = expected
    // While a table grows, both the old and the new one are there.
    let old = stage.rowCount * (size.features * size.width + size.others)
    size.fixed = old + records.keptSize + (keepsCells ? records.consumedBytes : 0)
    try options.memoryBudget.require(size, for: "the table in \(name)")
    // Room that is not used costs nothing; a table that must grow once more is copied.
    let row = max(1, size.features * size.width + size.others)
    let affordable = max(expected, (options.memoryBudget.bytes - size.fixed) / row)
    stage.reserve(min(expected + expected / 4, affordable, max(rows, maximumRows)))
  }

  /// As many rows as the file is likely to have, judged by the bytes of those read so far; twice as
  /// many as there are, where the size of the file is not known.
  private func expectedRows(_ count: Int, atLeast rows: Int) -> Int {
    // A block is the least there is.
    guard count > 0 else { return max(rows, BlockedMatrix.blockSize) }
    guard let size = records.size, records.consumedBytes > 0 else {
      return max(rows, count.multipliedReportingOverflow(by: 2).partialValue)
    }
    let share = Double(size) / Double(records.consumedBytes)
    let expected = Int(exactly: (Double(rowNumber) * share).rounded(.up)) ?? rows
    return expected < rows ? rows + rows / 8 : expected
  }
}
