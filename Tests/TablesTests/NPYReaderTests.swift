import SurprisalLinearAlgebra
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

/// The bytes of an array file.
func npyBytes(
  _ header: String, _ data: [UInt8], version: UInt8 = 1,
  magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
) -> [UInt8] {
  let length = header.utf8.count
  let width = version == 1 ? 2 : 4
  let size = (0..<width).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
  return magic + [version, 0] + size + Array(header.utf8) + data
}

func npyHeader(_ type: String, _ shape: String, fortran: Bool = false) -> String {
  "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }     \n"
}

/// The little-endian bytes of integers.
func littleBytes<Element: FixedWidthInteger>(_ values: [Element]) -> [UInt8] {
  values.flatMap { value in withUnsafeBytes(of: value.littleEndian, Array.init) }
}

@Suite("NumPy arrays")
struct NPYReaderTests {
  private func read(_ bytes: [UInt8]) throws(FileError) -> NPYArray {
    try NPYReader().read(bytes: bytes, name: "x.npy")
  }

  @Test("doubles of each version, by rows and by columns", arguments: [1, 2, 3] as [UInt8])
  func doubles(version: UInt8) throws {
    let values = [1, -2.5, .infinity, 3 * 0x1p-1074, 0, 1e300]
    let data = littleBytes(values.map(\.bitPattern))
    let rows = try read(npyBytes(npyHeader("<f8", "(2, 3)"), data, version: version))
    #expect(rows.shape == [2, 3] && rows.values == values && !rows.isInteger)
    #expect(rows.column(1) == [-2.5, 0])
    let columns = try read(
      npyBytes(npyHeader("<f8", "(2, 3)", fortran: true), data, version: version))
    #expect(columns.values == [values[0], values[2], values[4], values[1], values[3], values[5]])
    let axis = try read(npyBytes(npyHeader("<f8", "(6,)"), data, version: version))
    #expect(axis.shape == [6] && axis.columnCount == 1 && axis.column(0) == values)
  }

  @Test(
    "every type, value for value",
    arguments: [
      ("|u1", littleBytes([0, 255] as [UInt8]), [0, 255]),
      ("|i1", littleBytes([-128, 127] as [Int8]), [-128, 127]),
      ("<u2", littleBytes([65535, 1] as [UInt16]), [65535, 1]),
      (">u2", [0xFF, 0xFE, 0, 1], [65534, 1]), (">i2", [0xFF, 0xFE, 0, 1], [-2, 1]),
      ("<i4", littleBytes([.min, 7] as [Int32]), [-2_147_483_648, 7]),
      ("<u4", littleBytes([.max, 7] as [UInt32]), [4_294_967_295, 7]),
      ("<i8", littleBytes([-9_007_199_254_740_992, 5] as [Int64]), [-9_007_199_254_740_992, 5]),
      (">u8", [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 3], [258, 3]),
      ("|b1", [1, 0], [1, 0]),
      ("<f4", littleBytes([Float(0.1).bitPattern, 1]), [Double(Float(0.1)), 0x1p-149]),
      (">f8", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], [1.5, -0.0]),
      ("<f2", [0x00, 0x3C, 0xFF, 0x7B], [1, 65504]),
      ("<f2", [0x01, 0x00, 0x00, 0xFC], [0x1p-24, -.infinity]),
      (">f2", [0x35, 0x55, 0x83, 0xFF], [0.333251953125, -0.00006097555160522461]),
    ] as [(String, [UInt8], [Double])])
  func types(type: String, data: [UInt8], values: [Double]) throws {
    let array = try read(npyBytes(npyHeader(type, "(2,)"), data))
    #expect(array.values.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(array.isInteger == !type.contains("f"))
  }

  @Test(
    "faults",
    arguments: [
      (
        npyBytes(npyHeader("<f8", "(1,)"), [0], magic: Array("\u{80}NUMPX".utf8.prefix(6))),
        "npy.magic"
      ),
      (Array("a,b\n1,2\n".utf8), "npy.magic"), ([], "data.empty"),
      (
        npyBytes(npyHeader("<f8", "(1,)"), [UInt8](repeating: 0, count: 8), version: 9), "npy.magic"
      ),
      (
        [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF] + Array("{".utf8),
        "npy.header"
      ),
      ([0x93] + Array("NUMPY".utf8) + [1, 0, 0xFF, 0x00] + Array("{".utf8), "npy.header"),
      (npyBytes("__import__('os').system('true')", []), "npy.header"),
      (npyBytes("{'descr': '<f8', 'fortran_order': False}", []), "npy.header"),
      (
        npyBytes("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (0,)}", []),
        "npy.header"
      ),
      (npyBytes("{'descr': '<f8', 'fortran_order': 0, 'shape': (0,)}", []), "npy.header"),
      (npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (1+1,)}", []), "npy.header"),
      (npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", []), "npy.header"),
      (npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (0,)} x", []), "npy.header"),
      (npyBytes("{'descr: <f8", []), "npy.header"), (npyBytes("", []), "npy.header"),
      (npyBytes(npyHeader("<f8", "(9223372036854775807, 2)"), [0]), "npy.shape"),
      (npyBytes(npyHeader("<f8", "(99999999999999999999,)"), [0]), "npy.shape"),
      (
        npyBytes(npyHeader("<f8", "(1000000, 1000)"), [UInt8](repeating: 0, count: 80)), "npy.shape"
      ),
      (npyBytes(npyHeader("<f8", "(1, 1, 1)"), [UInt8](repeating: 0, count: 8)), "npy.shape"),
      (npyBytes(npyHeader("<f8", "()"), [UInt8](repeating: 0, count: 8)), "npy.shape"),
      (npyBytes(npyHeader("<f8", "(0, 1152921504606846976)"), []), "limit.columns"),
      (npyBytes(npyHeader("<f8", "(0, 100000000000000000)"), []), "limit.columns"),
      (npyBytes(npyHeader("<f8", "(0, 100000000000000000)", fortran: true), []), "limit.columns"),
      (npyBytes(npyHeader("<f8", "(0, 1000001)"), []), "limit.columns"),
      (npyBytes(npyHeader("|u1", "(9223372036854775807, 0)"), []), "npy.shape"),
      (npyBytes(npyHeader("|u1", "(0, 0)"), []), "npy.shape"),
      (npyBytes(npyHeader("|O", "(1,)"), [0]), "npy.dtype"),
      (npyBytes(npyHeader("<c16", "(1,)"), [0]), "npy.dtype"),
      (npyBytes(npyHeader("<U3", "(1,)"), [0]), "npy.shape"),
      (npyBytes(npyHeader("<U1", "(1,)"), [0, 0xD8, 0, 0]), "npy.dtype"),
      (npyBytes(npyHeader("|S1", "(1,)"), [0xFF]), "npy.dtype"),
      (npyBytes(npyHeader("<U0", "(1,)"), [0]), "npy.dtype"),
      (npyBytes(npyHeader("<f9", "(1,)"), [0]), "npy.dtype"),
      (
        npyBytes("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", []),
        "npy.dtype"
      ),
      (npyBytes(npyHeader("<f8", "(2,)"), [UInt8](repeating: 0, count: 15)), "npy.size"),
      (npyBytes(npyHeader("<f8", "(2,)"), [UInt8](repeating: 0, count: 17)), "npy.size"),
      (
        npyBytes(npyHeader("<i8", "(1,)"), littleBytes([9_007_199_254_740_993] as [Int64])),
        "number.inexact"
      ),
      (npyBytes(npyHeader("<i8", "(1,)"), littleBytes([Int64.min])), "number.inexact"),
      (npyBytes(npyHeader("|b1", "(1,)"), [2]), "npy.dtype"),
    ] as [([UInt8], String)])
  func faults(bytes: [UInt8], code: String) {
    let error = #expect(throws: FileError.self) { try read(bytes) }
    #expect(error?.code == code)
    #expect(error?.exitCode == 65)
  }

  @Test("windows of any size, threads and storage change nothing", arguments: [1, 3, 64, 4096])
  func windows(window: Int) throws {
    let (rows, columns) = (421, 3)
    let numbers = (0..<rows * columns).map { $0 == 700 ? .nan : Double($0) / 8 }
    let types: [(String, [UInt8])] = [
      ("<f8", littleBytes(numbers.map(\.bitPattern))),
      ("<f4", littleBytes(numbers.map { Float($0).bitPattern })),
      (">f8", littleBytes(numbers.map(\.bitPattern.byteSwapped))),
      ("<i2", littleBytes((0..<rows * columns).map { Int16($0) })),
    ]
    for (type, data) in types {
      for isFortran in [false, true] {
        for storage in [MatrixStorage.double, .single] {
          var reader = NPYReader()
          reader.windowSize = window
          reader.threads = ThreadCount(2)
          reader.storage = storage
          let header = npyHeader(type, "(421, 3)", fortran: isFortran)
          let array = try reader.read(bytes: npyBytes(header, data), name: "x.npy")
          #expect(array.matrix.storageKind == storage)
          for index in 0..<rows * columns {
            let (row, column) =
              isFortran ? (index % rows, index / rows) : (index / columns, index % columns)
            let expected = type == "<i2" ? Double(index) : numbers[index]
            let found = array.matrix[row, column]
            #expect(found == expected || (found.isNaN && expected.isNaN))
          }
          let odd = (0..<columns).flatMap { array.oddRows(ofColumn: $0) }
          #expect(odd == (type == "<i2" ? [] : [isFortran ? 700 % rows : 700 / columns]))
        }
      }
    }
  }

  @Test("memory is checked before allocation, and the error reports what would fit")
  func budget() throws {
    var reader = NPYReader()
    reader.windowSize = 1
    // Besides the array there is a window of one block of rows.
    reader.memoryBudget = MemoryBudget(bytes: 60_000 + BlockedMatrix.blockSize * 80)
    let bytes = npyBytes(
      npyHeader("<f8", "(1000, 10)"), [UInt8](repeating: 0, count: 80_000))
    let error = try #require(
      #expect(throws: FileError.self) { try reader.read(bytes: bytes, name: "x.npy") })
    #expect(error.code == "limit.memory" && error.exitCode == 71)
    #expect(
      error.details == [
        "with --float32 it needs 55.3 kB, which fits", "750 of its 1000 rows fit",
        "7 of its 10 feature columns fit (--features, --ignore)",
      ])
    reader.storage = .single
    #expect(try reader.read(bytes: bytes, name: "x.npy").rowCount == 1000)
  }

  @Test("an array without rows")
  func empty() throws {
    #expect(try read(npyBytes(npyHeader("<f8", "(0, 3)", fortran: true), [])).values.isEmpty)
    #expect(try read(npyBytes(npyHeader("<f8", "(0, 1000000)"), [])).columnCount == 1_000_000)
  }

  @Test("any byte changed gives an array or an error, and never a trap")
  func changed() {
    let bytes = npyBytes(npyHeader("<i8", "(2, 1)"), littleBytes([3, 4] as [Int64]))
    var errors = 0
    for index in bytes.indices {
      for value in stride(from: 0, through: 255, by: 5) {
        var copy = bytes
        copy[index] = UInt8(value)
        do throws(FileError) { _ = try read(copy) } catch { errors += 1 }
      }
      do throws(FileError) { _ = try read(Array(bytes[..<index])) } catch { errors += 1 }
    }
    #expect(errors > bytes.count)
  }
}
