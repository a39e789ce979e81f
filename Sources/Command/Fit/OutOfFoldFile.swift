import Surprisal

/// The probabilities of each row when it was held out, as CSV: `row,fold,predicted,p_<class>...`,
/// preceded by the column `repeat` if there are several repeats.
///
/// Rows are in the order of the data, so that `evaluate --predictions` and other programs can align
/// them; numbers read back with the same bits.
struct OutOfFoldFile {
  private let names: [String]
  private let rows: [Int]?
  private let folds: [Folds]
  private let logs: [BlockedMatrix]

  /// Predicts every row with the classifier of its fold: at the strength chosen inside the fold if
  /// nested, otherwise at that of `choice`.
  init<Trained>(
    _ result: CrossValidated<Trained>, _ loaded: LoadedData, choice: LambdaChoice
  ) throws(DatasetError) {
    names = loaded.dataset.classNames
    rows = loaded.source.rows
    folds = result.folds
    if let nested = try result.nestedOutOfFold(loaded.dataset) {
      logs = nested
    } else {
      logs = try result.outOfFold(loaded.dataset, choosing: choice)
    }
  }

  func text() -> String {
    let writer = DelimitedWriter()
    let hasRepeats = logs.count > 1
    var lines = writer.line(
      (hasRepeats ? ["repeat"] : []) + ["row", "fold", "predicted"]
        + names.map { writer.field("p_" + $0) })
    for (index, matrix) in logs.enumerated() {
      for row in 0..<matrix.rowCount {
        let values = matrix.row(row)
        let best = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
        let shares = Softmax.probabilities(values)
        lines += writer.line(
          (hasRepeats ? ["\(index + 1)"] : [])
            + ["\((rows.map { $0[row] } ?? row) + 1)", "\(folds[index].assignments[row] + 1)"]
            + [writer.field(names[best])] + shares.map { writer.field($0) })
      }
    }
    return lines
  }
}
