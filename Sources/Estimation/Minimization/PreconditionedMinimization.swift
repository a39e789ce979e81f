import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// L-BFGS for data too large for Newton's method, in few passes.
///
/// The curvature of a sample approximates the curvature of all rows. A sample of some 20 rows per
/// parameter is therefore fitted first, at little cost; its curvature, a full matrix for up to a
/// few thousand parameters and a Kronecker product otherwise, then preconditions the problem of all
/// rows. If the curvature changes on the way (nearly separable labels) the preconditioner is
/// computed anew at the current point, or dropped.
struct PreconditionedMinimization {
  /// The number of rows of the sample per parameter.
  private static let sampleRowsPerParameter = 20
  /// The smallest ratio of rows to rows of the sample for which a sample is used.
  private static let worthwhileRatio = 4
  /// The number of rows of the Gram matrix per feature.
  private static let gramRowsPerFeature = 10
  /// The most columns whose second moments are stored as a matrix.
  private static let largestGram = 4000
  /// The most columns of sparse features whose second moments are stored as a matrix.
  private static let largestSparseGram = 512
  /// The number of parameters beyond which fewer steps are stored, at two vectors each.
  private static let largeDimension = 100_000
  /// The number of steps after which a preconditioner is computed anew, or Newton's method takes
  /// over.
  private static let patience = 40

  var stopping: StoppingRule
  /// Whether Newton's method follows: then no preconditioner is computed anew, and the number of
  /// steps is limited by `patience`.
  var endsWithNewton = false

  func run<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>, from start: [Double],
    observing observer: Observer?
  ) -> AffineMinimization.Run {
    var work = 0.0
    let kronecker = kroneckerPreconditioner(of: objective, at: start, &work)
    guard let sample = sample(of: objective) else {
      let run = descend(on: objective, from: start, kronecker, observing: observer)
      return AffineMinimization.Run(
        solution: run, solvers: [kronecker == nil ? "lbfgs" : "lbfgs (kronecker)"],
        setUpPasses: work)
    }
    var coarse = StoppingRule(tolerance: max(stopping.tolerance, 1e-4), maximumIterations: 200)
    coarse.maximumIterations = min(coarse.maximumIterations, stopping.maximumIterations)
    let warm = LBFGS(stopping: coarse).minimize(sample, from: start, preconditioner: kronecker)
    let share = sample.totalWeight / objective.totalWeight
    work += Double(warm.evaluations) * share
    let exact = exactPreconditioner(of: sample, at: warm.point, &work, share)
    let begin = warm.termination == .notFinite ? start : warm.point
    var solution = descend(on: objective, from: begin, exact ?? kronecker, observing: observer) {
      exactPreconditioner(of: sample, at: $0, &work, share)
    }
    solution.curvatureEvaluations += exact == nil ? 0 : 1
    let name =
      exact == nil ? "lbfgs (sample start, kronecker)" : "lbfgs (sample start, sample curvature)"
    return AffineMinimization.Run(solution: solution, solvers: [name], setUpPasses: work)
  }

  /// Runs until the stopping rule is met: with a new preconditioner after each `patience` steps if
  /// one can be computed, and without one if there was no progress.
  private func descend<L: Likelihood, P: Prior>(
    on objective: AffineObjective<L, P>, from start: [Double],
    _ first: (any Preconditioner)?, observing observer: Observer?,
    renewing renew: (([Double]) -> (any Preconditioner)?)? = nil
  ) -> Solution {
    var preconditioner = first
    var mayRenew = renew != nil && first != nil
    let isPatient = !mayRenew && !endsWithNewton
    var solution = method(after: 0, isPatient: isPatient, objective).minimize(
      objective, from: start, preconditioner: preconditioner, observing: observer)
    while solution.termination == .iterationLimit || solution.termination == .noProgress,
      preconditioner != nil, !endsWithNewton, solution.iterations < stopping.maximumIterations
    {
      if solution.termination == .noProgress {
        preconditioner = nil
      } else if let renewed = renew?(solution.point) {
        preconditioner = renewed
      } else {
        mayRenew = false
      }
      var next = method(
        after: solution.iterations, isPatient: preconditioner == nil || !mayRenew, objective
      ).minimize(
        objective, from: solution.point, preconditioner: preconditioner, observing: observer)
      next.add(workOf: solution)
      solution = next
    }
    return solution
  }

  /// L-BFGS for all remaining steps, or for the first `patience` of them if another preconditioner
  /// or method follows.
  private func method(
    after iterations: Int, isPatient: Bool, _ objective: some Objective
  ) -> LBFGS {
    var rule = stopping
    rule.maximumIterations -= iterations
    if !isPatient { rule.maximumIterations = min(Self.patience, rule.maximumIterations) }
    return LBFGS(
      stopping: rule, memory: objective.dimension > Self.largeDimension ? 5 : 10)
  }

  private func sample<L: Likelihood, P: Prior>(
    of objective: AffineObjective<L, P>
  ) -> AffineObjective<L, P>? {
    let rows = Self.sampleRowsPerParameter * objective.dimension
    let step = objective.features.rowCount / max(rows, 1)
    guard step >= Self.worthwhileRatio, objective.features.blockCount >= 2 * step else {
      return nil
    }
    return objective.sampled(every: step)
  }

  private func kroneckerPreconditioner<L: Likelihood, P: Prior>(
    of objective: AffineObjective<L, P>, at start: [Double],
    _ work: inout Double
  ) -> KroneckerPreconditioner? {
    let model = objective.model
    guard model.featureCount > 0 else { return nil }
    let logits =
      model.hasIntercept
      ? Array(start[model.intercepts]) : [Double](repeating: 0, count: model.classCount)
    let head = head(of: objective)
    let rows = max(Self.gramRowsPerFeature * head.count, 2000)
    let sample = objective.sampled(every: max(1, objective.features.rowCount / rows))
    let share = sample.totalWeight / objective.totalWeight
    let density = objective.features.density(ofColumns: head)
    work += share * density * Double(head.count) / Double(4 * model.classCount)
    return KroneckerPreconditioner(
      of: objective, shares: Softmax.probabilities(logits), head: head, sample: sample)
  }

  /// The columns whose second moments are stored as a matrix: all, or the commonest of sparse ones.
  private func head<L: Likelihood, P: Prior>(
    of objective: AffineObjective<L, P>
  ) -> [Int] {
    let features = objective.features
    let entries = features.compressedRows
    let size = Self.headCount(features.columnCount, isSparse: entries != nil)
    guard let entries, size < features.columnCount else { return Array(0..<size) }
    var counts = [Int](repeating: 0, count: features.columnCount)
    for column in entries.columns { counts[Int(column)] += 1 }
    return counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
      .prefix(size).sorted()
  }

  /// The number of columns whose second moments are stored as a matrix.
  static func headCount(_ columnCount: Int, isSparse: Bool) -> Int {
    if isSparse { return min(columnCount, largestSparseGram) }
    return columnCount <= largestGram ? columnCount : 0
  }

  private func exactPreconditioner<L: Likelihood, P: Prior>(
    of sample: AffineObjective<L, P>, at point: [Double],
    _ work: inout Double, _ share: Double
  ) -> ExactPreconditioner? {
    guard
      AffineMinimization.formsSampleMatrix(
        dimension: sample.dimension, units: sample.unitCount)
    else { return nil }
    work += share * Double(sample.dimension) / 8
    return ExactPreconditioner(sample.curvature(at: point))
  }
}

extension BlockedMatrix {
  /// The approximate fraction of the entries of a row that are in some columns: 1 for dense
  /// storage.
  fileprivate func density(ofColumns columns: [Int]) -> Double {
    guard let entries = compressedRows, columnCount > 0, rowCount > 0 else { return 1 }
    return Double(entries.entryCount) / Double(rowCount) / Double(max(columns.count, 1))
  }
}

/// The inverse of a full curvature matrix, of a sample of the rows or of all rows.
struct ExactPreconditioner: Preconditioner {
  private let factor: Cholesky

  var estimatesDecrement: Bool { true }

  /// nil if the matrix cannot be factorised.
  init?(_ curvature: SymmetricMatrix) {
    guard let factor = Cholesky(curvature) else { return nil }
    self.factor = factor
  }

  func multiply(_ vector: [Double]) -> [Double] { factor.solve(vector) }
}
