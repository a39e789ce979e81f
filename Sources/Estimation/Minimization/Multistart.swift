import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Uses one start if the likelihood is concave, several otherwise.
///
/// Candidate sets, label noise and dispersions have local maxima: the best of the starts is kept,
/// and the fit reports the number of distinct optima.
struct Multistart {
  /// The number of starts after the first, unless the options set it.
  static let defaultRestarts = 4
  /// Starts of small problems of mixtures without a prior: their best limits are often far from the
  /// first start.
  private static let mixtureRestarts = 72
  /// Such starts if parameters of the likelihood are estimated too: each then takes much longer.
  private static let estimatedMixtureRestarts = 9
  /// Rows times squared parameters up to which a start costs some milliseconds.
  private static let smallWork = 1e5
  /// The sizes of the noise of further starts, four starts each.
  private static let scales = [0.5, 1, 2, 4, 8, 16]

  let options: FitOptions

  struct Result {
    var best: AffineMinimization.Run
    /// Distinct objective values at converged points, ascending.
    var optima: [Double]
  }

  func run<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>, from start: [Double],
    observing observer: Observer?
  ) -> Result {
    var options = options
    options.stopping.tolerance *= share(of: objective)
    let minimization = AffineMinimization(options: options)
    var best = minimization.run(objective, from: start, observing: observer)
    var values = best.solution.isConverged ? [best.solution.value] : []
    var generator = SplitMix64(seed: options.seed)
    for index in 0..<restarts(objective) where best.solution.termination != .cancelled {
      let point = nextStart(index, start, best.solution.point, objective, using: &generator)
      var run = minimization.run(objective, from: point, observing: observer)
      if run.solution.isConverged { values.append(run.solution.value) }
      let gain = best.solution.value - run.solution.value
      let resolution = Self.resolution(best.solution.value)
      let isBetter =
        gain > resolution
        || (gain > -resolution && run.solution.isConverged && !best.solution.isConverged)
      let isOver = run.solution.termination == .cancelled
      if isBetter || isOver {
        run.solution.add(workOf: best.solution)
        best = run
      } else {
        best.solution.add(workOf: run.solution)
      }
    }
    return Result(best: best, optima: Self.distinct(values))
  }

  private func restarts<L: Likelihood, P: Prior>(_ objective: AffineObjective<L, P>) -> Int {
    if objective.likelihood.isLogConcave { return 0 }
    if let restarts = options.restarts { return restarts }
    guard isSmallMixture(objective) else { return Self.defaultRestarts }
    return objective.auxiliaryCount == 0 ? Self.mixtureRestarts : Self.estimatedMixtureRestarts
  }

  private func isSmallMixture<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>
  ) -> Bool {
    let size = Double(objective.dimension)
    return objective.likelihood.limit == .mixture && !objective.prior.isProper
      && Double(objective.features.rowCount) * size * size <= Self.smallWork
  }

  /// The start after `index` others. Of three starts of a small mixture two are fits to random
  /// classes: given the labels alone, and given the labels and half the logits of the best fit.
  private func nextStart<L: Likelihood, P: Prior>(
    _ index: Int, _ start: [Double], _ best: [Double], _ objective: AffineObjective<L, P>,
    using generator: inout SplitMix64
  ) -> [Double] {
    guard isSmallMixture(objective), index % 3 < 2 else {
      let level = isSmallMixture(objective) ? index / 3 : index / 4
      return perturbed(
        start, Self.scales[level % Self.scales.count], objective, using: &generator)
    }
    var point = start
    for position in 0..<objective.model.parameterCount {
      point[position] = index.isMultiple(of: 2) ? 0 : best[position] / 2
    }
    return objective.completedStart(at: point, using: &generator)
  }

  /// The factor of the tolerance: one, unless the rows have more than some ten thousand votes, of
  /// which few are informative, so that the gradient per vote is small far from the optimum.
  private func share<L: Likelihood, P: Prior>(
    of objective: AffineObjective<L, P>
  ) -> Double {
    guard objective.likelihood.boundsRowInformation else { return 1 }
    let rows = Double(objective.features.rowCount)
    let share = 1e4 * rows / objective.totalWeight
    return share > 0 && share < 1 ? share : 1
  }

  /// The start with normal noise: `size` on the logits of standardised features, 2 `size` on the
  /// rest, but 1 on parameters of the likelihood.
  private func perturbed<L: Likelihood, P: Prior>(
    _ start: [Double], _ size: Double, _ objective: AffineObjective<L, P>,
    using generator: inout SplitMix64
  ) -> [Double] {
    let model = objective.model
    let scale = size / Double(max(model.featureCount, 1)).squareRoot()
    return start.indices.map {
      let size = $0 < model.parameterCount ? 2 * size : 1
      return start[$0] + (model.weights.contains($0) ? scale : size) * generator.nextNormal()
    }
  }

  static func resolution(_ value: Double) -> Double { 1e-8 * max(1, value.magnitude) }

  static func distinct(_ values: [Double]) -> [Double] {
    var result: [Double] = []
    for value in values.sorted() {
      if result.last.map({ value - $0 > resolution(value) }) ?? true { result.append(value) }
    }
    return result
  }
}

extension SplitMix64 {
  /// A standard normal number, by the method of Box and Muller.
  mutating func nextNormal() -> Double {
    let radius = (-2 * Double.log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
    return radius * Double.cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }
}
