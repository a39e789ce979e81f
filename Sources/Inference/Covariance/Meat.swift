import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The middle matrix of a sandwich ("meat"), and its number of independent units.
enum Meat {
  /// None: the errors are based on the inverse of the information alone.
  case absent
  /// Scores of rows; frequencies if the rows have any.
  case rows(frequencies: [Double]?, count: Double)
  /// Scores of clusters.
  case clusters(Clusters)

  init<L: Likelihood, P: Prior>(
    _ kind: CovarianceType, _ choice: StandardErrorChoice, of fit: Fit<LinearPredictor, L, P>
  ) throws(CovarianceReason) {
    switch kind {
    case .information, .laplace, .quasi: self = .absent
    case .sandwich:
      if case .frequency(let values) = fit.rowWeights {
        self = .rows(frequencies: values, count: values.reduce(0, +))
      } else {
        self = .rows(frequencies: nil, count: Double(fit.objective.features.rowCount))
      }
    case .cluster:
      guard case .cluster(let clusters) = choice else {
        self = .absent
        return
      }
      let last = fit.usedRows?.last ?? -1
      guard last < clusters.indices.count else { throw .clusterMismatch }
      let used = clusters.selecting(rows: fit.usedRows)
      guard used.indices.count == fit.objective.features.rowCount else {
        throw .clusterMismatch
      }
      self = .clusters(used)
    }
    if let unitCount, unitCount < 2 {
      throw .singleUnit
    }
  }

  /// n or G.
  var unitCount: Double? {
    switch self {
    case .absent: nil
    case .rows(_, let count): count
    case .clusters(let clusters): Double(clusters.count)
    }
  }

  /// A sandwich is based on residuals. With nearly as many coefficients per class as units, the fit
  /// reproduces the labels, the residuals nearly vanish and the errors are near zero.
  func require(rank: Int, isPenalized: Bool) throws(CovarianceReason) {
    guard !isPenalized, let unitCount, Double(rank) > 0.9 * unitCount else { return }
    throw .noResiduals(rank: rank, units: unitCount)
  }

  /// The reason, with a caution if a sandwich has few units.
  func cautioned(_ reason: CovarianceReason, rank: Int) -> CovarianceReason {
    guard let unitCount else { return reason }
    if case .clusters = self, unitCount < 40 { return .fewClusters(reason) }
    return Double(rank) > 0.2 * unitCount ? .fewUnits(reason) : reason
  }

  var clusterColumn: String? {
    if case .clusters(let clusters) = self { clusters.name } else { nil }
  }

  /// `u/(u-1) Σ s s'` over u units; nil if there is no such matrix. In a joint fit of votes s is
  /// the score minus its part explained by the scores of the annotators.
  func matrix<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>, at point: [Double], _ coupling: AnnotatorCoupling? = nil
  ) -> SymmetricMatrix? {
    var result: SymmetricMatrix
    switch self {
    case .absent: return nil
    case .rows(let frequencies, _) where coupling != nil:
      let count = objective.features.rowCount
      result = objective.scoreProducts(
        at: point, clusters: Array(0..<count), count: count, frequencies: frequencies,
        coupling: coupling)
    case .rows(let frequencies, _):
      result = objective.scoreProducts(at: point, frequencies: frequencies)
    case .clusters(let clusters):
      result = objective.scoreProducts(
        at: point, clusters: clusters.indices, count: clusters.count, coupling: coupling)
    }
    result.elements.scale(by: correction)
    return result
  }

  /// u/(u-1).
  var correction: Double { unitCount.map { $0 / ($0 - 1) } ?? 1 }
}

extension Fit where M == LinearPredictor {
  /// The design columns that distinguish the clusters: the levels of the column that names them, if
  /// it is also a feature. The scores of such coefficients sum to zero in every cluster, so
  /// clusters give no information on their errors, which are not needed: each coefficient concerns
  /// one cluster.
  func absorbedColumns(by meat: Meat) -> Set<Int> {
    guard case .clusters(let clusters) = meat, !prior.isProper else { return [] }
    let encoding = classifier.encoding
    let columns = kept.filter { column in
      guard encoding.termName(ofColumn: column) == clusters.name,
        case .level = encoding.columns[column].factors.first
      else { return false }
      return true
    }
    return columns.count + (classifier.model.hasIntercept ? 1 : 0) >= clusters.count
      ? Set(columns) : []
  }

  /// The number of coefficients per class: the rank of the design matrix.
  var rank: Int { kept.count + (classifier.model.hasIntercept ? 1 : 0) }
}
