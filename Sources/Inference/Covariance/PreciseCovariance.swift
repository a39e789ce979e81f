import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension CovarianceProblem {
  /// The covariance in double-double arithmetic, of a fit for which doubles are not precise enough.
  func preciseCovariance(
    _ precise: PreciseObjective, _ meat: Meat, _ absorbed: Set<Int>
  ) throws(CovarianceReason) -> Covariance {
    guard let factor = precise.curvature(at: point, over: free) else { throw .singular }
    let contrasts = contrasts(leaving: absorbed)
    guard !contrasts.isEmpty else { throw .noCoefficients }
    let solutions = contrasts.map { contrast in
      var right = [DoubleDouble](repeating: .zero, count: free.count)
      for term in contrast.terms { right[term.place] += DoubleDouble(term.factor) }
      return factor.solve(right)
    }
    let units = meat.units(precise, at: point, over: free)
    let products = units.map { units in
      solutions.map { solution in units.map { DoubleDouble.dot($0, solution) } }
    }
    var matrix = SymmetricMatrix(dimension: contrasts.count)
    for row in contrasts.indices {
      for column in 0...row {
        let value =
          products.map { DoubleDouble.dot($0[row], $0[column]) }
          ?? contrasts[column].terms.reduce(.zero) {
            $0 + DoubleDouble($1.factor) * solutions[row][$1.place]
          }
        matrix[row, column] = value.high
      }
    }
    try requireVariances(of: matrix, isSandwich: units != nil)
    if units != nil { matrix.elements.scale(by: meat.correction) }
    let trace = units?.reduce(DoubleDouble.zero) {
      $0 + DoubleDouble.dot($1, factor.solve($1))
    }
    return Covariance(
      parameters: contrasts.map(\.parameter), matrix: matrix,
      effectiveParameterCount: trace?.high)
  }
}

extension Meat {
  /// The scores of independent units, whose outer products sum to the matrix without its
  /// correction; nil if there is no such matrix.
  fileprivate func units(
    _ precise: PreciseObjective, at point: [Double], over free: [Int]
  ) -> [[DoubleDouble]]? {
    switch self {
    case .absent: return nil
    case .rows(let frequencies, _):
      let scores = precise.scores(at: point, over: free)
      guard let frequencies else { return scores }
      return zip(scores, frequencies).map { score, frequency in
        score.map { $0 / DoubleDouble(frequency).squareRoot }
      }
    case .clusters(let clusters):
      let zeros = [DoubleDouble](repeating: .zero, count: free.count)
      var sums = [[DoubleDouble]](repeating: zeros, count: clusters.count)
      for (cluster, score) in zip(clusters.indices, precise.scores(at: point, over: free)) {
        for place in score.indices { sums[cluster][place] += score[place] }
      }
      return sums
    }
  }
}
