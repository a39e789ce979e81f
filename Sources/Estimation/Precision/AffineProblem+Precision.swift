import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension AffineProblem {
  /// The numerical precision of a fit.
  struct Precision {
    /// The effect of rounding on the fit in double precision; nil if it was not estimated.
    var rounding: RoundingEstimate?
    /// The fit in double-double arithmetic, if the other is at risk and the problem is small
    /// enough.
    var certified: OptimalityGap?
    var objective: PreciseObjective?
    var warnings: [FitWarning] = []
    /// The contribution of rounding to the distance from the minimum; zero if it is negligible.
    var gap = 0.0
  }

  /// Repeats the last steps in double-double arithmetic if rounding puts digits at risk and the
  /// problem is small; otherwise warns with the number of remaining digits.
  func precision<P: Prior>(
    of certified: OptimalityGap, _ objective: AffineObjective<L, P>, _ status: FitStatus,
    isPenalized: Bool
  ) -> Precision {
    var result = Precision()
    switch status {
    case .converged, .notConverged(.noProgress): break
    default: return result
    }
    let solution = certified.solution
    guard let rounding = RoundingEstimate(objective, at: solution) else { return result }
    result.rounding = rounding
    if status.isConverged {
      result.gap = rounding.printedGap + objective.commonShiftGap(at: solution)
    }
    guard rounding.isAtRisk else { return result }
    if !isPenalized, let precise = PreciseObjective(data, objective) {
      let newton = PreciseNewton(
        objective: precise, free: objective.freePositions(reference: 0),
        stopping: options.stopping)
      if let refined = newton.refine(solution) {
        result.certified = OptimalityGap(
          solution: refined, gapBound: OptimalityGap.bound(of: refined, objective))
        result.objective = precise
        return result
      }
    }
    if status.isConverged, rounding.isPoor {
      result.warnings = [
        .fewDigits(
          coefficients: RoundingEstimate.digits(rounding.coefficients),
          standardErrors: RoundingEstimate.digits(rounding.standardErrors))
      ]
    }
    return result
  }
}

extension NegativeLogPosterior where M == LinearPredictor {
  /// How far a weight that all classes have in common leaves the objective above its minimum: the
  /// likelihood does not depend on it, the prior requires it to be zero. Zero if it is negligible.
  fileprivate func commonShiftGap(at solution: Solution) -> Double {
    let strength = prior.strongConvexity(totalWeight: penaltyWeight)
    guard strength > 0 else { return 0 }
    let classes = Double(model.classCount)
    let squares = (0..<model.featureCount).reduce(0.0) { sum, column in
      let total = (0..<model.classCount).reduce(0.0) {
        let position = model.weight(class: $1, feature: column)
        return $0 + solution.point[position] * priorScales[position - model.weights.lowerBound]
      }
      return sum + total * total / classes
    }
    let gap = strength / 2 * squares / penaltyWeight
    return gap > 1e-26 ? gap : 0
  }
}
