import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Data made ready for affine logits: checked, standardised, without dependent columns.
struct AffineProblem<L: Likelihood> {
  let labels: Labels
  let classNames: [String]
  let encoding: FeatureEncoding
  let offsets: BlockedMatrix?
  let rowWeights: RowWeights
  /// The rows of positive weight; nil when all are.
  let usedRows: [Int]?
  let hasIntercept: Bool
  let options: FitOptions

  /// The change of variables of all D columns.
  let standardization: Standardization
  /// The columns that take part, ascending; all of them under a proper prior.
  let kept: [Int]
  let aliased: [ColumnDependencies.Aliased]
  let rank: Int
  /// Whether dependent columns were looked for, where there is need: not in large sparse data.
  let knowsRank: Bool
  /// The standardised columns that take part.
  package let features: BlockedMatrix
  let observations: L.Observations
  /// Padded weights as the likelihood left them.
  let weights: [Double]
  let initialLogits: [Double]

  init<P: Prior>(
    _ data: consuming Dataset, hasIntercept: Bool, likelihood: L, prior: P, options: FitOptions,
    scale: InputScale = .columns
  ) throws(DatasetError) {
    usedRows = data.weights.values.flatMap { values in
      values.contains(0) ? values.indices.filter { values[$0] > 0 } : nil
    }
    var data = (consume data).droppingZeroWeights()
    labels = data.labels
    classNames = data.classNames
    encoding = data.features.encoding
    offsets = data.offsets
    rowWeights = data.weights
    self.hasIntercept = hasIntercept
    self.options = options
    var weights = Self.padded(data.weights, rowCount: data.rowCount)
    observations = try Self.observations(of: data.labels, likelihood, &weights)
    self.weights = weights
    initialLogits = likelihood.initialLogits(
      of: observations, weights: weights, classCount: data.classCount)
    try Self.requireEveryClass(
      initialLogits, mayBeAbsent: !hasIntercept && prior.isProper)

    var matrix = data.features.matrix
    data.features.matrix = BlockedMatrix(rowCount: 0, columnCount: matrix.columnCount)
    standardization = try Self.standardize(
      &matrix, names: encoding.columnNames, weights: Self.masses(data.labels, data.weights),
      centering: hasIntercept, scale: scale, threads: options.threads)
    let examined = prior.isProper ? nil : matrix.inFull
    let dependencies = examined.map {
      ColumnDependencies(of: $0, includesIntercept: hasIntercept, threads: options.threads)
    }
    knowsRank = prior.isProper || dependencies != nil
    let all = Array(0..<matrix.columnCount)
    kept = dependencies?.independent ?? all
    aliased = dependencies?.aliased ?? []
    rank = dependencies?.rank ?? (all.count + (hasIntercept ? 1 : 0))
    features = kept.count == all.count ? matrix : matrix.selecting(columns: kept)
  }

  /// The model of the columns that take part.
  var model: AffineLogits {
    AffineLogits(
      featureCount: kept.count, classCount: labels.classCount, hasIntercept: hasIntercept)
  }

  func objective<P: Prior>(
    _ likelihood: L, _ prior: P
  ) -> NegativeLogPosterior<AffineLogits, L, P> {
    let scales =
      options.penalizesStandardized
      ? [Double](repeating: 1, count: kept.count) : kept.map { 1 / standardization.scales[$0] }
    var priorScales: [Double] = []
    // Room for just these: grown step by step the vector may take twice as much.
    priorScales.reserveCapacity(labels.classCount * scales.count)
    for _ in 0..<labels.classCount { priorScales += scales }
    return NegativeLogPosterior(
      model: model, likelihood: likelihood, prior: prior, features: features,
      observations: observations, offsets: offsets, weights: weights,
      priorScales: priorScales, threads: options.threads)
  }

  /// The intercept-only objective over the same rows.
  func nullObjective(_ likelihood: L) -> NegativeLogPosterior<AffineLogits, L, FlatPrior> {
    NegativeLogPosterior(
      model: AffineLogits(featureCount: 0, classCount: labels.classCount, hasIntercept: true),
      likelihood: likelihood, prior: FlatPrior(),
      features: BlockedMatrix(rowCount: labels.rowCount, columnCount: 0),
      observations: observations, offsets: offsets, weights: weights, priorScales: [],
      threads: options.threads)
  }

  /// Zero weights, the intercepts of the intercept-only fit, the likelihood's own start.
  func start(_ likelihood: L) -> [Double] {
    [Double](repeating: 0, count: model.weights.count) + (hasIntercept ? centredLogits : [])
      + likelihood.parameters(classCount: labels.classCount).map(\.start)
  }

  /// The start of the intercept-only objective.
  func nullStart(_ likelihood: L) -> [Double] {
    centredLogits.map { $0.isFinite ? $0 : 0 }
      + likelihood.parameters(classCount: labels.classCount).map(\.start)
  }

  private var centredLogits: [Double] {
    let mean = initialLogits.reduce(0, +) / Double(initialLogits.count)
    return mean.isFinite ? initialLogits.map { $0 - mean } : initialLogits
  }

  private static func padded(_ weights: RowWeights, rowCount: Int) -> [Double] {
    var result = [Double](repeating: 0, count: BlockedMatrix.paddedRowCount(rowCount))
    for row in 0..<rowCount { result[row] = weights[row] }
    return result
  }

  private static func observations(
    of labels: Labels, _ likelihood: L, _ weights: inout [Double]
  ) throws(DatasetError) -> L.Observations {
    do {
      return try likelihood.observations(of: labels, weights: &weights)
    } catch {
      throw .label(error)
    }
  }

  /// A class without mass would send its intercept to minus infinity.
  private static func requireEveryClass(
    _ logits: [Double], mayBeAbsent: Bool
  ) throws(DatasetError) {
    let absent = logits.indices.filter { logits[$0] == -.infinity }
    if !absent.isEmpty, !mayBeAbsent { throw .label(.neverSeen(classes: absent)) }
  }

  /// wᵢ times the number of observations of row i: what standardisation weighs rows by.
  private static func masses(_ labels: Labels, _ weights: RowWeights) -> [Double] {
    (0..<labels.rowCount).map { weights[$0] * labels.multiplicity(ofRow: $0) }
  }

  private static func standardize(
    _ matrix: inout BlockedMatrix, names: [String], weights: [Double], centering: Bool,
    scale: InputScale, threads: any Reducer
  ) throws(DatasetError) -> Standardization {
    let result = Standardization(
      of: matrix, weights: weights, centering: centering, scale: scale, threads: threads)
    result.apply(to: &matrix)
    var sparseIsFinite = [Bool](repeating: true, count: matrix.columnCount)
    if let entries = matrix.compressedRows {
      for (column, value) in zip(entries.columns, entries.values) where !value.isFinite {
        sparseIsFinite[Int(column)] = false
      }
    }
    let isSparse = matrix.storageKind == .sparse
    for column in 0..<matrix.columnCount {
      if isSparse {
        guard sparseIsFinite[column], result.scales[column].isNormal else {
          throw .range(column: names[column])
        }
        continue
      }
      var isFinite = result.centers[column].isFinite && result.scales[column].isNormal
      matrix.forEachSegment(ofColumn: column) { segment, _ in
        isFinite = isFinite && segment.allSatisfy(\.isFinite)
      }
      guard isFinite else { throw .range(column: names[column]) }
    }
    return result
  }
}
