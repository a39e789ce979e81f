import SurprisalLinearAlgebra

/// Reads NumPy array files of versions 1, 2 and 3: floats, integers, Booleans and texts of one or
/// two axes, in either order of bytes and axes.
///
/// The header is checked against the size of the file before memory is allocated. Objects (which
/// would be executed), complex and structured types are refused. Numbers are written directly to
/// their places in the blocks of a matrix.
public struct NPYReader: Sendable {
  /// The maximum bytes of a header.
  public var headerLimit = 1 << 16

  /// The maximum memory.
  public var memoryBudget = MemoryBudget.ofMachine

  /// The most columns.
  public var columnLimit = 1_000_000

  /// The storage of the elements: in double or in single precision.
  public var storage = MatrixStorage.double

  /// The number of threads; the array does not depend on it.
  public var threads = ThreadCount.one

  /// Whether the array holds labels, which are always stored in double precision.
  var isLabels = false

  /// Texts that denote missing cells, if they were declared.
  var missing = MissingTokens.usual

  /// The bytes read at a time. Tests make it small.
  var windowSize = 1 << 22

  /// A reader.
  public init() {}

  /// Reads a file.
  ///
  /// Throws `npy.magic`, `npy.header`, `npy.dtype`, `npy.shape`, `npy.size`, `limit.memory`,
  /// `number.inexact` for integers beyond 2^53 that no double equals, and the errors of files. NaN
  /// and infinity are returned unchanged. Complexity: O(bytes).
  public func read(_ file: InputFile) throws(FileError) -> NPYArray {
    var source = try file.open()
    if source.size == nil {
      // The size must be known before memory is allocated.
      let bytes = try source.readAll(budget: memoryBudget)
      return try read(bytes: bytes, name: source.name)
    }
    return try read(source)
  }

  /// Reads an array from memory; `name` is the file name in errors.
  public func read(bytes: [UInt8], name: String) throws(FileError) -> NPYArray {
    try read(ByteSource(bytes: bytes, name: name))
  }

  private func read(_ source: consuming ByteSource) throws(FileError) -> NPYArray {
    let name = source.name
    let size = source.size ?? 0
    if size == 0 { throw .empty(file: name) }
    let (text, dataStart): ([UInt8], Int)
    let header: NPYHeader
    do throws(Failure) {
      (text, dataStart) = try headerText(&source)
      do throws(FileError.NPYProblem) {
        header = try NPYHeader(text)
        try requireSize(header, available: size - dataStart)
      } catch {
        throw .problem(error)
      }
    } catch {
      throw error.named(name)
    }
    if header.columnCount > columnLimit {
      throw .tooManyColumns(file: name, line: 1, limit: columnLimit)
    }
    try requireMemory(header, name: name)
    if header.type.isText { return try readTexts(header, &source) }
    return try NPYElements(header: header, reader: self).read(&source)
  }

  /// A fault of the array, or one of the file.
  private enum Failure: Error {
    case problem(FileError.NPYProblem)
    case file(FileError)

    func named(_ file: String) -> FileError {
      switch self {
      case .problem(let problem): .array(file: file, problem)
      case .file(let error): error
      }
    }
  }

  /// The bytes of the header and the number of bytes before the elements.
  private func headerText(_ source: inout ByteSource) throws(Failure) -> ([UInt8], Int) {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    let start = try bytes(10, of: &source)
    guard start.count == 10, start.starts(with: magic) else {
      if let format = FileSignature(prefix: start), format != .npy {
        throw .file(.unsupportedFormat(file: source.name, format: format))
      }
      throw .problem(.magic("it begins with \(EscapedText(bytes: start.prefix(6)))"))
    }
    let (major, minor) = (start[6], start[7])
    guard (1...3).contains(major), minor == 0 else {
      throw .problem(.magic("version \(major).\(minor)"))
    }
    var sizes = Array(start[8...])
    if major > 1 { sizes += try bytes(2, of: &source) }
    guard sizes.count == (major == 1 ? 2 : 4) else {
      throw .problem(.header("the file ends within it"))
    }
    let length = sizes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= headerLimit else {
      throw .problem(.header("it has \(length) bytes, the limit is \(headerLimit)"))
    }
    let text = try bytes(length, of: &source)
    guard text.count == length else { throw .problem(.header("the file ends within it")) }
    return (text, 8 + sizes.count + length)
  }

  /// The next bytes; fewer if the file ends.
  private func bytes(_ count: Int, of source: inout ByteSource) throws(Failure) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    do throws(FileError) {
      let filled = try source.fill(&result)
      return Array(result[..<filled])
    } catch {
      throw .file(error)
    }
  }

  /// Compares the product of the shape with the bytes after the header.
  private func requireSize(
    _ header: NPYHeader, available: Int
  ) throws(FileError.NPYProblem) {
    let axes = header.shape.map(String.init).joined(separator: " x ")
    guard header.shape.count == 1 || header.shape.count == 2 else {
      throw .shape("\(header.shape.count) axes (\(axes)), expected 1 or 2")
    }
    // Without elements, nothing else would bound the other axis.
    guard header.columnCount > 0 else {
      throw .shape("\(axes) elements: the array has no columns")
    }
    var product = header.type.width
    for axis in header.shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: axis)
      guard !overflow else {
        throw .shape("\(axes) elements overflow, the file has \(available) bytes behind its header")
      }
      product = next
    }
    // A truncated file keeps most of its bytes: a header that implies more than twice the available
    // bytes is considered false. Both numbers are reported in either case.
    guard product / 2 <= available else {
      throw .shape("\(axes) elements take \(product) bytes, the file has \(available) for them")
    }
    guard product == available else {
      throw .size(expected: product, found: available)
    }
  }

  /// Rows are padded to a multiple of eight; a window of the file is in memory beside the array.
  private func requireMemory(_ header: NPYHeader, name: String) throws(FileError) {
    let rows = header.rowCount.addingSaturating(7) & ~7
    var size =
      isLabels
      ? TableSize(rows: rows, labels: header.columnCount)
      : TableSize(
        rows: rows, features: header.columnCount, width: storage == .single ? 4 : 8)
    size.fixed =
      header.type.isText
      ? rows.multipliedSaturating(by: header.columnCount * header.type.width)
      : NPYElements(header: header, reader: self).windowCount * header.type.width
    try memoryBudget.require(size, for: "the array in \(name)")
  }
}

extension NPYHeader {
  var rowCount: Int { shape.first ?? 0 }
  var columnCount: Int { shape.count > 1 ? shape[1] : 1 }
}

extension ByteSource {
  /// Reads until the buffer is full or the source ends; returns the number of bytes.
  mutating func fill(
    _ buffer: inout [UInt8], threads: ThreadCount = .one
  ) throws(FileError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try buffer.withUnsafeMutableBufferPointer {
        (bytes: inout UnsafeMutableBufferPointer<UInt8>) throws(FileError) -> Int in
        try read(
          into: UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: bytes[filled...])), threads: threads)
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}

/// The elements of a NumPy array file, one or two axes.
public struct NPYArray: Sendable {
  /// `[length]` or `[rows, columns]`.
  public let shape: [Int]

  /// The numbers: as many rows and columns as the array, one column for an array of one axis; zeros
  /// for texts.
  public let matrix: BlockedMatrix

  /// Whether the elements are integers or Booleans in the file.
  public let isInteger: Bool

  /// The blocks of the matrix that hold infinities or NaN, ascending.
  let oddBlocks: [Int]

  /// The columns of an array of texts; nil for numbers.
  let texts: [Texts]?

  /// A column of texts.
  struct Texts: Sendable {
    let encoder: LevelEncoder
    let codes: [Int32]
  }

  /// An array of texts, whose columns have the shape.
  init(shape: [Int], texts: [Texts]) {
    self.shape = shape
    self.texts = texts
    matrix = BlockedMatrix(rowCount: shape.first ?? 0, columnCount: texts.count)
    isInteger = false
    oddBlocks = []
  }

  /// An array; the matrix has the shape.
  init(shape: [Int], matrix: BlockedMatrix, isInteger: Bool, oddBlocks: [Int]) {
    self.shape = shape
    self.matrix = matrix
    self.isInteger = isInteger
    self.oddBlocks = oddBlocks
    texts = nil
  }

  /// The length of the first axis.
  public var rowCount: Int { matrix.rowCount }

  /// The length of the second axis; 1 for an array of one axis.
  public var columnCount: Int { matrix.columnCount }

  /// The elements row by row, for either order of the file. Complexity: O(N D).
  public var values: [Double] { (0..<rowCount).flatMap { matrix.row($0) } }

  /// A column by its index from 0.
  public func column(_ index: Int) -> [Double] { matrix.column(index) }

  /// The rows of a column that hold infinity or NaN, ascending.
  func oddRows(ofColumn column: Int) -> [Int] {
    oddBlocks.flatMap { block in
      BlockedMatrix.rows(ofBlock: block, rowCount: rowCount).filter { !matrix[$0, column].isFinite }
    }
  }
}
