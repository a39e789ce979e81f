import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The properties of a data set that are known before a fit: its labels, the rank of its features
/// and whether the likelihood has a maximum.
public struct DatasetProfile: Sendable, Equatable {
  /// The kind of label.
  public let labelKind: LabelKind
  /// The classes in order.
  public let classes: [ClassProfile]
  /// The number of rows of positive weight.
  public let rowCount: Int
  /// The number of rows of weight zero, which are ignored.
  public let weightlessRowCount: Int
  /// W = Σ wᵢ nᵢ; under a likelihood of counts every vote counts separately.
  public let totalWeight: Double
  /// Mean entropy of the labels in nats, the lower bound of the cross entropy. 0 for one class per
  /// row.
  public let labelEntropy: Double
  /// Entropy of the mean label in nats: the cross entropy of a model without features and offsets.
  public let nullCrossEntropy: Double
  /// The number of rows whose label gives several classes a positive probability.
  public let softRowCount: Int
  /// The names of the D design columns.
  public let columnNames: [String]
  /// The base level of each text column.
  public let bases: [Base]
  /// The rank of the design matrix, intercept included.
  public let rank: Int
  /// Columns that are linear combinations of others, in the user's units.
  public let aliased: [ColumnDependencies.Aliased]
  /// Whether the maximum of the likelihood exists under a flat prior; nil if labels and features
  /// alone do not decide that for the likelihood.
  public let existence: Existence?
  /// The design columns that `existence` refers to, ascending: all but the aliased ones.
  public let kept: [Int]

  /// A text column and the base level of its contrasts.
  public struct Base: Sendable, Equatable {
    /// The column.
    public let column: String
    /// The level.
    public let level: String
  }

  /// Examines a data set as a fit under a flat prior would, without fitting.
  ///
  /// Throws the same `DatasetError` as the fit would. Complexity: O(N D min(N, D)) for the rank;
  /// for existence see `RecessionCone.search`, which has its own work limit.
  public init<L: Likelihood>(
    of data: consuming Dataset, likelihood: L, hasIntercept: Bool = true,
    threads: any Reducer = .one
  ) throws(DatasetError) {
    let data = consume data
    let problem = try AffineProblem(
      data, hasIntercept: hasIntercept, likelihood: likelihood, keepsDependentColumns: false,
      options: FitOptions(threads: threads))
    let prepared = problem.data
    let labels = LabelTotals(prepared, countsVotes: data.labels.kind == .counts)
    labelKind = data.labels.kind
    classes = zip(data.classNames, zip(labels.weights, labels.rowCounts)).map {
      ClassProfile(name: $0, weight: $1.0, rowCount: $1.1)
    }
    rowCount = prepared.labels.rowCount
    weightlessRowCount = data.rowCount - prepared.labels.rowCount
    totalWeight = labels.total
    labelEntropy = labels.entropy
    nullCrossEntropy = Distribution.entropy(labels.weights.map { $0 / labels.total })
    softRowCount = labels.softRowCount
    columnNames = prepared.encoding.columnNames
    bases = prepared.encoding.sources.compactMap { source in
      guard case .factor(let levels, let base) = source.kind else { return nil }
      return Base(column: source.name, level: levels[base])
    }
    rank = prepared.columns.rank
    aliased = prepared.columns.aliased.map { $0.unstandardized(prepared.standardization) }
    kept = prepared.columns.kept
    existence = problem.existence
  }
}

extension AffineProblem {
  /// Whether the likelihood has a maximum, if labels and features alone decide that.
  fileprivate var existence: Existence? {
    guard data.likelihood.limit != .unknown else { return nil }
    let isMixture = data.likelihood.limit == .mixture
    if !isMixture, RecessionCone.hasFullSupport(data.labels) { return .attained(.fullSupport) }
    guard let examined = data.features.inFull else { return .undecided(.sparseFeatures) }
    let cone = recessionCone(examined)
    return isMixture
      ? cone.searchMixture(data.mixtureTerms(auxiliary: data.auxiliaryStart)) : cone.search()
  }
}

extension DatasetProfile {
  /// One class.
  public struct ClassProfile: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Σ wᵢ nᵢ pᵢₖ, the total weight of its labels.
    public let weight: Double
    /// The number of rows of positive weight that give it a positive probability.
    public let rowCount: Int
  }
}

/// Sums over the labels of the rows of positive weight.
private struct LabelTotals {
  let weights: [Double]
  let rowCounts: [Int]
  let total: Double
  let softRowCount: Int
  /// Mean entropy.
  let entropy: Double

  init<L: Likelihood>(_ data: PreparedData<L>, countsVotes: Bool) {
    let labels = data.labels
    let classes = labels.classCount
    var rowCounts = [Int](repeating: 0, count: classes)
    var softRowCount = 0
    // The weight of each class, the entropy and the total.
    let zeros = [Double](repeating: 0, count: classes + 2)
    let tree = SummationTree(rowCount: labels.rowCount)
    let sums = tree.sum(from: zeros) { sum, blocks in
      for row in blocks.lazy.flatMap({ BlockedMatrix.rows(ofBlock: $0, rowCount: labels.rowCount) })
      {
        let shares = labels.distribution(ofRow: row)
        let weight = data.rowWeights[row] * (countsVotes ? labels.multiplicity(ofRow: row) : 1)
        for (index, share) in shares.enumerated() where share > 0 {
          sum[index] += weight * share
          rowCounts[index] += 1
        }
        sum[classes] += weight * Distribution.entropy(shares)
        sum[classes + 1] += weight
        if shares.count(where: { $0 > 0 }) > 1 { softRowCount += 1 }
      }
    }
    weights = Array(sums.prefix(classes))
    total = sums[classes + 1]
    entropy = sums[classes] / total
    self.rowCounts = rowCounts
    self.softRowCount = softRowCount
  }
}
