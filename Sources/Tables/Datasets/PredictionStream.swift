import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The rows of a file to predict, in batches: memory does not grow with the file.
///
/// Predictions of a row have the same bits for any batch size.
public struct PredictionStream: ~Copyable {
  /// The most rows of a batch, and the most predicted numbers in a batch of more than one block of
  /// rows.
  private static let mostRows = 8192
  private static let mostNumbers = 1 << 20

  /// Rows of a batch.
  private let batchSize: Int
  private let classNames: [String]
  private var kept: ColumnPattern?
  private var reader: DatasetReader
  private var stream: DelimitedStream?
  /// The rows of an array, which is in memory as a whole, until they are returned.
  private var array: Table?
  /// The rows of a LIBSVM file, which is in memory as a whole.
  private var sparse: SparseRows?
  private var rowCount = 0
  private var unseen = 0
  private var unseenIn: [String] = []
  private var leftOut: [LeftOutRows.Reason: Int] = [:]
  /// Warnings about the header.
  private var noticed: [DataWarning] = []
  private let storage: MatrixStorage

  /// Opens the file. Columns are found by name, in any order; others are not read unless they are
  /// `kept`. `classNames` gives the order of the offsets.
  ///
  /// Throws `FileError`, and `LabelColumnError.missingColumn` for a missing column that is needed.
  public init(
    _ file: InputFile, inputs: ModelInputs, classNames: [String], offsets: ColumnPattern? = nil,
    keeping kept: ColumnPattern? = nil, ignoringUnseen: Bool = false,
    takingUnseenAsBase: Bool = false, missing: MissingPolicy = .refuse,
    options: DelimitedOptions = DelimitedOptions()
  ) throws {
    var names: [String] = []
    var (offsets, kept) = (offsets, kept)
    let named = { (header: [String]) in
      names = header
      offsets = offsets?.resolvingRanges(among: header)
      kept = kept?.resolvingRanges(among: header)
    }
    let type = { (name: String) -> ColumnType in
      if offsets?.matches(name) == true { return .number }
      let type = inputs.columnType(of: name)
      return type == .ignore && kept?.matches(name) == true ? .text : type
    }
    batchSize = options.answersAtOnce ? 1 : Self.batchSize(classCount: classNames.count)
    self.classNames = classNames
    var roles = ColumnRoles(labels: .unnamed)
    roles.inputs = inputs
    roles.takesUnseenAsBase = takingUnseenAsBase
    roles.encoding.missing = missing
    reader = DatasetReader(roles: roles, delimited: options)
    storage = options.contiguousStorage
    let table = TableFile(file, options: options)
    if table.isSparse {
      try Self.requireNoColumns([(offsets, .offset), (kept, .kept)], of: file)
      sparse = try SparseRows(table, of: file, for: inputs, ignoringUnseen: ignoringUnseen)
      stream = nil
      return
    }
    if table.isArray {
      array = try table.read(header: named, columns: type)
      stream = nil
    } else {
      let opened = try DelimitedStream(
        file, fileExtension: table.format.rawValue, options: options, header: named,
        contiguous: { offsets?.matches($0) != true && inputs.input(named: $0) != nil },
        columns: type)
      noticed = opened.notes.warnings(of: file.name)
      stream = consume opened
    }
    self.kept = kept
    reader.roles.offsets = offsets
    keptNames = names.filter { kept?.matches($0) == true }
    try Self.require(inputs, kept, of: file, among: names)
  }

  private static func batchSize(classCount: Int) -> Int {
    min(mostRows, max(BlockedMatrix.blockSize, mostNumbers / max(1, classCount)))
  }

  /// Throws if columns are named for a sparse file, which has no names.
  private static func requireNoColumns(
    _ patterns: [(ColumnPattern?, ColumnRole)], of file: InputFile
  ) throws {
    for case (let pattern?, let role) in patterns {
      throw LabelColumnError.missingColumn(pattern.text, role: role, file: file.name, among: [])
    }
  }

  private static func require(
    _ inputs: ModelInputs, _ kept: ColumnPattern?, of file: InputFile, among names: [String]
  ) throws {
    for input in inputs.columns where !names.contains(input.name) {
      throw LabelColumnError.missingColumn(
        input.name, role: .modelInput, file: file.name, among: names)
    }
    if let column = kept?.unmatched(among: names).first {
      throw LabelColumnError.missingColumn(column, role: .kept, file: file.name, among: names)
    }
  }

  /// The names of the kept columns, in the order of the file.
  public private(set) var keptNames: [String] = []

  /// The number of unreadable rows so far.
  private var rejectedRowCount: Int {
    switch stream {
    case nil: sparse?.rejectedCount ?? 0
    case .some(let stream): stream.rejectedRowCount
    }
  }

  /// The number of rows of the file so far, including those left out.
  public var fileRowCount: Int { rowCount + rejectedRowCount }

  /// Warnings so far.
  public var warnings: [DataWarning] {
    var result = noticed
    if unseen > 0 { result.append(.unseenLevels(cells: unseen, columns: unseenIn)) }
    if rejectedRowCount > 0 { result.append(.leftOut(LeftOutRows(rejectedRowCount, .unreadable))) }
    for reason in LeftOutRows.Reason.allCases {
      if let count = leftOut[reason] { result.append(.leftOut(LeftOutRows(count, reason))) }
    }
    return result
  }

  /// The next rows; nil after the last.
  public mutating func next() throws -> PredictionRows? {
    if sparse != nil { return nextSparse() }
    guard let table = try nextTable() else { return nil }
    let before = rowCount + rejectedRowCount - table.rejectedRowCount
    rowCount += table.rowCount
    var tables = TableSet(data: table, labels: table)
    var selection = RowSelection(rowCount: table.rowCount)
    note(try reader.leaveOutUnusable(&tables, &selection), selection)
    var source = DataSource(table: table, rowOffset: before)
    source.usesModel = true
    source.rows = selection.rows
    let columns = tables.data.columns.map { selection.apply(to: $0) }
    var rows = PredictionRows(
      columns: Columns(trusting: columns, rowCount: selection.count, storage: storage),
      offsets: try reader.readOffsets(tables.data, classNames: classNames, selection),
      source: source, numbers: selection.kept.map { before + table.number(ofRow: $0) })
    if let kept {
      rows.kept = table.columns.filter { kept.matches($0.name) }.map { selection.apply(to: $0) }
    }
    return rows
  }

  private mutating func note(_ warnings: [DataWarning], _ selection: RowSelection) {
    for case .unseenLevels(let cells, let columns) in warnings {
      unseen += cells
      unseenIn += columns.filter { !unseenIn.contains($0) }
    }
    for rows in selection.leftOut { leftOut[rows.reason, default: 0] += rows.count }
  }

  private mutating func nextSparse() -> PredictionRows? {
    guard let rows = sparse?.next(atMost: batchSize) else { return nil }
    rowCount += rows.numbers.count
    return rows
  }

  private mutating func nextTable() throws -> Table? {
    if let table = array {
      array = nil
      return table
    }
    return try stream?.next(maximumRows: batchSize)
  }
}

/// A batch of rows of a file to predict.
public struct PredictionRows: Sendable {
  /// The columns of the model.
  public var columns: Columns
  /// One offset per class, if the model needs them.
  public let offsets: BlockedMatrix?
  /// The number of each row in the file, from 1.
  public let numbers: [Int]
  /// The columns to repeat beside predictions, as read, in the order of the file.
  public internal(set) var kept: [Column] = []

  private let source: DataSource

  package init(
    columns: Columns, offsets: BlockedMatrix?, source: DataSource, numbers: [Int]
  ) {
    self.columns = columns
    self.offsets = offsets
    self.source = source
    self.numbers = numbers
  }

  /// Runs `body`, which predicts from these rows, and adds file and line to its errors: throws
  /// `DataDiagnosis`.
  public func locatingErrors<R>(_ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: source)
    }
  }
}

/// The rows of a LIBSVM file, which are returned in batches.
private struct SparseRows {
  private let features: Features
  private let source: DataSource
  /// The number of lines that could not be read and were skipped.
  let rejectedCount: Int
  private var start = 0

  init(
    _ table: TableFile, of file: InputFile, for inputs: ModelInputs, ignoringUnseen: Bool
  ) throws {
    let data = try table.readSparse()
    features = try data.features(for: inputs, file: file.name, ignoringUnseen: ignoringUnseen)
    source = DataSource(table: Table(data, source: file.name) { _ in .ignore })
    rejectedCount = data.rejectedRowCount
  }

  /// The next rows; nil after the last.
  mutating func next(atMost count: Int) -> PredictionRows? {
    guard start < features.rowCount else { return nil }
    let rows = Array(start..<min(start + count, features.rowCount))
    start += rows.count
    var source = source
    source.rows = rows
    return PredictionRows(
      columns: Columns(features.selecting(rows: rows)), offsets: nil, source: source,
      numbers: rows.map { self.source.number($0) })
  }
}
