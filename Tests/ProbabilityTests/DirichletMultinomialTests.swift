import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct DirichletMultinomialTests {
  @Test
  func probabilitiesAreThoseOfTheReference() throws {
    for row in try dirichletReference("dirichlet_multinomial") {
      let (alpha, counts) = (row["alpha"].numbers, row["counts"].numbers)
      let votes = counts.reduce(0, +)
      let matrix = BlockedMatrix(rows: [counts], columnCount: counts.count)
      guard votes > 1 else {
        #expect(throws: LabelError.self) {
          try DirichletMultinomial().logLikelihood(
            of: .counts(ClassCounts(matrix)), logits: alpha, parameters: [0])
        }
        continue
      }
      let found = try DirichletMultinomial().logLikelihood(
        of: .counts(ClassCounts(matrix)), logits: alpha.map { Double.log($0) },
        parameters: [-Double.log(alpha.reduce(0, +))])
      let (value, constant) =
        (row["log_pmf_without_coefficient"].number, row["log_multinomial_coefficient"].number)
      #expect(relativeDistance(found.value, value) < 1e-14, "\(row)")
      #expect(relativeDistance(found.constant, constant, floor: 1) < 1e-14, "\(row)")
    }
  }

  /// The value, the score and the information tend to those of the multinomial in proportion to the
  /// dispersion.
  @Test(arguments: [1e-3, 1e-6, 1e-9, 1e-12, 1e-100])
  func tendsToTheMultinomial(dispersion: Double) throws {
    let plain = try LikelihoodProbe(Multinomial(), labels: .someCounts)
    let dispersed = try LikelihoodProbe(DirichletMultinomial(), labels: .someCounts)
    let point = plain.point(spread: 1)
    let there = point.map { $0 + [Double.log(dispersion)] }
    let (a, b) = (plain.evaluate(point), dispersed.evaluate(there))
    let information = (
      plain.information(.expected, at: point), dispersed.information(.observed, at: there)
    )
    for row in 0..<plain.rowCount {
      let slack = 1e-13 + 3e3 * dispersion * plain.multiplicity(row)
      #expect(relativeDistance(a.values[row], b.values[row], floor: 1) < slack)
      #expect(vectorDistance(a.scores[row], Array(b.scores[row].prefix(4)), floor: 1) < slack)
      for unit in 0..<4 {
        let (x, y) = (information.0[row][unit], Array(information.1[row][unit].prefix(4)))
        #expect(vectorDistance(x, y, floor: 1) < slack)
      }
    }
  }

  /// Sums with and without the Euler-Maclaurin formula, which starts at 49 votes.
  @Test(arguments: [1e-8, 0.01, 0.3, 5, 1e6], [49.0, 60, 1000])
  func manyVotesAreSummedAsOneByOne(dispersion: Double, votes: Double) throws {
    let counts = [votes, (votes / 3).rounded(), 0]
    let matrix = BlockedMatrix(rows: [counts], columnCount: 3)
    let probe = try LikelihoodProbe(DirichletMultinomial(), labels: .counts(ClassCounts(matrix)))
    let q = Softmax.probabilities([0.3, -1, 0.7])
    var (value, slope) = (0.0, 0.0)
    func add(_ share: Double, _ count: Double, _ sign: Double) {
      for j in 0..<Int(count) {
        value += sign * Double.log(share + Double(j) * dispersion)
        slope += sign * (Double(j) * dispersion / (share + Double(j) * dispersion))
      }
    }
    add(q[0], counts[0], 1)
    add(q[1], counts[1], 1)
    add(1, counts[0] + counts[1], -1)
    let found = probe.evaluate([[0.3, -1, 0.7, Double.log(dispersion)]])
    #expect(relativeDistance(found.values[0], value, floor: 1) < 1e-12)
    #expect(relativeDistance(found.scores[0][3], slope, floor: 1e-3) < 1e-9)
  }

  /// The limit that solvers use above 1024 votes continues the exact means below, if no class is so
  /// rare that its first votes matter.
  @Test(arguments: [1e-4, 0.003, 0.03, 0.1])
  func curvatureOfManyVotesContinuesThatOfFew(dispersion: Double) throws {
    let rows = [[512.0, 256, 256], [512, 256, 257]]
    let probe = try LikelihoodProbe(
      DirichletMultinomial(),
      labels: .counts(ClassCounts(BlockedMatrix(rows: rows, columnCount: 3))))
    let point = [[0.3, -0.4, 0.7, Double.log(dispersion)]]
    let solver = probe.information(.solver, at: point + point)
    let expected = probe.information(.expected, at: point + point)
    for unit in 0..<4 {
      #expect(solver[0][unit] == expected[0][unit])
      #expect(vectorDistance(solver[1][unit], expected[1][unit]) < 0.03)
    }
  }

  @Test func oneVoteARowSaysNothingOfTheDispersion() throws {
    let counts = try ClassCounts(BlockedMatrix(rows: [[1, 0], [0, 1]], columnCount: 2))
    let error = LabelError.notIdentified(
      likelihood: "dirichlet-multinomial", parameter: "dispersion")
    #expect(throws: error) {
      try LikelihoodProbe(DirichletMultinomial(), labels: .counts(counts))
    }
    #expect(throws: error) {
      let more = try ClassCounts(BlockedMatrix(rows: [[1, 0], [5, 1]], columnCount: 2))
      _ = try LikelihoodProbe(DirichletMultinomial(), labels: .counts(more), weights: [1, 0])
    }
  }

  @Test func boundaryIsNoDispersion() {
    #expect(DirichletMultinomial().boundary(of: [Double.log(0.01)]) == nil)
    #expect(DirichletMultinomial().boundary(of: [-20]) != nil)
  }

  /// 2^52 votes in a row take no more time than 100.
  @Test func hugeCountsNeitherHangNorOverflow() throws {
    let rows = [[4_503_599_627_370_495.0, 1, 0]]
    let probe = try LikelihoodProbe(
      DirichletMultinomial(),
      labels: .counts(ClassCounts(BlockedMatrix(rows: rows, columnCount: 3))))
    for dispersion in [-200.0, -30, 0, 30, 200] {
      let point = [[3.0, 0, -40, dispersion]]
      let (values, scores) = probe.evaluate(point)
      #expect(values[0].isFinite && scores[0].isFinite)
      for kind in Information.allCases {
        let isFinite = probe.information(kind, at: point)[0].allSatisfy { $0.isFinite }
        #expect(isFinite, "\(kind) at \(dispersion)")
      }
    }
  }
}
