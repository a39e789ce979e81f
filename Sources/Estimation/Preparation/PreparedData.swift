import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// A data set prepared for a likelihood: the starting point of every fit and every held-out score.
///
/// Contains the rows of positive weight, their responses and padded weights, and the features in
/// the coordinates of the fit. Row numbers in its errors are those of the caller's data set,
/// including rows of weight zero.
package struct PreparedData<L: Likelihood>: Sendable {
  package let likelihood: L
  /// The labels of the rows of positive weight.
  package private(set) var labels: Labels
  package let classNames: [String]
  package let encoding: FeatureEncoding
  package let offsets: BlockedMatrix?
  /// The weights of these rows as given.
  package let rowWeights: RowWeights
  /// The rows of the data set that are included, ascending; nil if all are.
  package let usedRows: [Int]?
  package private(set) var responses: L.Responses
  /// The given rows that these represent; nil unless equal rows were merged.
  let merged: MergedRows?
  /// Padded weights, as changed by the likelihood.
  package let weights: [Double]
  /// The change of variables of all D columns.
  package let standardization: Standardization
  /// The included columns.
  package let columns: ColumnSelection
  /// The included columns, in the coordinates of the fit.
  package let features: BlockedMatrix
  /// All columns as they were given, of small problems in double precision that are to be fitted.
  let given: BlockedMatrix?

  /// How the features of training rows are prepared.
  struct Preparation {
    /// Whether classes have unpenalised intercepts. Columns are then centred, unless they are
    /// sparse.
    var hasIntercept = true
    /// Whether dependent columns are included, as under a proper prior. A class without weight is
    /// then allowed too, unless it has an intercept.
    var keepsDependentColumns: Bool
    /// Whether a class without weight is allowed in any case: a penalty bounds its intercept too.
    var boundsIntercepts = false
    var scale = InputScale.columns
    var threads: any Reducer = .one
  }

  /// Prepares training rows: features are standardised, in place if the caller passes ownership of
  /// the data.
  ///
  /// Throws `DatasetError.label` for labels that the likelihood refuses and classes without weight,
  /// and `.range` for features whose scale exceeds the range of doubles.
  init(
    _ data: consuming Dataset, _ likelihood: L, _ preparation: Preparation
  ) throws(DatasetError) {
    let usedRows = data.rowsOfPositiveWeight
    var data = (consume data).droppingZeroWeights()
    let prepared = try PreparedResponses(
      of: data.labels, weights: data.weights, origin: data.origin, likelihood)
    let encoding = data.features.encoding
    try Self.requireEveryClass(
      likelihood, prepared, classCount: data.classCount,
      mayBeAbsent: preparation.boundsIntercepts
        || (!preparation.hasIntercept && preparation.keepsDependentColumns))
    var matrix = data.features.matrix
    data.features.matrix = BlockedMatrix(rowCount: 0, columnCount: matrix.columnCount)
    let isSmall = PreciseObjective.isSmall(
      rows: matrix.rowCount, columns: matrix.columnCount + (preparation.hasIntercept ? 1 : 0),
      classes: data.classCount)
    let given = isSmall && matrix.storageKind != .single ? matrix : nil
    let standardization = try Standardization(
      standardizing: &matrix, names: encoding.columnNames,
      weights: (0..<data.rowCount).map { [labels = data.labels, weights = data.weights] in
        weights[$0] * labels.multiplicity(ofRow: $0)
      },
      centering: preparation.hasIntercept, scale: preparation.scale, threads: preparation.threads)
    let columns = ColumnSelection(
      of: matrix, includesIntercept: preparation.hasIntercept,
      keepsAll: preparation.keepsDependentColumns, threads: preparation.threads)
    self.init(
      trusting: prepared, of: data, likelihood, usedRows: usedRows, encoding, standardization,
      columns.kept.count == matrix.columnCount ? matrix : matrix.selecting(columns: columns.kept),
      columns: columns, given: given)
  }

  /// Prepares rows to be scored by an existing model: with its columns, in its coordinates.
  ///
  /// Throws `DatasetError` for unsuitable columns or labels, and `.noRows` if no row has a positive
  /// weight.
  init(
    _ data: Dataset, _ likelihood: L, encoding: FeatureEncoding, standardization: Standardization
  ) throws(DatasetError) {
    let used = data.droppingZeroWeights()
    guard used.rowCount > 0 else { throw .noRows }
    var matrix: BlockedMatrix
    do {
      matrix = try used.features.coded(as: encoding).matrix
    } catch {
      throw error.mappingRows(used.origin)
    }
    standardization.apply(to: &matrix)
    try self.init(
      used, likelihood, usedRows: data.rowsOfPositiveWeight, encoding, standardization, matrix)
  }

  /// Prepares rows with unchanged features. Throws `DatasetError.label`.
  package init(asGiven data: Dataset, _ likelihood: L) throws(DatasetError) {
    let used = data.droppingZeroWeights()
    let count = used.features.columnCount
    try self.init(
      used, likelihood, usedRows: data.rowsOfPositiveWeight, used.features.encoding,
      Standardization(
        centers: [Double](repeating: 0, count: count),
        scales: [Double](repeating: 1, count: count)),
      used.features.matrix)
  }

  private init(
    _ used: Dataset, _ likelihood: L, usedRows: [Int]?, _ encoding: FeatureEncoding,
    _ standardization: Standardization, _ features: BlockedMatrix
  ) throws(DatasetError) {
    self.init(
      trusting: try PreparedResponses(
        of: used.labels, weights: used.weights, origin: used.origin, likelihood),
      of: used, likelihood, usedRows: usedRows, encoding, standardization, features,
      columns: ColumnSelection(all: features.columnCount), given: nil)
  }

  private init(
    trusting prepared: PreparedResponses<L>, of used: Dataset, _ likelihood: L, usedRows: [Int]?,
    _ encoding: FeatureEncoding, _ standardization: Standardization, _ features: BlockedMatrix,
    columns: ColumnSelection, given: BlockedMatrix?
  ) {
    (responses, weights) = (prepared.responses, prepared.weights)
    self.likelihood = likelihood
    labels = used.labels
    classNames = used.classNames
    offsets = used.offsets
    rowWeights = used.weights
    merged = used.merged
    self.usedRows = usedRows
    self.encoding = encoding
    self.standardization = standardization
    self.features = features
    self.columns = columns
    self.given = given
  }

  /// The same rows with other labels of the same classes.
  func replacing(labels: Labels, responses: L.Responses) -> PreparedData {
    var result = self
    (result.labels, result.responses) = (labels, responses)
    return result
  }

  /// Logits of the intercept-only optimum, or a good start; -infinity for a class without weight.
  package var initialLogits: [Double] {
    likelihood.initialLogits(of: responses, weights: weights, classCount: labels.classCount)
  }

  /// Throws `DatasetError.label` if a class has no weight: its intercept would tend to minus
  /// infinity.
  package func requireEveryClass() throws(DatasetError) {
    try Self.requireEveryClass(initialLogits, mayBeAbsent: false)
  }

  private static func requireEveryClass(
    _ likelihood: L, _ prepared: PreparedResponses<L>, classCount: Int, mayBeAbsent: Bool
  ) throws(DatasetError) {
    try requireEveryClass(
      likelihood.initialLogits(
        of: prepared.responses, weights: prepared.weights, classCount: classCount),
      mayBeAbsent: mayBeAbsent)
  }

  private static func requireEveryClass(
    _ logits: [Double], mayBeAbsent: Bool
  ) throws(DatasetError) {
    let absent = logits.indices.filter { logits[$0] == -.infinity }
    if !absent.isEmpty, !mayBeAbsent { throw .label(.neverSeen(classes: absent)) }
  }
}

/// The columns of a design matrix that are included in a fit.
package struct ColumnSelection: Sendable {
  /// Their positions, ascending.
  package let kept: [Int]
  /// The dependent columns, which are excluded.
  package let aliased: [ColumnDependencies.Aliased]
  /// The rank of the design matrix, intercept included.
  package let rank: Int
  /// Whether dependent columns were searched for, if that matters: in large sparse data they are
  /// not.
  package let knowsRank: Bool
  /// The number of columns, intercept included.
  package let count: Int

  /// All columns of a matrix, without the dependent ones unless these are to be kept.
  init(
    of matrix: BlockedMatrix, includesIntercept: Bool, keepsAll: Bool, threads: any Reducer
  ) {
    let examined = keepsAll ? nil : matrix.inFull
    let dependencies = examined.map {
      ColumnDependencies(of: $0, includesIntercept: includesIntercept, threads: threads)
    }
    knowsRank = keepsAll || dependencies != nil
    count = matrix.columnCount + (includesIntercept ? 1 : 0)
    kept = dependencies?.independent ?? Array(0..<matrix.columnCount)
    aliased = dependencies?.aliased ?? []
    rank = dependencies?.rank ?? count
  }

  /// All columns, without examination.
  init(all count: Int) {
    (kept, aliased, rank, knowsRank, self.count) = (Array(0..<count), [], count, true, count)
  }
}

extension Dataset {
  /// The rows of positive weight, ascending; nil if all rows have one.
  fileprivate var rowsOfPositiveWeight: [Int]? {
    weights.values.flatMap { values in
      values.contains(0) ? values.indices.filter { values[$0] > 0 } : nil
    }
  }
}

extension Standardization {
  /// Standardises a matrix in place.
  ///
  /// Throws `DatasetError.range` for a column whose scale exceeds the range of doubles.
  fileprivate init(
    standardizing matrix: inout BlockedMatrix, names: [String], weights: [Double],
    centering: Bool, scale: InputScale, threads: any Reducer
  ) throws(DatasetError) {
    self.init(
      of: matrix, weights: weights, centering: centering, scale: scale, threads: threads)
    apply(to: &matrix)
    var sparseIsFinite = [Bool](repeating: true, count: matrix.columnCount)
    if let entries = matrix.compressedRows {
      for (column, value) in zip(entries.columns, entries.values) where !value.isFinite {
        sparseIsFinite[Int(column)] = false
      }
    }
    let isSparse = matrix.storageKind == .sparse
    for column in 0..<matrix.columnCount {
      if isSparse {
        guard sparseIsFinite[column], scales[column].isNormal else {
          throw .range(column: names[column])
        }
        continue
      }
      var isFinite = centers[column].isFinite && scales[column].isNormal
      matrix.forEachSegment(ofColumn: column) { segment, _ in
        isFinite = isFinite && segment.allSatisfy(\.isFinite)
      }
      guard isFinite else { throw .range(column: names[column]) }
    }
  }
}
