/// Sparse rows and arrays.
extension BadInput {
  private static let fitSparse = "fit data.csv --format libsvm -o model.json"
  private static let checkArray = "check data.csv --format npy"

  static let sparse: [BadInput] = [
    BadInput(
      "40 descending indices", "1 1:1 2:2\n2 2:1 1:1\n", type: fitSparse, "libsvm.order",
      "line 2", "\"1:1\""),
    BadInput("40 an index twice", "1 1:1\n2 1:1 1:2\n", type: fitSparse, "libsvm.order", "line 2"),
    BadInput("41 index of 2^32 - 1", "1 1:1\n2 4294967295:1\n", type: fitSparse, "limit.columns"),
    BadInput(
      "41 index beyond 2^64", "1 1:1\n2 99999999999999999999:1\n", type: fitSparse,
      "limit.columns", "line 2"),
    BadInput("42 no value", "1 3:\n", type: fitSparse, "libsvm.syntax", "line 1", "byte 3", "3:"),
    BadInput("42 no index", "1 :1\n", type: fitSparse, "libsvm.syntax", "byte 3"),
    BadInput("42 two values", "1 3:1:2\n", type: fitSparse, "libsvm.syntax", "3:1:2"),
    BadInput("26 infinity", "1 1:inf\n2 1:1\n", type: fitSparse, "number.infinite", "line 1"),
  ]

  private static func array(_ header: String, _ size: Int, version: UInt8 = 1) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: size)
  }

  private static func header(_ type: String, _ shape: String) -> String {
    "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
  }

  static let arrays: [BadInput] = [
    BadInput(
      "45 version 9", bytes: array(header("<f8", "(2, 1)"), 16, version: 9),
      type: checkArray, "npy.magic", ["version 9"]),
    BadInput(
      "46 a header of 4 GiB",
      bytes: [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x7B], type: checkArray,
      "npy.header", ["4294967295", "65536"]),
    BadInput(
      "47 a header that is code", bytes: array("__import__('os').system('x')\n", 0),
      type: checkArray, "npy.header", ["byte 0"]),
    BadInput(
      "48 a shape that overflows",
      bytes: array(header("<f8", "(4611686018427387904, 8)"), 16), type: checkArray, "npy.shape",
      ["4611686018427387904 x 8", "16 bytes"]),
    BadInput(
      "49 objects", bytes: array(header("|O", "(2,)"), 16), type: checkArray, "npy.dtype",
      ["|O"]),
    BadInput(
      "49 complex numbers", bytes: array(header("<c16", "(2,)"), 32), type: checkArray,
      "npy.dtype", ["<c16"]),
    BadInput(
      "50 truncated", bytes: array(header("<f8", "(2, 2)"), 24), type: checkArray,
      "npy.size", ["32 bytes", "24"]),
    BadInput(
      "53 an archive of arrays", bytes: Array("PK\u{3}\u{4}x.npy".utf8), type: checkArray,
      "format.unsupported", ["ZIP", ".npz"]),
    BadInput(
      "50 bytes too many", bytes: array(header("<f8", "(2, 2)"), 40), type: checkArray,
      "npy.size", ["32 bytes", "40"]),
  ]
}
