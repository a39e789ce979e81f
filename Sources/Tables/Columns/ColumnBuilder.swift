import SurprisalDatasets

/// Collects the cells of a column and decides what they are. Numbers are kept elsewhere: see
/// `TableBuilder`.
struct ColumnBuilder: Sendable {
  /// The index of its field in a record.
  let field: Int

  private let reading: ColumnType
  private let decimal: UInt8
  private var missing: [Int] = []
  private var archive: CellArchive?
  private var levels = LevelEncoder()
  private var codes: [Int32] = []
  private var state: State

  private enum State { case numbers, text, deferred }

  /// What is wrong with a cell.
  enum Fault: Equatable {
    case invalidUTF8
    case notNumber(NonNumber.Kind)
  }

  /// What became of a cell: a number that is to be kept, NaN for a missing one; or it was taken.
  enum Addition {
    case number(Double)
    case taken
    case fault(Fault)
  }

  /// `keepsCells` keeps the bytes of cells that were numbers so far, for a column that turns out to
  /// be text; without, such a column is deferred: it wants a second reading, as text.
  init(field: Int, reading: ColumnType, decimal: UInt8, keepsCells: Bool) {
    self.field = field
    self.reading = reading
    self.decimal = decimal
    state = reading == .text ? .text : .numbers
    archive = keepsCells && reading == .automatic ? CellArchive() : nil
  }

  /// Whether the column turned out to be text and its earlier cells are gone.
  var isDeferred: Bool { state == .deferred }

  /// Whether all cells so far are numbers or missing.
  var isNumeric: Bool { state == .numbers }

  /// Whether its numbers may be read without the cells being seen.
  var isFast: Bool { state == .numbers && archive == nil }

  /// Remembers a missing cell of a row that comes after all those known.
  mutating func noteMissing(row: Int) { missing.append(row) }

  /// Adds the cell of the next row, `row` counted from 0.
  @inline(__always)
  mutating func append(_ cell: UnsafeBufferPointer<UInt8>, row: Int) -> Addition {
    guard state == .numbers else { return appendText(cell) }
    let trimmed = cell.trimmingSpaces()
    if case .number(let value) = DecimalNumber.read(trimmed, decimal: decimal) {
      archive?.append(cell)
      return .number(value)
    }
    return appendOther(cell, trimmed: trimmed, row: row)
  }

  /// What `append` would answer for a column of one reading throughout.
  func fault(in cell: UnsafeBufferPointer<UInt8>) -> Fault? {
    let trimmed = cell.trimmingSpaces()
    let kind = DecimalNumber.read(trimmed, decimal: decimal)
    if case .number = kind { return nil }
    if MissingTokens.contain(trimmed) { return nil }
    if reading == .number { return .notNumber(NonNumber.Kind(kind)) }
    return String(validating: cell, as: UTF8.self) == nil ? .invalidUTF8 : nil
  }

  /// The column with all cells; `values` are the numbers that were kept.
  consuming func finish(name: String, _ values: Column.Numbers?) -> Column {
    switch state {
    case .numbers:
      Column(
        name: name, position: field + 1, cells: .numbers(values ?? [], missing: missing))
    case .text, .deferred:
      Column(
        name: name, position: field + 1, cells: .texts(levels: levels.levels, codes: codes),
        levelKinds: levels.kinds)
    }
  }

  private mutating func appendOther(
    _ cell: UnsafeBufferPointer<UInt8>, trimmed: UnsafeBufferPointer<UInt8>, row: Int
  ) -> Addition {
    if MissingTokens.contain(trimmed) {
      missing.append(row)
      archive?.append(cell)
      return .number(.nan)
    }
    if reading == .number {
      return .fault(.notNumber(NonNumber.Kind(DecimalNumber.read(trimmed, decimal: decimal))))
    }
    if let fault = becomeText(rowCount: row) { return .fault(fault) }
    return appendText(cell)
  }

  /// From numbers to text: the cells so far are read again where they were kept.
  private mutating func becomeText(rowCount: Int) -> Fault? {
    defer {
      missing = []
      archive = nil
    }
    if missing.count == rowCount {
      state = .text
      codes = [Int32](repeating: -1, count: rowCount)
      return nil
    }
    guard let archive else {
      state = .deferred
      return nil
    }
    state = .text
    return archive.replay { cell in
      if case .fault(let fault) = appendText(cell) { fault } else { nil }
    }
  }

  private mutating func appendText(_ cell: UnsafeBufferPointer<UInt8>) -> Addition {
    if state == .deferred { return .taken }
    if MissingTokens.contain(cell.trimmingSpaces()) {
      codes.append(-1)
      return .taken
    }
    guard let code = levels.code(of: cell, decimal: decimal) else { return .fault(.invalidUTF8) }
    codes.append(code)
    return .taken
  }
}

extension NonNumber.Kind {
  /// The kind of a reading that is no number.
  init(_ reading: DecimalNumber.Reading) {
    switch reading {
    case .infinite: self = .infinite
    case .overflow: self = .overflow
    case .number, .word: self = .word
    }
  }
}

/// The bytes of cells, one after the other.
struct CellArchive: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  @inline(__always)
  mutating func append(_ cell: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: cell)
    ends.append(bytes.count)
  }

  /// Calls `body` with each cell until one answers with a fault.
  func replay(
    _ body: (UnsafeBufferPointer<UInt8>) -> ColumnBuilder.Fault?
  ) -> ColumnBuilder.Fault? {
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for end in ends {
        if let fault = body(UnsafeBufferPointer(rebasing: bytes[start..<end])) { return fault }
        start = end
      }
      return nil
    }
  }
}

/// The spellings of a missing cell.
///
/// After spaces are trimmed: nothing, `NA`, `N/A`, `n/a`, `#N/A`, `<NA>`, `NaN` in any case (with a
/// sign too), `null` in any case, and `?`. The same in columns of numbers and of text, quoted or
/// not. `None`, `-` and `.` are no missing cells: the first is a common category, the others are
/// more often a mistake that should be seen.
enum MissingTokens {
  /// Whether trimmed bytes say that the cell is missing.
  @inline(__always)
  static func contain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.isEmpty || (bytes.count <= 4 && isToken(bytes))
  }

  /// The bytes as one number, so that no text is made for each short cell.
  private static func isToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let key = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    switch bytes.count {
    case 1: return key == 0x3F  // ?
    case 2: return key == 0x4E41  // NA
    case 3:
      return key | 0x20_2020 == 0x6E_616E  // nan
        || key == 0x4E_2F41 || key == 0x6E_2F61  // N/A n/a
    default:
      return key | 0x2020_2020 == 0x6E75_6C6C  // null
        || key | 0x0020_2020 == 0x2B6E_616E || key | 0x0020_2020 == 0x2D6E_616E  // +nan -nan
        || key == 0x234E_2F41 || key == 0x3C4E_413E  // #N/A <NA>
    }
  }
}
