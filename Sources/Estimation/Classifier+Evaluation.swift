import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability

extension Evaluation {
  /// The largest number of predictions, rows times classes, that `Classifier.evaluation` holds as a
  /// matrix; more are computed block by block.
  static let mostHeldPredictions = 1 << 20
}

extension Classifier {
  /// The predictions for labelled rows, compared with the labels. Memory O(N) besides the data:
  /// many predictions are computed block by block, with the same bits.
  ///
  /// Throws what predictions throw, and `.rowMismatch` unless the labels have the classes of the
  /// classifier.
  public func evaluation(
    on data: Dataset, threads: any Reducer = .one
  ) throws(DatasetError) -> Evaluation {
    guard data.rowCount.multipliedSaturating(by: classNames.count) > Evaluation.mostHeldPredictions
    else {
      return try Evaluation(
        ofLogProbabilities: logProbabilities(
          for: data.features, offsets: data.offsets, threads: threads),
        against: data.labels, weights: data.weights, threads: threads)
    }
    let predictions = BlockwisePredictions(
      rowCount: data.rowCount, classCount: classNames.count
    ) { (rows: [Int]) throws(DatasetError) in
      try logProbabilities(
        for: data.features.selecting(rows: rows), offsets: data.offsets?.selecting(rows: rows))
    }
    return try Evaluation(
      ofBlockwise: predictions, against: data.labels, weights: data.weights, threads: threads)
  }
}
