import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The rows of a file that predictions are made for, in batches: memory does not grow with the
/// file.
///
/// A row gets the same bits alone or in any batch.
public struct PredictionStream: ~Copyable {
  /// The most rows of a batch, and the most predicted numbers that more than a block of rows may
  /// have.
  private static let mostRows = 8192
  private static let mostNumbers = 1 << 20

  private let inputs: ModelInputs
  /// Rows of a batch.
  private let batchSize: Int
  private let classNames: [String]
  private let offsets: ColumnPattern?
  private let kept: ColumnPattern?
  private var stream: DelimitedStream?
  /// The rows of an array, which is in memory as a whole, until they are handed out.
  private var array: Table?
  /// The features of a LIBSVM file, which is in memory as a whole, and how many rows are done.
  private var sparse: (features: Features, next: Int)?
  private var rowCount = 0
  private let storage: MatrixStorage

  /// Opens the file. Columns are found by name, in any order; others are not read unless they are
  /// `kept`. `classNames` gives the order of the offsets.
  ///
  /// Throws `FileError`, and `LabelColumnError.missingColumn` for a column that is needed.
  public init(
    _ file: InputFile, inputs: ModelInputs, classNames: [String], offsets: ColumnPattern? = nil,
    keeping kept: ColumnPattern? = nil, ignoringUnseen: Bool = false,
    options: DelimitedOptions = DelimitedOptions()
  ) throws {
    var names: [String] = []
    let type = { (name: String) -> ColumnType in
      if offsets?.matches(name) == true { return .number }
      let type = inputs.columnType(of: name)
      return type == .ignore && kept?.matches(name) == true ? .text : type
    }
    self.inputs = inputs
    let most = max(BlockedMatrix.blockSize, Self.mostNumbers / max(1, classNames.count))
    batchSize = options.answersAtOnce ? 1 : min(Self.mostRows, most)
    self.kept = kept
    self.classNames = classNames
    self.offsets = offsets
    storage = options.contiguousStorage
    let table = TableFile(file, options: options)
    if table.isSparse {
      for (pattern, role) in [(offsets, ColumnRole.offset), (kept, .kept)] {
        guard let pattern else { continue }
        throw LabelColumnError.missingColumn(pattern.text, role: role, file: file.name, among: [])
      }
      let features = try table.readSparse().features(
        for: inputs, file: file.name, ignoringUnseen: ignoringUnseen)
      sparse = (features, 0)
      stream = nil
      return
    }
    if table.isArray {
      array = try table.read { name in
        names.append(name)
        return type(name)
      }
      stream = nil
    } else {
      let opened = try DelimitedStream(
        file, fileExtension: table.format.rawValue, options: options,
        contiguous: { offsets?.matches($0) != true && inputs.input(named: $0) != nil },
        columns: type)
      names = opened.columnNames
      stream = consume opened
    }
    for input in inputs.columns where !names.contains(input.name) {
      throw LabelColumnError.missingColumn(
        input.name, role: .modelInput, file: file.name, among: names)
    }
    keptNames = names.filter { kept?.matches($0) == true }
    if let column = kept?.unmatched(among: names).first {
      throw LabelColumnError.missingColumn(column, role: .kept, file: file.name, among: names)
    }
  }

  /// The names of the columns that are kept, in the order of the file.
  public private(set) var keptNames: [String] = []

  /// Rows that could not be read and were left out, if the options allow that.
  public var rejectedRowCount: Int {
    switch stream {
    case nil: 0
    case .some(let stream): stream.rejectedRowCount
    }
  }

  /// The next rows; nil after the last.
  public mutating func next() throws -> PredictionRows? {
    if sparse != nil { return nextSparse() }
    guard let table = try nextTable() else { return nil }
    let before = rowCount + rejectedRowCount - table.rejectedRowCount
    var source = DataSource(table: table, rowOffset: before)
    source.usesModel = true
    rowCount += table.rowCount
    var rows = PredictionRows(
      columns: Columns(table.columns, rowCount: table.rowCount, storage: storage),
      offsets: try readOffsets(table), source: source)
    if let kept { rows.kept = table.columns.filter { kept.matches($0.name) } }
    return rows
  }

  private mutating func nextSparse() -> PredictionRows? {
    guard let (features, start) = sparse, start < features.rowCount else { return nil }
    let end = min(start + batchSize, features.rowCount)
    sparse?.next = end
    return PredictionRows(
      columns: Columns(features.selecting(rows: Array(start..<end))), offsets: nil, source: nil,
      firstRow: start)
  }

  private mutating func nextTable() throws -> Table? {
    if let table = array {
      array = nil
      return table
    }
    return try stream?.next(maximumRows: batchSize)
  }

  private func readOffsets(_ table: Table) throws -> BlockedMatrix? {
    guard let offsets else { return nil }
    var roles = ColumnRoles(labels: .target(""))
    roles.offsets = offsets
    return try DatasetReader(roles: roles).readOffsets(
      table, classNames: classNames, RowSelection(rowCount: table.rowCount))
  }
}

/// Some rows of a file that predictions are made for.
public struct PredictionRows: Sendable {
  /// The columns of the model.
  public let columns: Columns
  /// One offset a class, if the model needs them.
  public let offsets: BlockedMatrix?
  /// The columns that are to be repeated, in the order of the file.
  public internal(set) var kept: [Column] = []

  private let source: DataSource?
  private let firstRow: Int

  package init(
    columns: Columns, offsets: BlockedMatrix?, source: DataSource?, firstRow: Int = 0
  ) {
    self.firstRow = firstRow
    self.columns = columns
    self.offsets = offsets
    self.source = source
  }

  /// The number of a row in the file, counted from 1 with the rows that were left out. `row` counts
  /// from 0.
  public func number(ofRow row: Int) -> Int {
    source.map { $0.rowOffset + $0.number(row) } ?? firstRow + row + 1
  }

  /// Runs `body`, which predicts from these rows, and adds file and line to its errors: throws
  /// `DataDiagnosis`.
  public func locatingErrors<R>(_ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let error as DatasetError {
      guard let source else { throw error }
      throw DataDiagnosis(error, in: source)
    }
  }
}

/// Anybody's predictions: a file with one column of probabilities for each class.
public struct PredictionFile: Sendable {
  private let file: InputFile
  private let columns: ColumnPattern
  private let options: DelimitedOptions

  /// A file and the columns in it.
  public init(
    _ file: InputFile, columns: ColumnPattern, options: DelimitedOptions = DelimitedOptions()
  ) {
    self.file = file
    self.columns = columns
    // A format that was named is that of the data.
    var options = options
    options.format = nil
    self.options = options
  }

  /// The classes and the probabilities, checked like labels: rows sum to one within 1e-5 and are
  /// divided by their sum.
  public func read() throws -> (classNames: [String], probabilities: ClassProbabilities) {
    var roles = ColumnRoles(labels: .probabilities(columns))
    roles.features = ColumnPattern("")
    let loaded = try DatasetReader(roles: roles, delimited: options).read(file)
    guard case .probabilities(let probabilities) = loaded.dataset.labels else {
      preconditionFailure("probability columns give probabilities")
    }
    return (loaded.dataset.classNames, probabilities)
  }
}
