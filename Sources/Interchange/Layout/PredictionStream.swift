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
  private var stream: DelimitedStream
  private var rowCount = 0

  /// Opens the file. Columns are found by name, in any order; others are not read.
  ///
  /// Throws `InterchangeError`, and `LabelColumnError.missingColumn` for a column that is needed.
  public init(
    _ file: InputFile, classifier: Classifier<AffineLogits>, offsets: ColumnPattern? = nil,
    options: DelimitedOptions = DelimitedOptions()
  ) throws {
    let encoding = classifier.encoding
    let opened = try DelimitedStream(file, options: options) { name in
      offsets?.matches(name) == true ? .number : encoding.reading(of: name)
    }
    let names = opened.columnNames
    for source in encoding.sources where !names.contains(source.name) {
      throw LabelColumnError.missingColumn(
        source.name, flag: "the model", file: opened.name,
        nearest: SpellingDistance.nearest(to: source.name, among: names))
    }
    self.classifier = classifier
    self.offsets = offsets
    stream = opened
  }

  /// Rows that could not be read and were left out, where the options say so.
  public var rejectedRowCount: Int { stream.rejectedRowCount }

  /// The next rows, probabilities or logits by class; nil after the last.
  public mutating func next(
    logits: Bool = false, threads: ThreadCount = .one
  ) throws -> BlockedMatrix? {
    guard let table = try stream.next(maximumRows: Self.batchSize) else { return nil }
    let source = DataSource(table: table, rowOffset: rowCount)
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

  private func readOffsets(_ table: Table) throws -> BlockedMatrix? {
    guard let offsets else { return nil }
    var layout = DataLayout(labels: .target(""))
    layout.offsets = offsets
    return try DatasetReader(layout: layout).readOffsets(
      table, classNames: classifier.classNames, RowSelection(rowCount: table.rowCount))
  }
}
