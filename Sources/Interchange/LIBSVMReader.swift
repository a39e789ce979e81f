import SurprisalLinearAlgebra

/// Reads LIBSVM and SVMlight text: a label, then `index:value` for each feature that is not zero.
///
/// Features are called by their index, `f1`, `f2`, ...; where index 0 occurs the first is `f0`. So
/// an index means the same in every file, whichever of its indices happen to occur. Blank lines and
/// what follows `#` are skipped, and `qid:` is passed over.
public struct LIBSVMReader: Sendable {
  /// The largest index there may be; nothing is allocated for a larger one.
  public var indexLimit = 1_000_000

  /// The memory that may be used.
  public var memoryBudget = MemoryBudget.ofMachine

  /// What the column of labels is called.
  public static let labelColumn = "label"

  /// A reader.
  public init() {}

  /// Reads a file.
  ///
  /// Throws `libsvm.syntax`, `libsvm.order`, `limit.columns`, `number.infinite`, `number.overflow`,
  /// `data.empty` and the errors of files. Complexity: O(bytes).
  public func read(_ file: InputFile) throws(InterchangeError) -> LIBSVMData {
    var source = try file.open()
    return try read(bytes: source.readAll(budget: memoryBudget), name: file.name)
  }

  /// Reads text that is in memory; `name` is what errors call it.
  public func read(bytes: [UInt8], name: String) throws(InterchangeError) -> LIBSVMData {
    if let format = FileSignature(prefix: bytes.prefix(16)) {
      throw .unsupportedFormat(file: name, format: format)
    }
    if bytes.starts(with: [0xFF, 0xFE]) { throw .wideEncoding(file: name, encoding: "UTF-16LE") }
    if bytes.starts(with: [0xFE, 0xFF]) { throw .wideEncoding(file: name, encoding: "UTF-16BE") }
    let entries = bytes.count { $0 == UInt8(ascii: ":") }
    let (needed, overflow) = entries.multipliedReportingOverflow(by: 24)
    try memoryBudget.require(overflow ? .max : needed, for: "the features of \(name)")
    let limit = min(indexLimit, Int(UInt32.max) - 1)
    return try bytes.withUnsafeBufferPointer { bytes throws(InterchangeError) in
      // Counting from 1 is the rule; index 0 shows that this file counts from 0.
      var scanner = LIBSVMScanner(bytes, name: name, firstIndex: 1, limit: limit, room: entries)
      if try !scanner.run() {
        scanner = LIBSVMScanner(bytes, name: name, firstIndex: 0, limit: limit, room: entries)
        _ = try scanner.run()
      }
      guard scanner.data.rowCount > 0 else { throw .empty(file: name) }
      return scanner.data
    }
  }
}

/// The rows of a LIBSVM file.
public struct LIBSVMData: Sendable, Equatable {
  /// The distinct labels as they are called, numbers in their shortest form: `+1` is `1`.
  public internal(set) var classNames: [String] = []
  /// The index of each row's label among them.
  public internal(set) var labels: [Int32] = []
  /// The entries that are not zero; column 0 is the feature `firstIndex`.
  public internal(set) var entries = CompressedRows()
  /// 0 or 1, the index that the features count from.
  public let firstIndex: Int
  /// The number of features: up to the largest index that occurs.
  public internal(set) var columnCount = 0
  /// Rows with a `qid:`, which is not used.
  public internal(set) var queryCount = 0
  var lines = LineIndex()

  init(firstIndex: Int) { self.firstIndex = firstIndex }

  /// N.
  public var rowCount: Int { entries.rowCount }

  /// `f1`, `f2`, ...
  public var featureNames: [String] { (0..<columnCount).map { "f\($0 + firstIndex)" } }

  /// The line of the file, from 1, of a row counted from 0.
  public func line(ofRow row: Int) -> Int { lines.line(ofRow: row) }
}
