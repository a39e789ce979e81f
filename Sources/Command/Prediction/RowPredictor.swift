import Surprisal

/// Computes the predictions for rows.
struct RowPredictor {
  let classifier: SavedClassifier
  let type: PredictCommand.Kind
  let intervals: PredictionIntervals?
  let threads: ThreadCount
  let table: TableOptions

  /// The values of some rows: probabilities or logits, then lower and upper interval ends.
  func values(of rows: PredictionRows) throws -> [BlockedMatrix] {
    try table.requirePredictions(
      of: rows.columns.rowCount, classes: classifier.classNames.count,
      copies: intervals == nil ? 4 : 12,
      // The columns as read, and as used by the model.
      rowBytes: classifier.encoding.columnCount.multipliedSaturating(by: 16))
    return try rows.locatingErrors {
      guard let intervals else { return [try values(rows.columns, rows.offsets)] }
      // Encoded once for predictions and intervals.
      let features = try rows.columns.encoded(as: classifier.encoding)
      let ends = try intervals.ends(for: features, offsets: rows.offsets, threads: threads)
      return [try values(Columns(features), rows.offsets), ends.low, ends.high]
    }
  }

  private func values(
    _ columns: Columns, _ offsets: BlockedMatrix?
  ) throws(DatasetError) -> BlockedMatrix {
    try classifier.predict(
      type == .logits ? .logits : .probabilities, from: columns, offsets: offsets,
      threads: threads)
  }
}

/// The destination of predictions.
struct PredictionWriter: ~Copyable {
  private let file: StagedFile?
  private let flushes: Bool
  private var standard = OutputFile()

  /// A file, or the standard output; with `flushes` every piece is written at once.
  init(file: StagedFile?, flushes: Bool) {
    self.file = file
    self.flushes = flushes
  }

  mutating func write(_ text: String) throws(FileError) {
    if let file { return try file.write(text) }
    try standard.write(text)
    if flushes { try standard.flush() }
  }

  mutating func close() throws(FileError) { try standard.close() }
}
