import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// L-BFGS for data too large for Newton's method, in few passes.
///
/// The curvature of a sample is nearly the curvature of all rows. So a sample of some 20 rows a
/// parameter is fitted first, which costs little; its curvature, written out where there are at
/// most a few thousand parameters and as a Kronecker product otherwise, then makes the problem of
/// all rows round. Where that hurts (nearly separable labels: the curvature changes on the way) the
/// preconditioner is made anew at the point reached, or given up.
struct PreconditionedMinimization {
  /// Rows of the sample for each parameter.
  private static let sampleRowsPerParameter = 20
  /// How many times smaller than the data a sample must be to be worth its while.
  private static let worthwhileRatio = 4
  /// Rows of the Gram matrix for each feature.
  private static let gramRowsPerFeature = 10
  /// The most columns whose second moments are written out.
  private static let largestGram = 4000
  /// The most columns of sparse features whose second moments are written out.
  private static let largestSparseGram = 512
  /// Parameters beyond which fewer steps are remembered: two vectors each.
  private static let largeDimension = 100_000
  /// Steps after which a preconditioner is made anew, or Newton's method takes over.
  private static let patience = 40

  var stopping: StoppingRule
  /// Whether Newton's method follows: then nothing is made anew, and patience ends sooner.
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

  /// Runs until the rule is met: with a new preconditioner whenever patience ends, where one can be
  /// made, and with none where the first led nowhere.
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

  /// All steps that are left, or, where another preconditioner or method follows, the first of
  /// them.
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

  /// The columns whose second moments are written out: all of them, or the commonest of sparse
  /// ones.
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

  /// How many of the columns have their second moments written out.
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
  /// The share of the entries of a row that are in some columns, about: 1 where it is stored in
  /// full.
  fileprivate func density(ofColumns columns: [Int]) -> Double {
    guard let entries = compressedRows, columnCount > 0, rowCount > 0 else { return 1 }
    return Double(entries.entryCount) / Double(rowCount) / Double(max(columns.count, 1))
  }
}

/// The inverse of a curvature matrix that was written out, on a sample of the rows or on all.
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
