import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

/// Rows of the reference answers, by their kind.
func dirichletReference(_ kind: String) throws -> [ReferenceValue] {
  try ReferenceValue(shared: "reference/dirichlet.json")[kind].array
}

@Suite struct DirichletTests {
  @Test
  func densitiesAreThoseOfTheReference() throws {
    for row in try dirichletReference("dirichlet") {
      let (alpha, x) = (row["alpha"].numbers, row["x"].numbers)
      let labels = Labels.probabilities(
        try ClassProbabilities(BlockedMatrix(rows: [x], columnCount: x.count)))
      let logits = alpha.map { Double.log($0) }
      let dirichlet = Dirichlet(precision: .fixed(alpha.reduce(0, +)))
      guard let zero = x.firstIndex(of: 0) else {
        let found = try dirichlet.logLikelihood(of: labels, logits: logits)
        let (density, expected) = (found.value + found.constant, row["log_density"].number)
        // Labels are divided by their sum: the last bit of p is multiplied by the precision.
        let rounding = 1e-14 + 2.3e-16 * alpha.reduce(0, +)
        #expect((density - expected).magnitude < 1e-13 * expected.magnitude + rounding, "\(row)")
        continue
      }
      #expect(
        throws: LabelError.outsideDomain(likelihood: "dirichlet", row: 0, class: zero, value: 0)
      ) {
        try dirichlet.logLikelihood(of: labels, logits: logits)
      }
    }
  }

  /// Two classes: a sum over the midpoints of many cells, after x = u² (3 - 2 u), which flattens
  /// the ends.
  @Test(arguments: [6.0, 40])
  func densityIntegratesToOneAndTheInformationIsItsMean(precision: Double) throws {
    let n = 1000
    let nodes = (0..<n).map { (Double($0) + 0.5) / Double(n) }
    let rows = nodes.map { u in
      [u * u * (3 - 2 * u), (1 - u) * (1 - u) * (1 + 2 * u)]
    }
    let labels = try ClassProbabilities(BlockedMatrix(rows: rows, columnCount: 2))
    let probe = try LikelihoodProbe(Dirichlet(), labels: .probabilities(labels))
    let point = [[Double]](repeating: [0.4, -0.3, Double.log(precision)], count: n)
    let mass = zip(probe.logDensities(at: point), nodes).map {
      Double.exp($0) * 6 * $1 * (1 - $1) / Double(n)
    }
    #expect((mass.reduce(0, +) - 1).magnitude < 1e-6)
    let observed = probe.information(.observed, at: point)
    let expected = probe.information(.expected, at: point)[0]
    for i in 0..<3 {
      for j in 0..<3 {
        let mean = zip(mass, observed).reduce(0) { $0 + $1.0 * $1.1[i][j] }
        #expect((mean - expected[i][j]).magnitude < 1e-5 * max(1, expected[i][i].magnitude))
      }
    }
  }

  /// At a huge precision n KL dominates: the value decreases by A KL and keeps its digits.
  @Test func hugePrecisionKeepsItsDigits() throws {
    let labels = try ClassProbabilities(BlockedMatrix(rows: [[0.25, 0.75]], columnCount: 2))
    let probe = try LikelihoodProbe(Dirichlet(), labels: .probabilities(labels))
    let logits = [Double.log(0.25), Double.log(0.75)]
    let (values, scores) = probe.evaluate([logits + [Double.log(1e15)]])
    // Normal limit: half the logarithm of A / (2 π q (1 - q)) and the Jacobian, here in log p.
    let expected = 0.5 * Double.log(1e15 * 0.1875 / (2 * .pi))
    #expect((values[0] - expected).magnitude < 1e-9)
    #expect((scores[0][2] - 0.5).magnitude < 1e-9)
  }

  @Test func boundaryIsAnInfinitePrecision() {
    #expect(Dirichlet().boundary(of: [Double.log(50)]) == nil)
    #expect(Dirichlet().boundary(of: [Double.log(1e13)]) != nil)
    #expect(Dirichlet(precision: .fixed(3)).auxiliaryParameters(classCount: 4).isEmpty)
  }

  @Test func fixedPrecisionIsTheEstimatedOneThere() throws {
    let free = try LikelihoodProbe(Dirichlet(), labels: .someInnerProbabilities)
    let fixed = try LikelihoodProbe(
      Dirichlet(precision: .fixed(7)), labels: .someInnerProbabilities)
    let point = fixed.point(spread: 2)
    let (a, b) = (fixed.evaluate(point), free.evaluate(point.map { $0 + [Double.log(7)] }))
    #expect(a.values == b.values)
    #expect(a.scores == b.scores.map { Array($0.prefix(4)) })
  }
}
