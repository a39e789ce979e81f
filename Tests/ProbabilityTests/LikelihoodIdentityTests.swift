import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

/// Identities between likelihoods.
@Suite struct LikelihoodIdentityTests {
  static let weights = [1, 0.5, 2, 0, 1.75, 3, 0.1, 1]

  @Test func oneHotSoftLabelsAreClassesBitForBit() throws {
    let soft = try ClassProbabilities(
      oneHot: ClassIndices([0, 1, 2, 3, 1, 0, 3, 2], classCount: 4))
    try expectSameBits(Categorical(), .someClasses, Categorical(), .probabilities(soft))
  }

  @Test func oneVoteIsAClassBitForBit() throws {
    let votes = try ClassCounts(
      ClassProbabilities(oneHot: ClassIndices([0, 1, 2, 3, 1, 0, 3, 2], classCount: 4)).values)
    try expectSameBits(Categorical(), .someClasses, Multinomial(), .counts(votes))
  }

  @Test func oneCandidateIsAClass() throws {
    try expectClose(Categorical(), .someClasses, CandidateSet(), .someClasses)
  }

  @Test func everyClassACandidateSaysNothing() throws {
    let all = [[Double]](repeating: [1, 1, 1, 1], count: 8)
    let labels = Labels.candidates(try CandidateSets(BlockedMatrix(rows: all, columnCount: 4)))
    try expectNothing(from: labels, CandidateSet())
  }

  /// Values and scores are zero: the labels say nothing.
  private func expectNothing(from labels: Labels, _ likelihood: some Likelihood) throws {
    let probe = try LikelihoodProbe(likelihood, labels: labels)
    let (values, scores) = probe.evaluate(probe.point(spread: 30))
    #expect(values.allSatisfy { $0 == 0 })
    #expect(scores.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  @Test func zerosAndOnesAreCandidateSetsBitForBit() throws {
    guard case .candidates(let sets) = Labels.someCandidates else { return }
    let evidence = Labels.evidence(try ClassEvidence(sets.membership))
    try expectSameBits(CandidateSet(), .someCandidates, Evidence(), evidence)
    try expectSameBits(CandidateSet(), .someClasses, Evidence(), .someClasses)
    try expectClose(Categorical(), .someClasses, Evidence(), .someClasses)
  }

  @Test func aPowerOfTwoIsNoEvidenceBitForBit() throws {
    guard case .evidence(let evidence) = Labels.someEvidence else { return }
    let rows = (0..<8).map { evidence.logs.row($0).map { Double.exp($0) } }
    let scaled = zip(rows, [0.5, 2, 1024, 0.125, 8, 1, 4, 0.25]).map { row, factor in
      row.map { $0 * factor }
    }
    func labels(_ rows: [[Double]]) throws -> Labels {
      .evidence(try ClassEvidence(BlockedMatrix(rows: rows, columnCount: 4)))
    }
    try expectSameBits(Evidence(), labels(rows), Evidence(), labels(scaled))
    let probe = try LikelihoodProbe(Evidence(), labels: labels(scaled))
    for (row, factor) in [0.5, 2, 1024, 0.125, 8, 1, 4, 0.25].enumerated() {
      #expect(
        probe.likelihood.logConstant(of: probe.responses, row: row) == Double.log(factor))
    }
  }

  @Test func logarithmsOfEvidenceAreTheEvidenceBitForBit() throws {
    guard case .evidence(let evidence) = Labels.someEvidence else { return }
    let same = Labels.evidence(try ClassEvidence(logarithms: evidence.logs))
    try expectSameBits(Evidence(), .someEvidence, Evidence(), same)
    let shifted = (0..<8).map { row in evidence.logs.row(row).map { $0 - 690 } }
    let tiny = try ClassEvidence(logarithms: BlockedMatrix(rows: shifted, columnCount: 4))
    #expect(tiny.constants.allSatisfy { $0 == -690 })
  }

  @Test func aColumnOfTheConfusionMatrixIsANoisyLabel() throws {
    guard case .known(let matrix) = Confusion.someConfusion else { return }
    let reports = [0, 1, 2, 3, 1, 0, 3, 2]
    let rows = reports.map { matrix.values.column($0) }
    let evidence = Labels.evidence(try ClassEvidence(BlockedMatrix(rows: rows, columnCount: 4)))
    let noisy = try LikelihoodProbe(NoisyLabel(.someConfusion), labels: .someClasses)
    let probe = try LikelihoodProbe(Evidence(), labels: evidence)
    let point = noisy.point(spread: 3)
    let (expected, found) = (noisy.evaluate(point), probe.evaluate(point))
    #expect(vectorDistance(noisy.logDensities(at: point), probe.logDensities(at: point)) < 1e-13)
    for row in 0..<8 {
      #expect(vectorDistance(expected.scores[row], found.scores[row], floor: 1) < 1e-12)
    }
  }

  @Test func equalEvidenceSaysNothing() throws {
    let rows = [[Double]](repeating: [0.3, 0.3, 0.3, 0.3], count: 8)
    let labels = Labels.evidence(try ClassEvidence(BlockedMatrix(rows: rows, columnCount: 4)))
    try expectNothing(from: labels, Evidence())
  }

  @Test func dividingByThePriorUndoesThePosterior() throws {
    guard case .evidence(let evidence) = Labels.someEvidence else { return }
    let prior = [0.1, 0.2, 0.3, 0.4]
    let posteriors = (0..<8).map { row -> [Double] in
      let joint = zip(evidence.logs.row(row), prior).map { Double.exp($0) * $1 }
      return joint.map { $0 / joint.reduce(0, +) }
    }
    let priors = BlockedMatrix(
      rows: [[Double]](repeating: prior, count: 8), columnCount: 4)
    let restored = try ClassEvidence(BlockedMatrix(rows: posteriors, columnCount: 4))
      .dividing(by: priors)
    try expectClose(Evidence(), .someEvidence, Evidence(), .evidence(restored))
    #expect(throws: LabelError.self) {
      try evidence.dividing(by: BlockedMatrix(rowCount: 8, columnCount: 4))
    }
  }

  @Test func identityConfusionIsCategorical() throws {
    let noisy = NoisyLabel(try .identity(classCount: 4))
    try expectClose(Categorical(), .someClasses, noisy, .someClasses)
    try expectClose(Categorical(), .someProbabilities, noisy, .someProbabilities)
    for labels in [Labels.someClasses, .someProbabilities] {
      let probe = try LikelihoodProbe(noisy, labels: labels)
      let start = noisy.initialLogits(
        of: probe.responses, weights: probe.weights, classCount: 4)
      let plain = try LikelihoodProbe(Categorical(), labels: labels)
      let expected = Categorical().initialLogits(
        of: plain.responses, weights: plain.weights, classCount: 4)
      let (a, b) = (Softmax.probabilities(start), Softmax.probabilities(expected))
      #expect(vectorDistance(a, b) < 1e-13)
    }
  }

  @Test func estimatedConfusionIsTheKnownOneOfItsParameters() throws {
    let estimated = try LikelihoodProbe(NoisyLabel(.estimated()), labels: .someProbabilities)
    let point = estimated.point(spread: 3)
    let rows = Confusion.estimated().matrix(
      parameters: Array(point[0].dropFirst(4)), classCount: 4)
    let matrix = try ClassProbabilities(BlockedMatrix(rows: rows, columnCount: 4))
    let known = try LikelihoodProbe(NoisyLabel(.known(matrix)), labels: .someProbabilities)
    let (a, b) = (estimated.evaluate(point), known.evaluate(point.map { Array($0.prefix(4)) }))
    #expect(vectorDistance(a.values, b.values) < 1e-13)
    for row in 0..<8 {
      #expect(vectorDistance(Array(a.scores[row].prefix(4)), b.scores[row]) < 1e-12)
    }
  }

  @Test func confusionStartsAtItsDiagonal() {
    let start = NoisyLabel(.estimated(startingDiagonal: 0.7)).auxiliaryParameters(classCount: 4)
    #expect(start.count == 12)
    #expect(start[3].name == "confusion[1,0]/confusion[1,1]")
    let matrix = Confusion.estimated().matrix(parameters: start.map(\.start), classCount: 4)
    for row in 0..<4 {
      for column in 0..<4 {
        #expect((matrix[row][column] - (row == column ? 0.7 : 0.1)).magnitude < 1e-15)
      }
    }
  }

  /// The likelihood of a soft row is the weighted mean of those of hard rows.
  @Test func softLabelsAreExpectations() throws {
    let p = [0.1, 0.2, 0.3, 0.4]
    let soft = Labels.probabilities(
      try ClassProbabilities(BlockedMatrix(rows: [p], columnCount: 4)))
    func check(_ likelihood: some Likelihood) throws {
      let probe = try LikelihoodProbe(likelihood, labels: soft)
      let point = probe.point(spread: 3)
      let (value, score) = probe.evaluate(point)
      var (mean, meanScore) = (0.0, [Double](repeating: 0, count: probe.unitCount))
      for (index, share) in p.enumerated() {
        let hard = Labels.classes(try ClassIndices([index], classCount: 4))
        let (values, scores) = try LikelihoodProbe(likelihood, labels: hard).evaluate(point)
        mean += share * values[0]
        meanScore.add(share, times: scores[0])
      }
      #expect(relativeDistance(value[0], mean) < 1e-13)
      #expect(vectorDistance(score[0], meanScore, floor: 1) < 1e-13)
    }
    try check(Categorical())
    try check(NoisyLabel(.someConfusion))
    try check(NoisyLabel(.estimated()))
    try check(ContinuousCategorical())
  }

  @Test(arguments: allLikelihoods.filter { !$0.likelihood.hasConfusion })
  func permutingTheClassesPermutesTheScore(_ testCase: LikelihoodCase) throws {
    let order = [2, 0, 3, 1]
    func check(_ likelihood: some Likelihood) throws {
      let plain = try LikelihoodProbe(likelihood, labels: testCase.labels)
      let moved = try LikelihoodProbe(likelihood, labels: testCase.labels.permuted(order))
      let point = plain.point(spread: 3)
      let there = point.map { row in order.map { row[$0] } + row.dropFirst(4) }
      let (a, b) = (plain.evaluate(point), moved.evaluate(there))
      #expect(vectorDistance(a.values, b.values) < 1e-13)
      for row in 0..<8 {
        let expected = order.map { a.scores[row][$0] } + a.scores[row].dropFirst(4)
        #expect(vectorDistance(b.scores[row], expected, floor: 1) < 1e-12)
      }
    }
    try check(testCase.likelihood)
  }

  private func expectSameBits(
    _ a: some Likelihood, _ these: Labels, _ b: some Likelihood, _ those: Labels
  ) throws {
    let one = try LikelihoodProbe(a, labels: these, weights: Self.weights)
    let other = try LikelihoodProbe(b, labels: those, weights: Self.weights)
    for spread in [0.5, 3, 30, 1000] {
      let point = one.point(spread: spread)
      let (x, y) = (one.evaluate(point), other.evaluate(point))
      #expect(x.values == y.values)
      #expect(x.scores == y.scores)
    }
  }

  private func expectClose(
    _ a: some Likelihood, _ these: Labels, _ b: some Likelihood, _ those: Labels
  ) throws {
    let one = try LikelihoodProbe(a, labels: these, weights: Self.weights)
    let other = try LikelihoodProbe(b, labels: those, weights: Self.weights)
    for spread in [0.5, 3, 30] {
      let point = one.point(spread: spread)
      let (x, y) = (one.evaluate(point), other.evaluate(point))
      #expect(vectorDistance(x.values, y.values, floor: 1) < 1e-14)
      let (i, j) = (one.information(.observed, at: point), other.information(.observed, at: point))
      for row in 0..<one.rowCount {
        #expect(vectorDistance(x.scores[row], y.scores[row], floor: 1) < 1e-14)
        for unit in 0..<4 { #expect(vectorDistance(i[row][unit], j[row][unit], floor: 1) < 1e-14) }
      }
    }
  }
}

extension Likelihood {
  var hasConfusion: Bool { self is NoisyLabel }
}

extension Labels {
  /// Class k of the result is class order[k] of these.
  func permuted(_ order: [Int]) throws -> Labels {
    switch self {
    case .classes(let labels):
      let indices = try labels.indices.map { index in
        try #require(order.firstIndex(of: Int(index)))
      }
      return .classes(try ClassIndices(indices, classCount: order.count))
    case .probabilities(let labels):
      return .probabilities(try ClassProbabilities(labels.values.selecting(columns: order)))
    case .counts(let labels):
      return .counts(try ClassCounts(labels.values.selecting(columns: order)))
    case .candidates(let labels):
      return .candidates(try CandidateSets(labels.membership.selecting(columns: order)))
    case .evidence(let labels):
      return .evidence(try ClassEvidence(logarithms: labels.logs.selecting(columns: order)))
    }
  }
}
