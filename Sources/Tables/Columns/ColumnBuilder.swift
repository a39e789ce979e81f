import SurprisalDatasets

/// Collects the cells of a column and determines its type. The numbers themselves are stored by
/// `TableBuilder`.
struct ColumnBuilder: Sendable {
  /// The index of its field in a record.
  let field: Int

  private let reading: ColumnType
  private let format: NumberFormat
  private let tokens: MissingTokens
  private var missing: [Int] = []
  private var hasQuotedToken = false
  /// The first missing cell that is not empty, and its row.
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

  /// The result of adding a cell: a number to store (NaN for a missing one), or no number.
  enum Addition {
    case number(Double)
    case taken
    case fault(Fault)
  }

  /// `keepsCells` keeps the bytes of cells that were numbers so far, in case the column turns out
  /// to be text. Without it such a column is deferred: it must be read a second time, as text.
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

  /// Whether numbers may be stored without passing their cells to the builder.
  var isFast: Bool { state == .numbers && archive == nil }

  /// Records a missing cell of a row after all known ones.
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

  /// The fault that `append` would report for a column with one type throughout.
  func fault(in cell: UnsafeBufferPointer<UInt8>) -> Fault? {
    let trimmed = cell.trimmingSpaces()
    let kind = format.read(trimmed)
    if case .number = kind { return nil }
    if tokens.contain(trimmed) { return nil }
    if reading == .number { return .notNumber(NonNumber.Kind(kind)) }
    return String(validating: cell, as: UTF8.self) == nil ? .invalidUTF8 : nil
  }

  /// The column with all cells; `values` are the stored numbers.
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

  /// Turns numbers into text: the cells so far are read again if they were kept.
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
  /// The kind of a reading that is not a number.
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

  /// Calls `body` with each cell until one returns a fault.
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
