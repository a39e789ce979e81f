/// Texts of an array file: a fixed number of code points (`U`) or bytes (`S`), padded with zeros.
extension NPYReader {
  /// Reads the elements from the source's current position. An empty text is a missing cell, and so
  /// is a declared token.
  func readTexts(
    _ header: NPYHeader, _ source: inout ByteSource
  ) throws(FileError) -> NPYArray {
    let (rows, columns, width) = (header.rowCount, header.columnCount, header.type.width)
    var bytes = [UInt8](repeating: 0, count: rows * columns * width)
    guard try source.fill(&bytes) == bytes.count else {
      throw .changedWhileReading(file: source.name)
    }
    var encoders = [LevelEncoder](repeating: LevelEncoder(), count: columns)
    var codes = [[Int32]](repeating: [], count: columns)
    for column in 0..<columns {
      for row in 0..<rows {
        let place = header.isFortranOrder ? column * rows + row : row * columns + column
        let element = bytes[place * width..<(place + 1) * width]
        guard let text = header.type.text(element) else {
          throw .array(file: source.name, .elementType("text that is not Unicode"))
        }
        let isMissing = text.isEmpty || missing.declare(text)
        codes[column].append(isMissing ? -1 : encoders[column].code(of: text))
      }
    }
    return NPYArray(
      shape: header.shape,
      texts: zip(encoders, codes).map { NPYArray.Texts(encoder: $0, codes: $1) })
  }
}

extension LevelEncoder {
  fileprivate mutating func code(of text: String) -> Int32 {
    let bytes = Array(text.utf8)
    let format = NumberFormat(decimal: UInt8(ascii: "."))
    return bytes.withUnsafeBufferPointer { code(of: $0, format: format) } ?? -1
  }
}

extension NPYElementType {
  /// Whether the elements are texts.
  var isText: Bool { kind == .unicode || kind == .bytes }

  /// The text of an element without the zeros at its end; nil if it is not Unicode.
  fileprivate func text(_ bytes: ArraySlice<UInt8>) -> String? {
    if kind == .bytes {
      let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex
      return String(validating: bytes[..<end], as: UTF8.self)
    }
    var scalars = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { start in
      let point = bytes[start..<start + 4]
      return (isBigEndian ? Array(point) : point.reversed()).reduce(UInt32(0)) {
        $0 << 8 | UInt32($1)
      }
    }
    while scalars.last == 0 { scalars.removeLast() }
    return String(validating: scalars, as: UTF32.self)
  }
}
