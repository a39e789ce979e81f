import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// A class-wise scaling fitted to labels: parameters are the deviations from the identity.
///
/// The scores themselves are offsets, so a prior shrinks towards the uncalibrated predictions and
/// zero is the null hypothesis of a test. The solver starts at zero.
struct ScalingFit<M: ClasswiseScaling, L: Likelihood, P: Prior>: Sendable {
  /// The objective that was minimised.
  let objective: NegativeLogPosterior<M, L, P>
  /// The result of the solver.
  let solution: Solution
  /// The objective at zero, the identity.
  let identityValue: Double
  /// Whether the likelihood increases without end along some ray.
  let isSeparated: Bool

  /// Fits `model` to rows of positive weight. `data.features` are the scores.
  init(
    _ model: M, to data: Dataset, likelihood: L, prior: P, options: FitOptions
  ) throws(DatasetError) {
    let prepared = try PreparedData(asGiven: data, likelihood)
    let scores = prepared.features
    objective = NegativeLogPosterior(
      prepared, model: model, prior: prior, offsets: scores, threads: options.threads)
    let start = [Double](repeating: 0, count: objective.dimension)
    var gradient = start
    identityValue = objective.evaluate(at: start, gradient: &gradient)
    let nullSpace = objective.nullSpace
    var found = NewtonCG(stopping: options.stopping).minimize(objective, from: start)
    // Along directions in which the objective is flat, conjugate gradients may drift by rounding.
    found.point.remove(nullSpace)
    found.value = objective.evaluate(at: found.point, gradient: &found.gradient)
    found.gradientNorm = found.gradient.infinityNorm
    solution = found
    isSeparated =
      !prior.isProper
      && Self.guesses(model, found, nullSpace).contains {
        Self.isRay($0, model, scores, prepared.labels)
      }
  }

  /// Candidate directions of recession; for a single parameter there are two.
  private static func guesses(
    _ model: M, _ solution: Solution, _ nullSpace: [[Double]]
  ) -> [[Double]] {
    if model.parameterCount == 1 { return [[1], [-1]] }
    return [solution.lastStep, solution.point].compactMap { step in
      var guess = step
      guess.remove(nullSpace)
      let norm = guess.infinityNorm
      return norm.isFinite && norm > 1e-6 * step.infinityNorm ? guess : nil
    }
  }

  /// Whether, along `direction`, no logit of a class in a label's support decreases relative to
  /// another, and that of some class outside the support does. Ties hold up to 1e-9 of the largest
  /// difference of rates.
  private static func isRay(
    _ direction: [Double], _ model: M, _ scores: BlockedMatrix, _ labels: Labels
  ) -> Bool {
    if RecessionCone.hasFullSupport(labels) { return false }
    let rates = rates(along: direction, model, scores)
    let spread = rates.reduce(0) { max($0, ($1.max() ?? 0) - ($1.min() ?? 0)) }
    guard spread > 0, spread.isFinite else { return false }
    var isStrict = false
    for (row, rates) in rates.enumerated() {
      guard let standing = Standing(rates, spread, labels, row) else { return false }
      isStrict = isStrict || standing == .ahead
    }
    return isStrict
  }

  /// The rate of change of the logits of each row along a direction.
  private static func rates(
    along direction: [Double], _ model: M, _ scores: BlockedMatrix
  ) -> [[Double]] {
    let prepared = model.prepare(direction, for: scores.storageKind)
    return (0..<scores.blockCount).flatMap { index -> [[Double]] in
      let block = scores.block(index)
      var tile = Tile(unitCount: model.classCount, capacity: block.rows.count)
      var workspace: Void = model.makeWorkspace()
      model.computeLogits(of: block, at: prepared, into: &tile, using: &workspace)
      return (0..<block.rows.count).map { example in
        (0..<model.classCount).map { tile[$0, example] }
      }
    }
  }

  /// How the likelihood of a row behaves along a ray; nil if it decreases.
  private enum Standing {
    case ahead
    case unchanged

    init?(_ rates: [Double], _ spread: Double, _ labels: Labels, _ row: Int) {
      let top = rates.max() ?? 0
      var shares = labels.distribution(ofRow: row)
      if case .evidence(let evidence) = labels {
        // The likelihood tends to its supremum if only classes with the largest evidence lead.
        shares = evidence.logs.row(row).map { $0 == 0 ? 1 : 0 }
        let others = shares.indices.filter { shares[$0] == 0 && rates[$0] >= top - 1e-9 * spread }
        guard others.isEmpty || rates.allSatisfy({ $0 >= top - 1e-9 * spread }) else { return nil }
      }
      let possible = shares.indices.filter { shares[$0] > 0 }
      let leading = possible.filter { rates[$0] >= top - 1e-9 * spread }
      let keepsUp =
        [.candidates, .evidence].contains(labels.kind)
        ? !leading.isEmpty : leading.count == possible.count
      guard keepsUp else { return nil }
      let falls = shares.indices.contains {
        shares[$0] == 0 && rates[$0] < top - 1e-6 * spread
      }
      self = falls ? .ahead : .unchanged
    }
  }
}

extension Array where Element == Double {
  /// Removes the components along orthonormal directions.
  fileprivate mutating func remove(_ directions: [[Double]]) {
    for direction in directions where direction.count == count {
      add(-dot(direction), times: direction)
    }
  }
}
