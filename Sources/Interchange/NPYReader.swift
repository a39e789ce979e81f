/// Reads NumPy array files of versions 1, 2 and 3: floats, integers and truth values of one or two
/// axes, in either order of bytes and axes.
///
/// Everything the header says is compared with the bytes that are there before memory is asked for.
/// Objects (which would be executed), texts, complex and structured types are refused.
public struct NPYReader: Sendable {
  /// The most bytes a header may have.
  public var headerLimit = 1 << 16

  /// The memory that may be used.
  public var memoryBudget = MemoryBudget.ofMachine

  /// A reader.
  public init() {}

  /// Reads a file.
  ///
  /// Throws `npy.magic`, `npy.header`, `npy.dtype`, `npy.shape`, `npy.size`, `number.inexact` for
  /// integers beyond 2^53 that no double equals, and the errors of files. Not-a-number and infinity
  /// are returned as they stand.
  public func read(_ file: InputFile) throws(InterchangeError) -> NPYArray {
    var source = try file.open()
    return try read(bytes: source.readAll(budget: memoryBudget), name: file.name)
  }

  /// Reads an array from memory; `name` is for errors.
  public func read(bytes: [UInt8], name: String) throws(InterchangeError) -> NPYArray {
    do throws(InterchangeError.NPYProblem) {
      let (text, dataStart) = try headerText(bytes)
      let header = try NPYHeader(text)
      let count = try elementCount(header, available: bytes.count - dataStart)
      let needed = count.multipliedReportingOverflow(by: 16)
      if needed.overflow || needed.partialValue > memoryBudget.bytes {
        throw .shape("\(count) elements are more than memory holds")
      }
      return try elements(bytes, from: dataStart, header: header, count: count)
    } catch {
      throw .array(file: name, error)
    }
  }

  /// The bytes of the header and where the elements begin.
  private func headerText(
    _ bytes: [UInt8]
  ) throws(InterchangeError.NPYProblem) -> ([UInt8], Int) {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard bytes.count >= 10, bytes.starts(with: magic) else {
      throw .magic("it begins with \(Excerpt(bytes: bytes.prefix(6)))")
    }
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else { throw .magic("version \(major).\(minor)") }
    let lengthWidth = major == 1 ? 2 : 4
    guard bytes.count >= 8 + lengthWidth else { throw .header("the file ends within it") }
    let length = bytes[8..<8 + lengthWidth].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= headerLimit else {
      throw .header("it has \(length) bytes, the limit is \(headerLimit)")
    }
    let start = 8 + lengthWidth
    guard bytes.count - start >= length else { throw .header("the file ends within it") }
    return (Array(bytes[start..<start + length]), start + length)
  }

  /// The product of the shape, compared with the bytes behind the header.
  private func elementCount(
    _ header: NPYHeader, available: Int
  ) throws(InterchangeError.NPYProblem) -> Int {
    let axes = header.shape.map(String.init).joined(separator: " x ")
    guard header.shape.count == 1 || header.shape.count == 2 else {
      throw .shape("\(header.shape.count) axes (\(axes)), expected 1 or 2")
    }
    var product = header.type.width
    for axis in header.shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: axis)
      guard !overflow else {
        throw .shape("\(axes) elements overflow, the file has \(available) bytes behind its header")
      }
      product = next
    }
    // A file that was cut keeps most of its bytes: a header that claims more than twice what is
    // there is taken for false. Either way both numbers are said.
    guard product / 2 <= available else {
      throw .shape("\(axes) elements take \(product) bytes, the file has \(available) for them")
    }
    guard product == available else {
      throw .size(expected: product, found: available)
    }
    return product / header.type.width
  }

  private func elements(
    _ bytes: [UInt8], from start: Int, header: NPYHeader, count: Int
  ) throws(InterchangeError.NPYProblem) -> NPYArray {
    let type = header.type
    let rows = header.shape.first ?? 0
    let columns = header.shape.count > 1 ? header.shape[1] : 1
    var values = [Double](repeating: 0, count: count)
    var inexact: Int?
    bytes.withUnsafeBytes { raw in
      for index in 0..<count {
        let bits = type.bits(raw, at: start + index * type.width)
        guard let value = type.value(ofBits: bits) else {
          inexact = index
          return
        }
        // In Fortran's order the row runs fastest; an empty array never comes here.
        let target = header.isFortranOrder ? index % rows * columns + index / rows : index
        values[target] = value
      }
    }
    if let inexact {
      let bits = bytes.withUnsafeBytes { type.bits($0, at: start + inexact * type.width) }
      if type.kind == .bool { throw .elementType("bool with a byte of \(bits)") }
      throw .inexactInteger(index: inexact, value: type.text(ofBits: bits))
    }
    return NPYArray(shape: header.shape, values: values, isInteger: type.kind != .float)
  }
}
