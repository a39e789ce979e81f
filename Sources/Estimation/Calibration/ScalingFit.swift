import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// A class-wise scaling fitted to labels: parameters are the deviations from the identity.
///
/// The scores themselves are offsets, so that a prior draws towards what was there and zero is the
/// null hypothesis of a test. The solver starts there.
package struct ScalingFit<M: ClasswiseScaling, L: Likelihood, P: Prior>: Sendable {
  /// The objective that was minimised.
  package let objective: NegativeLogPosterior<M, L, P>
  /// Where the solver stopped.
  package let solution: Solution
  /// The objective at zero, the identity.
  package let identityValue: Double
  /// Whether the likelihood rises along some ray for ever.
  package let isSeparated: Bool

  /// Fits `model` to rows of positive weight. `data.features` are the scores.
  package init(
    _ model: M, to data: Dataset, likelihood: L, prior: P, options: FitOptions
  ) throws(DatasetError) {
    let scores = data.features.matrix
    var weights = [Double](repeating: 0, count: BlockedMatrix.paddedRowCount(data.rowCount))
    for row in 0..<data.rowCount { weights[row] = data.weights[row] }
    let observations: L.Observations
    do {
      observations = try likelihood.observations(of: data.labels, weights: &weights)
    } catch {
      throw .label(error)
    }
    objective = NegativeLogPosterior(
      model: model, likelihood: likelihood, prior: prior, features: scores,
      observations: observations, offsets: scores, weights: weights,
      priorScales: [Double](repeating: 1, count: model.weights.count), threads: options.threads)
    let start = [Double](repeating: 0, count: objective.dimension)
    var gradient = start
    identityValue = objective.evaluate(at: start, gradient: &gradient)
    solution = NewtonCG(stopping: options.stopping).minimize(objective, from: start)
    isSeparated =
      !prior.isProper
      && Self.guesses(model, solution).contains {
        Self.isRay($0, model, scores, data.labels)
      }
  }

  /// Directions that may be rays: of a single parameter there are two.
  private static func guesses(_ model: M, _ solution: Solution) -> [[Double]] {
    if model.parameterCount == 1 { return [[1], [-1]] }
    return [solution.lastStep, solution.point].filter { $0.infinityNorm > 0 && $0.isFinite }
  }

  /// Whether along `direction` no class that a label leaves possible ever falls behind, and some
  /// class that a label excludes does.
  private static func isRay(
    _ direction: [Double], _ model: M, _ scores: BlockedMatrix, _ labels: Labels
  ) -> Bool {
    if RecessionCone.hasFullSupport(labels) { return false }
    let classes = model.classCount
    var isStrict = false
    for index in 0..<scores.blockCount {
      let block = scores.block(index)
      var tile = Tile(unitCount: classes, capacity: block.rows.count)
      var workspace = model.makeWorkspace()
      model.computeLogits(of: block, parameters: direction, into: &tile, using: &workspace)
      for (example, row) in block.rows.enumerated() {
        let rates = (0..<classes).map { tile[$0, example] }
        guard let standing = Standing(rates, labels, row) else { return false }
        isStrict = isStrict || standing == .ahead
      }
    }
    return isStrict
  }

  /// What becomes of the likelihood of a row along a ray; nil where it falls.
  private enum Standing {
    case ahead
    case unchanged

    init?(_ rates: [Double], _ labels: Labels, _ row: Int) {
      let (top, bottom) = (rates.max() ?? 0, rates.min() ?? 0)
      let tie = 1e-12 * max(top.magnitude, bottom.magnitude)
      let shares = labels.distribution(ofRow: row)
      let possible = shares.indices.filter { shares[$0] > 0 }
      let leading = possible.filter { rates[$0] >= top - tie }
      let keepsUp =
        labels.kind == .candidates ? !leading.isEmpty : leading.count == possible.count
      guard keepsUp else { return nil }
      let excluded = shares.indices.filter { shares[$0] == 0 }
      self = excluded.contains { rates[$0] < top - 1e-8 * (top - bottom) } ? .ahead : .unchanged
    }
  }
}
