import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct LedgerTests {
  private func reading(_ kind: LabelInterpretation.Kind, of ledger: Ledger) throws
    -> LabelInterpretation
  {
    try #require(ledger.interpretations.first { $0.kind == kind })
  }

  @Test func oneHotLabelIsTheWorkedExample() throws {
    let ledger = try Ledger(label: [0, 1, 0], prediction: [0.2, 0.7, 0.1])
    #expect(ledger.crossEntropy == -Double.log(0.7))
    #expect(ledger.labelEntropy == 0)
    #expect((ledger.perplexity - 1 / 0.7).magnitude < 1e-15)
    #expect(ledger.interpretations.map(\.kind) == LabelInterpretation.Kind.allCases)
    for kind in [LabelInterpretation.Kind.knownClass, .expectedLogLikelihood] {
      let reading = try reading(kind, of: ledger)
      #expect(reading.logLikelihood == -ledger.crossEntropy)
      #expect(reading.difference == 0)
      #expect(reading.equalsMinusCrossEntropy)
    }
    #expect(try reading(.dirichlet, of: ledger).reason != nil)
    #expect(try reading(.multinomial, of: ledger).reason == "needs the number of votes")
  }

  @Test func softLabelInEveryReading() throws {
    let (p, q) = ([0.2, 0.5, 0.3], [0.2, 0.7, 0.1])
    let confusion = try ClassProbabilities(
      BlockedMatrix(
        rows: [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0, 0.1, 0.9]], columnCount: 3))
    let ledger = try Ledger(
      label: p, prediction: q,
      assuming: Ledger.Assumptions(
        votes: 10, precision: 5, candidates: [0, 2], confusion: confusion))
    let plain = -ledger.crossEntropy
    #expect((ledger.crossEntropy - ledger.labelEntropy - ledger.divergence).magnitude < 1e-15)
    #expect(try reading(.knownClass, of: ledger).logLikelihood == nil)
    #expect(try reading(.fractionalResponse, of: ledger).logLikelihood == nil)
    func expect(_ kind: LabelInterpretation.Kind, _ value: Double, constant: Double) throws {
      let reading = try reading(kind, of: ledger)
      let found = try #require(reading.logLikelihood)
      let (difference, part) = (try #require(reading.difference), try #require(reading.constant))
      #expect((found - value).magnitude < 1e-12, "\(kind)")
      let votes = kind == .multinomial || kind == .dirichletMultinomial ? 10.0 : 1
      #expect((difference - (value - votes * plain)).magnitude < 1e-12, "\(kind)")
      #expect((part - constant).magnitude < 1e-12, "\(kind)")
    }
    func logGamma(_ x: Double) -> Double { Double.logGamma(x) }
    let coefficient = Double.log(2520)
    try expect(.expectedLogLikelihood, plain, constant: 0)
    try expect(.multinomial, 10 * plain + coefficient, constant: coefficient)
    let z = q.map { Double.log($0) }
    let bracket = Softmax.logSumExp(z) - ExponentialSimplex.logNormalizer(z)
    try expect(.continuousCategorical, plain + bracket, constant: 0)
    var (density, masses, logs) = (logGamma(5), logGamma(5) - logGamma(15), 0.0)
    for k in 0..<3 {
      density += (5 * q[k] - 1) * Double.log(p[k]) - logGamma(5 * q[k])
      masses += logGamma(5 * q[k] + 10 * p[k]) - logGamma(5 * q[k])
      logs -= Double.log(p[k])
    }
    try expect(.dirichlet, density, constant: logs)
    try expect(.dirichletMultinomial, masses + coefficient, constant: coefficient)
    try expect(.matchedDistribution, -ledger.divergence, constant: ledger.labelEntropy)
    try expect(.candidateSet, Double.log(0.3), constant: 0)
    let reports = (0..<3).map { y in (0..<3).reduce(0) { $0 + q[$1] * confusion.values[$1, y] } }
    try expect(.noisyLabel, -Distribution.crossEntropy(p, reports), constant: 0)
  }

  @Test func infiniteLossIsInfinite() throws {
    let ledger = try Ledger(label: [0.5, 0.5], prediction: [1, 0])
    #expect(ledger.crossEntropy == .infinity)
    #expect(try reading(.expectedLogLikelihood, of: ledger).logLikelihood == -.infinity)
    #expect(try reading(.expectedLogLikelihood, of: ledger).difference == 0)
    #expect(try reading(.continuousCategorical, of: ledger).reason != nil)
  }

  @Test func votesThatAreNotWholeHaveNoMultinomial() throws {
    let ledger = try Ledger(
      label: [0.25, 0.75], prediction: [0.5, 0.5], assuming: Ledger.Assumptions(votes: 10))
    #expect(try reading(.multinomial, of: ledger).reason != nil)
  }

  @Test func dataSetsGiveWeightedMeans() throws {
    let counts = try ClassCounts(BlockedMatrix(rows: [[3, 1], [0, 2], [5, 5]], columnCount: 2))
    let predictions = try ClassProbabilities(
      BlockedMatrix(rows: [[0.6, 0.4], [0.2, 0.8], [0.5, 0.5]], columnCount: 2))
    let ledger = try Ledger(
      labels: .counts(counts), predictions: predictions, weights: [1, 2, 0],
      assuming: Ledger.Assumptions(precision: 4))
    let first = try Ledger(
      label: [0.75, 0.25], prediction: [0.6, 0.4],
      assuming: Ledger.Assumptions(votes: 4, precision: 4))
    let second = try Ledger(
      label: [0, 1], prediction: [0.2, 0.8],
      assuming: Ledger.Assumptions(votes: 2, precision: 4))
    // Entropies are means over the 1 * 4 + 2 * 2 votes, log-likelihoods over the 1 + 2 rows.
    #expect(ledger.totalWeight == 8)
    #expect(ledger.rowWeight == 3)
    #expect(
      (ledger.crossEntropy - (first.crossEntropy + second.crossEntropy) / 2).magnitude < 1e-15)
    for kind in [LabelInterpretation.Kind.multinomial, .dirichletMultinomial] {
      let found = try #require(try reading(kind, of: ledger).logLikelihood)
      let a = try #require(try reading(kind, of: first).logLikelihood)
      let b = try #require(try reading(kind, of: second).logLikelihood)
      #expect((found - (a + 2 * b) / 3).magnitude < 1e-14)
    }
    #expect(try reading(.dirichlet, of: ledger).reason?.contains("row 2") == true)
  }

  /// Predictions that are computed for one block of rows at a time.
  @Test(arguments: [LabelKind.counts, .candidates, .evidence])
  func blocksGiveTheSameMeans(_ kind: LabelKind) throws {
    let rows = BlockedMatrix.blockSize + 9
    let data = try RandomData(rows: rows, columns: 2, classes: 3, kind: kind).dataset()
    let values = BlockedMatrix(
      rows: (0..<rows).map { [Double($0 % 7 + 1), 2, 5].map { $0 / 16 } }, columnCount: 3)
    let predictions = try ClassProbabilities(normalizing: values)
    let weights = (0..<rows).map { Double($0 % 3) }
    let whole = try Ledger(labels: data.labels, predictions: predictions, weights: weights)
    let parts = try Ledger(labels: data.labels, weights: weights) {
      predictions.values.selecting(rows: $0)
    }
    #expect(whole == parts)
    #expect(throws: LabelError.self) {
      try Ledger(labels: data.labels, weights: [1]) { predictions.values.selecting(rows: $0) }
    }
    #expect(throws: LabelError.self) {
      try Ledger(labels: data.labels, weights: weights) { _ in predictions.values }
    }
    #expect(throws: LabelError.self) {
      try Ledger(labels: data.labels, weights: weights) {
        predictions.values.selecting(rows: $0).selecting(columns: [0, 1])
      }
    }
  }

  @Test func whatIsNoDistributionIsRefused() {
    #expect(throws: LabelError.self) { try Ledger(label: [0.5, 0.6], prediction: [0.5, 0.5]) }
    #expect(throws: LabelError.self) { try Ledger(label: [0.5, 0.5], prediction: [1]) }
    #expect(throws: LabelError.self) { try Ledger(label: [0.5, 0.5], prediction: [-1, 2]) }
  }
}
