import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// Predicted distributions over C classes for N rows, as they were given.
enum Predictions: Sendable {
  /// N x C probabilities.
  case probabilities(BlockedMatrix)
  /// N x C logarithms of probabilities, which are finite even if the probability itself underflows.
  case logProbabilities(BlockedMatrix)
  /// The same distribution for every row; no N x C matrix is built.
  case constant([Double])
  /// Log-probabilities that are computed block by block; no N x C matrix is built.
  case computed(BlockwisePredictions)

  var classCount: Int {
    switch self {
    case .probabilities(let values), .logProbabilities(let values): values.columnCount
    case .constant(let values): values.count
    case .computed(let source): source.classCount
    }
  }

  /// The number of rows N; nil for a constant prediction, which fits any number.
  var rowCount: Int? {
    switch self {
    case .probabilities(let values), .logProbabilities(let values): values.rowCount
    case .constant: nil
    case .computed(let source): source.rowCount
    }
  }
}

extension Predictions {
  /// Throws `.rowMismatch` unless there is one prediction per label, with the same classes.
  func requireSameShape(as labels: Labels) throws(DatasetError) {
    if let rowCount, rowCount != labels.rowCount {
      throw .rowMismatch(what: "predictions", expected: labels.rowCount, found: rowCount)
    }
    guard classCount == labels.classCount else {
      throw .rowMismatch(
        what: "classes of a row of predictions", expected: labels.classCount, found: classCount)
    }
  }
}

extension RowWeights {
  /// Throws `.rowMismatch` unless there is one weight per label, and `.weight` or `.frequency` for
  /// a number that is not a valid weight.
  func requireOne(forEachOf labels: Labels) throws(DatasetError) {
    if let values {
      try DatasetError.require("weights", values.count, equals: labels.rowCount)
    }
    try requireNumbers()
  }
}

extension Evaluation {
  /// Throws `.rowMismatch` unless there is one cluster per row.
  func requireOneEach(_ clusters: [Int]?) throws(DatasetError) {
    guard let found = clusters?.count, found != rowCount else { return }
    throw .rowMismatch(what: "clusters", expected: rowCount, found: found)
  }

  /// The first row that has another weight in `other`, whose rows are as many; nil if weights are
  /// equal.
  func firstRow(weightedUnlike other: Evaluation) -> Int? {
    if weights == other.weights { return nil }
    let row = (0..<rowCount).first { masses.rows[$0] != other.masses.rows[$0] }
    // Importance weights and frequencies differ in meaning even if their numbers are equal.
    return row ?? (masses.multiplicities == other.masses.multiplicities ? nil : 0)
  }
}

extension DatasetError {
  /// Throws `.argument` unless `level` is the coverage of an interval.
  package static func requireLevel(_ level: Double) throws(DatasetError) {
    guard level > 0, level < 1 else {
      throw .argument("level", value: level, domain: "a number between 0 and 1")
    }
  }
}
