import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// What stands between the breads, and how many independent units it was made of.
enum Meat {
  /// Nothing: the errors are those of the bread.
  case absent
  /// Scores of rows; frequencies where rows have any.
  case rows(frequencies: [Double]?, count: Double)
  /// Scores of clusters.
  case clusters(Clusters)

  init<L: Likelihood, P: Prior>(
    _ kind: FitRecord.ErrorKind, _ choice: StandardErrorChoice, of fit: Fit<AffineLogits, L, P>
  ) throws(Unavailable) {
    switch kind {
    case .information, .laplace: self = .absent
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
      let used = clusters.selecting(rows: fit.usedRows)
      guard used.indices.count == fit.objective.features.rowCount else {
        throw Unavailable(reason: "the clusters are not those of the rows of the data")
      }
      self = .clusters(used)
    }
    if let unitCount, unitCount < 2 {
      throw Unavailable(reason: "the sandwich needs two independent units; there is one")
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

  var clusterColumn: String? {
    if case .clusters(let clusters) = self { clusters.name } else { nil }
  }

  /// `u/(u-1) Σ s s'` over u units; nil where there is none.
  func matrix<L: Likelihood, P: Prior>(
    _ objective: NegativeLogPosterior<AffineLogits, L, P>, at point: [Double]
  ) -> SymmetricMatrix? {
    var result: SymmetricMatrix
    switch self {
    case .absent: return nil
    case .rows(let frequencies, _):
      result = objective.scoreProducts(at: point, frequencies: frequencies)
    case .clusters(let clusters):
      result = objective.scoreProducts(
        at: point, clusters: clusters.indices, count: clusters.count)
    }
    if let unitCount { result.elements.scale(by: unitCount / (unitCount - 1)) }
    return result
  }
}
