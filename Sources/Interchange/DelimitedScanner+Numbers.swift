extension DelimitedScanner {
  /// Whether no number can hold the delimiter.
  func separatesNumbers(decimal: UInt8) -> Bool {
    delimiter != decimal && ",;\t|: ".utf8.contains(delimiter)
  }

  /// Reads a record whose fields for the columns of `stage` that are numbers so far are numbers
  /// without spaces or quotation marks: they are read where they are found, into the stage, once.
  ///
  /// Returns the offset behind the record; nil when it holds anything else, goes beyond the buffer
  /// or has another number of fields: then it is to be scanned in full, and nothing has happened
  /// yet.
  mutating func scanNumbers(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into stage: borrowing RowStage,
    decimal: UInt8
  ) -> Int? {
    fields.removeAll()
    innerLines = 0
    var position = start
    for index in 0..<stage.fieldCount {
      let begin = position
      let column = stage.stagedColumn(ofField: index)
      if column >= 0 {
        guard let (value, end) = DecimalNumber.readPrefix(bytes, from: begin, decimal: decimal)
        else { return nil }
        stage.set(value, column: column)
        position = end
      } else {
        position = plainEnd(bytes, from: begin)
      }
      guard position < bytes.count else { return nil }
      fields.append(FieldList.Field(start: begin, end: position, isEscaped: false))
      if index + 1 < stage.fieldCount {
        guard bytes[position] == delimiter else { return nil }
        position += 1
      }
    }
    if bytes[position] == UInt8(ascii: "\r") { position += 1 }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\n"),
      position - start <= min(fieldLimit, recordLimit)
    else { return nil }
    return position + 1
  }

  /// The byte that ends a plain field, or one that a plain field may not hold.
  private func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let ceiling = max(delimiter, UInt8(ascii: "\""))
    var cursor = start
    while cursor < bytes.count {
      let byte = bytes[cursor]
      if byte <= ceiling,
        byte == delimiter || byte == 0x0A || byte == 0x0D || byte == 0 || byte == UInt8(ascii: "\"")
      {
        break
      }
      cursor += 1
    }
    return cursor
  }
}
