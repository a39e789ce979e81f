import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Derivatives of the joint likelihood of features and votes, with every option on.
@Suite struct JointObjectiveTests {
  enum Situation: CaseIterable { case plain, everything }

  private static func objective(
    _ situation: Situation
  ) throws -> JointObjective<GaussianPrior> {
    var numbers = TestNumbers(seed: 12)
    let confusion = [0.8, 0.7, 0.55].map { right in
      (0..<3).map { k in (0..<3).map { $0 == k ? right : (1 - right) / 2 } }
    }
    let rows = try VotedRows.simulated(
      rows: 70, coefficients: [[0.3, 0.8, -0.5], [-0.4, -0.3, 0.6]], confusion: confusion,
      share: 0.8, seed: 5)
    let isPlain = situation == .plain
    let count = rows.features.count
    let weights = numbers.uniform(count, in: 0.2...2)
    let offsets = BlockedMatrix(
      columns: (0..<3).map { _ in numbers.uniform(count, in: -0.5...0.5) }, rowCount: count)
    var list: [VotedRows.Vote] = []
    for row in 0..<count {
      for (cell, _) in rows.votes.cells(ofItem: row) { list.append((row, cell / 3, cell % 3)) }
    }
    // An annotator may vote twice on a row.
    list += [(0, 1, 2), (0, 1, 2), (3, 0, 1)]
    let weighed = try VotedRows(
      rows.features, truth: rows.truth, list: list, annotators: 3, classes: 3,
      weights: isPlain ? nil : numbers.uniform(list.count, in: 0.3...2))
    let data = try weighed.dataset(
      weights: isPlain ? .uniform : .importance(checking: weights),
      offsets: isPlain ? nil : offsets)
    let evidence = try ClassEvidence(logarithms: BlockedMatrix(rowCount: count, columnCount: 3))
    let problem = try AffineProblem(
      data.replacing(labels: .evidence(evidence), weights: data.weights), hasIntercept: true,
      likelihood: Evidence(), keepsDependentColumns: true, options: FitOptions())
    let joint = JointData(
      plain: problem.objective(GaussianPrior(.precision(isPlain ? 1e-9 : 0.7))),
      votes: VoteLikelihood(
        weighed.votes, isOneCoin: false,
        pseudoCounts: isPlain ? PseudoCounts() : PseudoCounts(diagonal: 2, offDiagonal: 0.5),
        reducer: .one))
    var table: [Double] = []
    for _ in 0..<9 {
      // A label of each annotator: three classes; columns are scaled below.
      table += numbers.uniform(3, in: 0.2...1)
    }
    for annotator in 0..<3 {
      for k in 0..<3 {
        let places = (0..<3).map { annotator * 9 + $0 * 3 + k }
        let total = places.reduce(0) { $0 + table[$1] }
        for place in places { table[place] /= total }
      }
    }
    let state = try #require(joint.state(theta: problem.start, table: table))
    return JointObjective(joint, table: table, counts: state.counts, least: 1e-6)
  }

  private static func point(_ joint: JointObjective<GaussianPrior>) -> [Double] {
    var numbers = TestNumbers(seed: 3)
    let start = joint.point(theta: [Double](repeating: 0, count: joint.thetaCount))
    return zip(start, numbers.uniform(start.count, in: -0.4...0.4)).map { $0 + $1 }
  }

  @Test(arguments: Situation.allCases) func gradient(_ situation: Situation) throws {
    let joint = try Self.objective(situation)
    let point = Self.point(joint)
    #expect(joint.parameters.count == 18)
    var gradient: [Double] = []
    _ = joint.evaluate(at: point, gradient: &gradient)
    expectDerivatives(gradient, of: joint, at: point)
  }

  @Test(arguments: Situation.allCases) func information(_ situation: Situation) throws {
    let joint = try Self.objective(situation)
    let point = Self.point(joint)
    let hessian = try #require(joint.hessian(at: point))
    // Directions along which all classes move alike have curvature in the matrix alone.
    func alike(_ index: Int) -> Int { index < 6 ? index % 2 : index < 9 ? 2 : index }
    for index in point.indices {
      let slopes = FiniteDifferences.derivative { (step: Double) -> [Double] in
        var moved = point
        moved[index] += step
        var gradient: [Double] = []
        _ = joint.evaluate(at: moved, gradient: &gradient)
        return gradient
      }
      for (other, slope) in slopes.enumerated() {
        let isShifted = index < 9 && alike(index) == alike(other)
        if isShifted { continue }
        #expect((slope - hessian[index, other]).magnitude < 1e-10, "\(index), \(other)")
      }
    }
    for index in 0..<9 {
      // Differences of classes have no such curvature.
      let others = (0..<9).filter { alike($0) == alike(index) && $0 != index }
      let plain = FiniteDifferences.derivative { (step: Double) -> [Double] in
        var moved = point
        moved[index] += step
        moved[others[0]] -= step
        var gradient: [Double] = []
        _ = joint.evaluate(at: moved, gradient: &gradient)
        return gradient
      }
      for (other, slope) in plain.enumerated() {
        let expected = hessian[index, other] - hessian[others[0], other]
        #expect((slope - expected).magnitude < 1e-10, "\(index), \(other)")
      }
    }
  }

  /// The curvature of known classes is never smaller.
  @Test(arguments: Situation.allCases) func curvatureIsABound(_ situation: Situation) throws {
    let joint = try Self.objective(situation)
    let point = Self.point(joint)
    var difference = joint.curvature(at: point)
    difference.elements.add(-1, times: try #require(joint.hessian(at: point)).elements)
    for index in 0..<difference.dimension { difference[index, index] += 1e-9 }
    #expect(Cholesky(difference) != nil)
  }
}
