import Surprisal

/// Rows and the classifier that predicts them, with the classes in the order of the labels.
struct ClassifiedRows {
  let classifier: SavedClassifier
  let columns: Columns
  /// Offsets in the order of the labels.
  let offsets: BlockedMatrix?
  /// The classes in the order of the labels.
  let classNames: [String]

  /// The logarithms of the predicted probabilities.
  func logProbabilities(
    _ storage: PredictionStorage, threads: ThreadCount
  ) throws(DatasetError) -> PredictionScorer.Predictions {
    switch storage {
    case .matrix:
      return .logarithms(try matrix(.logProbabilities, threads: threads))
    case .blocks(let heldClasses):
      let coded = try encoded()
      return .computed(
        BlockwisePredictions(
          rowCount: columns.rowCount, classCount: classNames.count, heldClasses: heldClasses
        ) { (rows: [Int]) throws(DatasetError) in
          try coded.selecting(rows).matrix(.logProbabilities, threads: .one)
        })
    }
  }

  /// All predictions as a matrix.
  func matrix(
    _ form: PredictionForm, threads: ThreadCount
  ) throws(DatasetError) -> BlockedMatrix {
    let known = classifier.classNames
    guard known != classNames else {
      return try classifier.predict(form, from: columns, offsets: offsets, threads: threads)
    }
    let back = known.compactMap { classNames.firstIndex(of: $0) }
    return try classifier.predict(
      form, from: columns, offsets: offsets?.selecting(columns: back), threads: threads
    ).selecting(columns: classNames.compactMap { known.firstIndex(of: $0) })
  }

  /// The rows with the design matrix of the classifier, which is then not built for every block.
  func encoded() throws(DatasetError) -> ClassifiedRows {
    ClassifiedRows(
      classifier: classifier, columns: Columns(try columns.encoded(as: classifier.encoding)),
      offsets: offsets, classNames: classNames)
  }

  /// Some of the rows.
  func selecting(_ rows: [Int]) -> ClassifiedRows {
    ClassifiedRows(
      classifier: classifier, columns: columns.selecting(rows: rows),
      offsets: offsets?.selecting(rows: rows), classNames: classNames)
  }
}
