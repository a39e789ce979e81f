extension RecordReader {
  /// A scanner's fault as an error with its place. `row` counts from 1; nil in the header.
  func error(
    for fault: DelimitedScanner.Fault, row: Int?, _ columnNames: [String]
  ) -> FileError {
    let place = CellPlace(
      file: name, row: row, line: line + fault.line, column: fault.field + 1,
      columnName: fault.field < columnNames.count ? columnNames[fault.field] : nil)
    return switch fault.kind {
    case .quote(let problem): .quote(place, problem)
    case .nul: .nulByte(place, byteOffset: byteOffset(fault.offset))
    case .carriageReturn: .loneCarriageReturn(file: name, line: line + fault.line)
    case .fieldLimit: .fieldTooLong(place, limit: limits.field)
    case .recordLimit: .recordTooLong(file: name, line: line, limit: limits.record)
    case .columnLimit: .tooManyColumns(file: name, line: line, limit: limits.columns)
    }
  }

  /// Where a field of the record found last begins.
  package func place(ofField index: Int, row: Int?, _ columnNames: [String]) -> CellPlace {
    CellPlace(
      file: name, row: row, line: line + linesBefore(field: index), column: index + 1,
      columnName: index < columnNames.count ? columnNames[index] : nil)
  }
}

/// The index of the first byte that is not part of valid UTF-8; nil when all are.
package func firstInvalidUTF8(_ bytes: some Sequence<UInt8>) -> Int? {
  var iterator = bytes.makeIterator()
  var decoder = UTF8()
  var offset = 0
  while true {
    switch decoder.decode(&iterator) {
    case .scalarValue(let scalar): offset += UTF8.width(scalar)
    case .emptyInput: return nil
    case .error: return offset
    }
  }
}
