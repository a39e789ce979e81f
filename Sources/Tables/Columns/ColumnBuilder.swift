import SurprisalDatasets

/// Collects the cells of a column and decides what they are. Numbers are kept elsewhere: see
/// `TableBuilder`.
struct ColumnBuilder: Sendable {
  /// The index of its field in a record.
  let field: Int

  private let reading: ColumnType
  private let format: NumberFormat
  private let tokens: MissingTokens
  private var missing: [Int] = []
  private var hasQuotedToken = false
  /// The first cell that is missing and not empty, and its row.
  private(set) var firstToken: (row: Int, text: String)?
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
  init(field: Int, reading: ColumnType, options: DelimitedOptions, keepsCells: Bool) {
    self.field = field
    self.reading = reading
    format = options.numbers
    tokens = options.missing
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
  mutating func append(
    _ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool, row: Int
  ) -> Addition {
    guard state == .numbers else { return appendText(cell, isQuoted: isQuoted) }
    let trimmed = cell.trimmingSpaces()
    if case .number(let value) = format.read(trimmed) {
      archive?.append(cell, isQuoted: isQuoted)
      return .number(value)
    }
    return appendOther(cell, isQuoted: isQuoted, trimmed: trimmed, row: row)
  }

  /// What `append` would answer for a column of one reading throughout.
  func fault(in cell: UnsafeBufferPointer<UInt8>) -> Fault? {
    let trimmed = cell.trimmingSpaces()
    let kind = format.read(trimmed)
    if case .number = kind { return nil }
    if tokens.contain(trimmed) { return nil }
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
    _ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool, trimmed: UnsafeBufferPointer<UInt8>,
    row: Int
  ) -> Addition {
    if tokens.contain(trimmed) {
      noteMissing(cell, row: row)
      if isQuoted, !trimmed.isEmpty { hasQuotedToken = true }
      missing.append(row)
      archive?.append(cell, isQuoted: isQuoted)
      return .number(.nan)
    }
    if reading == .number {
      return .fault(.notNumber(NonNumber.Kind(format.read(trimmed))))
    }
    if let fault = becomeText(rowCount: row) { return .fault(fault) }
    return appendText(cell, isQuoted: isQuoted)
  }

  private mutating func noteMissing(_ cell: UnsafeBufferPointer<UInt8>, row: Int) {
    guard firstToken == nil, !cell.isEmpty else { return }
    firstToken = (row, String(decoding: cell, as: UTF8.self))
  }

  /// From numbers to text: the cells so far are read again where they were kept.
  private mutating func becomeText(rowCount: Int) -> Fault? {
    defer {
      missing = []
      archive = nil
    }
    if missing.count == rowCount, !hasQuotedToken {
      state = .text
      codes = [Int32](repeating: -1, count: rowCount)
      return nil
    }
    guard let archive else {
      state = .deferred
      return nil
    }
    state = .text
    return archive.replay { cell, isQuoted in
      if case .fault(let fault) = appendText(cell, isQuoted: isQuoted) { fault } else { nil }
    }
  }

  private mutating func appendText(
    _ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool
  ) -> Addition {
    if state == .deferred { return .taken }
    let trimmed = cell.trimmingSpaces()
    if tokens.contain(trimmed), !isQuoted || trimmed.isEmpty {
      noteMissing(cell, row: codes.count)
      codes.append(-1)
      return .taken
    }
    guard let code = levels.code(of: cell, format: format) else { return .fault(.invalidUTF8) }
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
  private var quoted: Set<Int> = []

  @inline(__always)
  mutating func append(_ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool) {
    if isQuoted { quoted.insert(ends.count) }
    bytes.append(contentsOf: cell)
    ends.append(bytes.count)
  }

  /// Calls `body` with each cell until one answers with a fault.
  func replay(
    _ body: (UnsafeBufferPointer<UInt8>, Bool) -> ColumnBuilder.Fault?
  ) -> ColumnBuilder.Fault? {
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for (index, end) in ends.enumerated() {
        let cell = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if let fault = body(cell, quoted.contains(index)) { return fault }
        start = end
      }
      return nil
    }
  }
}
