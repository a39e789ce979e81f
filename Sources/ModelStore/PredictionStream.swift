import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import SurprisalTables

/// Predictions for a file that is read in batches, in memory that does not grow with it.
///
/// A row gets the same bits alone or in any batch.
public struct PredictionStream: ~Copyable {
  /// Rows of a batch.
  public static let batchSize = 8192

  private let classifier: any Classifier
  private let offsets: ColumnPattern?
  private var stream: DelimitedStream?
  /// The rows of an array, which is in memory as a whole, until they are predicted.
  private var array: Table?
  /// The features of a LIBSVM file, which is in memory as a whole, and how many rows are done.
  private var sparse: (features: Features, next: Int)?
  private var rowCount = 0
  private let storage: MatrixStorage

  /// Opens the file. Columns are found by name, in any order; others are not read.
  ///
  /// Throws `InterchangeError`, and `LabelColumnError.missingColumn` for a column that is needed.
  public init(
    _ file: InputFile, classifier: any Classifier, offsets: ColumnPattern? = nil,
    ignoringUnseen: Bool = false, options: DelimitedOptions = DelimitedOptions()
  ) throws {
    let encoding = classifier.encoding
    var names: [String] = []
    let reading = { (name: String) -> ColumnReading in
      offsets?.matches(name) == true ? .number : encoding.reading(of: name)
    }
    self.classifier = classifier
    self.offsets = offsets
    storage = options.gatheredStorage
    let table = TableFile(file, options: options)
    if table.isSparse {
      sparse = (try Self.sparseFeatures(table, encoding, offsets, ignoringUnseen), 0)
      stream = nil
      return
    }
    if table.isArray {
      array = try table.read { name in
        names.append(name)
        return reading(name)
      }
      stream = nil
    } else {
      let opened = try DelimitedStream(
        file, fileExtension: table.format.rawValue, options: options,
        gathering: { offsets?.matches($0) != true }, columns: reading)
      names = opened.columnNames
      stream = consume opened
    }
    for source in encoding.sources where !names.contains(source.name) {
      throw LabelColumnError.missingColumn(
        source.name, flag: "the model", file: file.name,
        among: names)
    }
  }

  /// Rows that could not be read and were left out, where the options say so.
  public var rejectedRowCount: Int {
    switch stream {
    case nil: 0
    case .some(let stream): stream.rejectedRowCount
    }
  }

  /// The next rows, probabilities or logits by class; nil after the last.
  public mutating func next(
    logits: Bool = false, threads: ThreadCount = .one
  ) throws -> BlockedMatrix? {
    guard let rows = try nextRows() else { return nil }
    return logits
      ? try classifier.logits(for: rows.features, offsets: rows.offsets, threads: threads)
      : try classifier.probabilities(for: rows.features, offsets: rows.offsets, threads: threads)
        .values
  }

  /// The next rows as the classifier has them, for whoever predicts from them; nil after the last.
  public mutating func nextRows() throws -> PredictionRows? {
    if sparse != nil { return nextSparse() }
    guard let table = try nextTable() else { return nil }
    let before = rowCount + rejectedRowCount - table.rejectedRowCount
    var source = DataSource(table: table, rowOffset: before)
    source.usesModel = true
    rowCount += table.rowCount
    do {
      let features = Features(
        matrix: try classifier.encoding.design(
          of: table.columns.map { FeatureColumn($0) }, rowCount: table.rowCount, storage: storage),
        encoding: classifier.encoding)
      return PredictionRows(features: features, offsets: try readOffsets(table))
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: source)
    }
  }

  private static func sparseFeatures(
    _ table: TableFile, _ encoding: FeatureEncoding, _ offsets: ColumnPattern?,
    _ ignoringUnseen: Bool
  ) throws -> Features {
    let name = table.file.name
    if let offsets {
      throw LabelColumnError.missingColumn(offsets.text, flag: "--offset", file: name, among: [])
    }
    return try table.readSparse().features(
      as: encoding, file: name, ignoringUnseen: ignoringUnseen)
  }

  private mutating func nextSparse() -> PredictionRows? {
    guard let (features, start) = sparse, start < features.rowCount else { return nil }
    let end = min(start + Self.batchSize, features.rowCount)
    sparse?.next = end
    return PredictionRows(
      features: features.selecting(rows: Array(start..<end)), offsets: nil)
  }

  private mutating func nextTable() throws -> Table? {
    if let table = array {
      array = nil
      return table
    }
    return try stream?.next(maximumRows: Self.batchSize)
  }

  private func readOffsets(_ table: Table) throws -> BlockedMatrix? {
    guard let offsets else { return nil }
    var layout = DataLayout(labels: .target(""))
    layout.offsets = offsets
    return try DatasetReader(layout: layout).readOffsets(
      table, classNames: classifier.classNames, RowSelection(rowCount: table.rowCount))
  }
}

/// Rows of a file in the columns of a classifier.
public struct PredictionRows: Sendable {
  /// The design.
  public let features: Features
  /// One offset a class, where the classifier needs them.
  public let offsets: BlockedMatrix?
}
