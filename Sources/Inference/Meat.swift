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

  /// A sandwich lives on residuals. Where there are nearly as many coefficients a class as units, the
  /// fit follows the labels, hardly any residual is left and the errors come out near zero.
  func require(rank: Int, isPenalized: Bool) throws(Unavailable) {
    guard !isPenalized, let unitCount, Double(rank) > 0.9 * unitCount else { return }
    throw Unavailable(
      reason: "\(rank) coefficients a class for \(Int(clamping: unitCount)) "
        + "independent units: the fit follows the labels and leaves no residuals to judge it by; "
        + "use fewer features, or a prior (--l2 LAMBDA)")
  }

  /// What a reader should know of a sandwich of few units.
  func caution(rank: Int) -> String {
    guard let unitCount else { return "" }
    if case .clusters = self, unitCount < 40 {
      return "; with so few clusters the errors tend to be too small"
    }
    return Double(rank) > 0.2 * unitCount
      ? "; fewer than five units a coefficient, the errors tend to be too small" : ""
  }

  var clusterColumn: String? {
    if case .clusters(let clusters) = self { clusters.name } else { nil }
  }

  /// `u/(u-1) Σ s s'` over u units; nil where there is none.
  func matrix<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>, at point: [Double]
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
    result.elements.scale(by: correction)
    return result
  }

  /// u/(u-1).
  var correction: Double { unitCount.map { $0 / ($0 - 1) } ?? 1 }
}

extension Int {
  /// The nearest integer of a count that is kept as a double.
  fileprivate init(clamping count: Double) {
    self = Int(exactly: count.rounded()) ?? .max
  }
}

extension Fit where M == AffineLogits {
  /// The coefficients a class has: the rank of the design matrix.
  var rank: Int { kept.count + (classifier.model.hasIntercept ? 1 : 0) }
}
