import SurprisalLinearAlgebra
import SurprisalProbability

/// Labels in arrays, one entry per row.
public enum LabelArray: Sendable {
  /// Class names; the classes are sorted by name.
  case classes([String])
  /// Class indices into `classNames`, or into as many classes as occur.
  case indices([Int])
  /// A probability for each class.
  case probabilities([[Double]])
  /// Votes for each class.
  case counts([[Double]])
  /// 1 for each candidate class of the row, 0 for the others.
  case candidates([[Double]])
  /// The likelihood of what was observed for the row under each class, up to a factor.
  case evidence([[Double]])
}

extension Dataset {
  /// A data set from arrays of features and labels.
  ///
  /// Features are called `f1`, `f2`, ... and classes `0`, `1`, ... unless named; a name in
  /// `.classes` that is not in `classNames` is an error. Throws `.rowMismatch` for rows of unequal
  /// length, `.notFinite`, `.noRows`, and `.label` for invalid labels.
  public init(
    features rows: [[Double]], featureNames: [String]? = nil, labels: LabelArray,
    classNames: [String]? = nil, weights: RowWeights = .uniform
  ) throws(DatasetError) {
    try self.init(
      features: Features(rows, names: featureNames), array: labels, classNames, weights)
  }

  /// As above, with features in one row-major array of N x `columnCount` numbers.
  ///
  /// Also throws `.rowMismatch` if the array is not a whole number of rows.
  public init(
    features values: [Double], columnCount: Int, featureNames: [String]? = nil,
    labels: LabelArray, classNames: [String]? = nil, weights: RowWeights = .uniform
  ) throws(DatasetError) {
    let count = columnCount > 0 ? values.count / columnCount : 0
    guard columnCount > 0, count * columnCount == values.count else {
      throw .rowMismatch(
        what: "features", expected: count * max(columnCount, 0), found: values.count)
    }
    let rows = (0..<count).map { Array(values[($0 * columnCount)..<(($0 + 1) * columnCount)]) }
    try self.init(
      features: rows, featureNames: featureNames, labels: labels, classNames: classNames,
      weights: weights)
  }

  private init(
    features: Features, array: LabelArray, _ classNames: [String]?, _ weights: RowWeights
  ) throws(DatasetError) {
    let labels: Labels
    var names = classNames
    if let rows = array.rows {
      let count = rows.first?.count ?? 0
      if let row = rows.first(where: { $0.count != count }) {
        throw .rowMismatch(what: "columns of a row of labels", expected: count, found: row.count)
      }
    }
    do throws(LabelError) {
      switch array {
      case .classes(let texts):
        let known = classNames ?? Set(texts).sorted()
        let positions = Dictionary(
          zip(known, known.indices), uniquingKeysWith: { first, _ in first })
        names = known
        // An unknown name gets an invalid index, so the error reports its row.
        labels = .classes(
          try ClassIndices(texts.map { positions[$0] ?? known.count }, classCount: known.count))
      case .indices(let indices):
        let count = classNames?.count ?? (indices.max() ?? 0) + 1
        labels = .classes(try ClassIndices(indices, classCount: max(count, 1)))
      case .probabilities:
        labels = .probabilities(try ClassProbabilities(array.matrix))
      case .counts: labels = .counts(try ClassCounts(array.matrix))
      case .candidates: labels = .candidates(try CandidateSets(array.matrix))
      case .evidence: labels = .evidence(try ClassEvidence(array.matrix))
      }
    } catch {
      throw .label(error)
    }
    try self.init(features: features, labels: labels, classNames: names, weights: weights)
  }
}

extension LabelArray {
  /// The rows of numbers; nil for labels with one entry per row.
  fileprivate var rows: [[Double]]? {
    switch self {
    case .classes, .indices: nil
    case .probabilities(let rows), .counts(let rows), .candidates(let rows), .evidence(let rows):
      rows
    }
  }

  /// The rows as a matrix.
  fileprivate var matrix: BlockedMatrix {
    BlockedMatrix(rows: rows ?? [], columnCount: rows?.first?.count ?? 0)
  }
}
