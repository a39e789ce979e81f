import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Predictions for a file that is read in batches, in memory that does not grow with it.
///
/// A row gets the same bits alone or in any batch.
public struct PredictionStream: ~Copyable {
  /// Rows of a batch.
  public static let batchSize = 8192

  private let classifier: Classifier<AffineLogits>
  private let offsets: ColumnPattern?
  private var stream: DelimitedStream?
  /// The rows of an array, which is in memory as a whole, until they are predicted.
  private var array: Table?
  private var rowCount = 0

  /// Opens the file. Columns are found by name, in any order; others are not read.
  ///
  /// Throws `InterchangeError`, and `LabelColumnError.missingColumn` for a column that is needed.
  public init(
    _ file: InputFile, classifier: Classifier<AffineLogits>, offsets: ColumnPattern? = nil,
    options: DelimitedOptions = DelimitedOptions()
  ) throws {
    let encoding = classifier.encoding
    var names: [String] = []
    let reading = { (name: String) -> ColumnReading in
      offsets?.matches(name) == true ? .number : encoding.reading(of: name)
    }
    self.classifier = classifier
    self.offsets = offsets
    let table = TableFile(file, options: options)
    if table.isArray {
      array = try table.read { name in
        names.append(name)
        return reading(name)
      }
      stream = nil
    } else {
      let opened = try DelimitedStream(file, options: options, columns: reading)
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
    guard let table = try nextTable() else { return nil }
    var source = DataSource(table: table, rowOffset: rowCount)
    source.usesModel = true
    rowCount += table.rowCount
    do {
      let features = Features(
        matrix: try classifier.encoding.design(
          of: table.columns.map { FeatureColumn($0) }, rowCount: table.rowCount),
        encoding: classifier.encoding)
      let offsets = try readOffsets(table)
      return logits
        ? try classifier.logits(for: features, offsets: offsets, threads: threads)
        : try classifier.probabilities(for: features, offsets: offsets, threads: threads).values
    } catch let error as DatasetError {
      throw DataDiagnosis(error, in: source)
    }
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
