import RealModule
import SurprisalLinearAlgebra

/// Predicted distributions over C classes for N rows, as they were given.
enum Predictions: Sendable {
  /// N x C probabilities.
  case probabilities(BlockedMatrix)
  /// N x C logarithms of probabilities: finite where the probability itself would underflow.
  case logProbabilities(BlockedMatrix)
  /// The same distribution for every row; nothing of size N x C is built for it.
  case constant([Double])

  var classCount: Int {
    switch self {
    case .probabilities(let values), .logProbabilities(let values): values.columnCount
    case .constant(let values): values.count
    }
  }

  /// N, or nil where any number of rows will do.
  var rowCount: Int? {
    switch self {
    case .probabilities(let values), .logProbabilities(let values): values.rowCount
    case .constant: nil
    }
  }
}
