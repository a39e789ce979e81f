import SurprisalDatasets
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import Synchronization
import TestSupport
import Testing

@Suite struct CrossValidationTests {
  private func data(
    _ kind: LabelKind = .probabilities, rows: Int = 40, weighted: Bool = false, seed: UInt64 = 3
  ) throws -> Dataset {
    try RandomData(
      rows: rows, columns: 3, classes: 3, kind: kind, hasWeights: weighted, hasOffsets: weighted,
      seed: seed
    ).dataset()
  }

  private let path = RegularizationPath([1, 0.1, 0.01])

  private func procedure(
    folds: Int = 4, repeats: Int = 1, nested: Bool = false, choice: LambdaChoice = .minimum,
    threads: Int = 1
  ) -> CrossValidation<SoftmaxPath<Categorical>> {
    CrossValidation(
      SoftmaxPath(likelihood: Categorical()), path: path, foldCount: folds, repeats: repeats,
      isNested: nested, choice: choice, seed: 5, threads: ThreadCount(threads))
  }

  /// Compares with a loop of single fits, each from its own start.
  @Test(arguments: [(LabelKind.classes, false), (.probabilities, true), (.probabilities, false)])
  func agreesWithALoopOfFits(kind: LabelKind, weighted: Bool) throws {
    let data = try data(kind, weighted: weighted)
    let found = try #require(try procedure().run(data))
    for (place, strength) in path.strengths.enumerated() {
      var (loss, correct, weight, mass) = (0.0, 0.0, 0.0, 0.0)
      for fold in 0..<4 {
        let held = data.selecting(rows: found.folds[0].held(in: fold))
        let fit = try MaximumLikelihood(
          SoftmaxRegression(), likelihood: Categorical(), prior: .ridge(strength)
        ).fit(data.selecting(rows: found.folds[0].training(in: fold)))
        let evaluation = try Evaluation(
          of: try fit.probabilities(for: held.features, offsets: held.offsets),
          against: held.labels, weights: held.weights)
        let rows = (0..<held.rowCount).reduce(0) { $0 + held.weights[$1] }
        loss += evaluation.totalWeight * evaluation.crossEntropy
        mass += evaluation.totalWeight
        correct += rows * evaluation.accuracy
        weight += rows
      }
      let scores = found.summary.scores(at: place)
      #expect((scores[.crossEntropy] - loss / mass).magnitude < 1e-8)
      #expect((scores[.loss] - loss / mass).magnitude < 1e-8)
      #expect((scores[.accuracy] - correct / weight).magnitude < 1e-12)
    }
  }

  @Test(arguments: [2, 3, 5]) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let data = try data()
    let one = try #require(try procedure(repeats: 2, nested: true).run(data))
    let many = try #require(
      try procedure(repeats: 2, nested: true, threads: threads).run(data))
    #expect(one.summary == many.summary)
    #expect(one.folds == many.folds)
  }

  /// A held-out row does not affect the fit that predicts it, not even by the standardisation.
  @Test func heldOutRowsHaveNoPartInTheFit() throws {
    let data = try data()
    let before = try #require(try procedure().run(data))
    let fold = before.folds[0].assignments[7]
    var rows = data.featureRows
    rows[7] = [1e6, -3e5, 17]
    let after = try #require(
      try procedure().run(data.replacing(features: try Features(rows))))
    for place in path.strengths.indices {
      let (a, b) = (before.points[0][fold][place], after.points[0][fold][place])
      #expect(a.classifier.parameters == b.classifier.parameters)
      #expect(a.classifier.standardization == b.classifier.standardization)
      let other = (fold + 1) % 4
      #expect(
        before.points[0][other][place].classifier.standardization
          != after.points[0][other][place].classifier.standardization)
    }
  }

  /// Folds, choice and scores of the inner loop depend only on the outer fold's training rows.
  @Test(arguments: LambdaChoice.allCases) func nestedChoicesIgnoreTheHeldOutRows(
    choice: LambdaChoice
  ) throws {
    let data = try data()
    let found = try #require(try procedure(nested: true, choice: choice).run(data))
    let choices = try #require(found.summary.nestedChoices)
    #expect(choices.count == 1 && choices[0].count == 4)
    var pooled = 0.0
    for fold in 0..<4 {
      pooled +=
        found.summary.foldScores[0][fold][choices[0][fold]][.klDivergence]
        * found.summary.foldScores[0][fold][0].weight(of: .klDivergence)
    }
    let nested = try #require(found.summary.nested)
    #expect((nested[.klDivergence] - pooled / 40).magnitude < 1e-12)
    // Other labels of the rows of a fold do not change the choice made for it.
    let rows = found.folds[0].held(in: 2)
    guard case .probabilities(let labels) = data.labels else { return }
    var values = labels.values
    for row in rows { for unit in 0..<3 { values[row, unit] = unit == 0 ? 1 : 0 } }
    let changed = try Dataset(
      features: data.features, labels: .probabilities(ClassProbabilities(values)))
    let other = try #require(try procedure(nested: true, choice: choice).run(changed))
    #expect(try #require(other.summary.nestedChoices)[0][2] == choices[0][2])
    // Outer folds and their scores do not depend on nesting.
    let plain = try #require(try procedure().run(data))
    #expect(plain.summary.foldScores == found.summary.foldScores)
  }

  /// The rule and the error of glmnet's cv.glmnet, implemented independently.
  @Test func choicesFollowTheirDefinition() throws {
    let summary = try #require(
      try CrossValidation(
        SoftmaxPath(likelihood: Categorical()),
        path: RegularizationPath(from: 1e-4, to: 10, count: 11),
        foldCount: 5, seed: 2
      ).run(data(.classes))
    ).summary
    var (means, errors): ([Double], [Double]) = ([], [])
    for place in summary.strengths.indices {
      let losses = summary.foldScores[0].map { $0[place][.loss] }
      let weights = summary.foldScores[0].map { $0[place].weight(of: .loss) }
      let total = weights.reduce(0, +)
      let mean = zip(losses, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
      let spread = zip(losses, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
      means.append(mean)
      errors.append((spread / total / 4).squareRoot())
      #expect((summary.standardError(of: .loss, at: place) - errors[place]).magnitude < 1e-13)
    }
    let best = summary.index(.minimum)
    #expect(means[best] == means.min() || (means[best] - (means.min() ?? 0)).magnitude < 1e-15)
    let simple = summary.index(.oneStandardError)
    #expect(simple < best, "the stronger prior stands first")
    #expect(means[simple] <= means[best] + errors[best])
    #expect(means[..<simple].allSatisfy { $0 > means[best] + errors[best] })
  }

  @Test func outOfFoldPredictionsAreThoseOfTheScores() throws {
    let data = try data(weighted: true)
    let found = try #require(try procedure(repeats: 2, nested: true).run(data))
    let pairs = [
      (
        try found.outOfFold(data, choosing: .minimum),
        found.summary.scores(at: found.summary.index(.minimum))
      ),
      (try #require(try found.nestedOutOfFold(data)), try #require(found.summary.nested)),
    ]
    for (logs, scores) in pairs {
      let evaluations = try logs.map {
        try Evaluation(ofLogProbabilities: $0, against: data.labels, weights: data.weights)
      }
      for (measure, value) in [
        (HeldOutScores.Measure.klDivergence, \Evaluation.klDivergence), (.brier, \.brier),
        (.expectedAccuracy, \.expectedAccuracy),
      ] {
        let mean = evaluations.reduce(0) { $0 + $1[keyPath: value] } / 2
        #expect((scores[measure] - mean).magnitude < 1e-12)
      }
    }
  }

  @Test func rowsOfWeightZeroCountForNothing() throws {
    let data = try data()
    let weights = (0..<40).map { $0 % 6 == 1 ? 0.0 : 1 }
    let rows = (0..<40).filter { weights[$0] > 0 }
    let all = try #require(
      try procedure().run(data.replacing(weights: .importance(checking: weights))))
    let some = try #require(try procedure().run(data.selecting(rows: rows)))
    for place in path.strengths.indices {
      let (a, b) = (all.summary.scores(at: place), some.summary.scores(at: place))
      for measure in HeldOutScores.Measure.allCases {
        #expect((a[measure] - b[measure]).magnitude < 1e-9, "\(measure)")
      }
    }
  }

  @Test func aClassInOneFoldAloneIsSaid() throws {
    let labels = (0..<20).map { $0 == 4 ? 2 : $0 % 2 }
    let data = try Dataset(
      features: Features(labels.indices.map { [Double($0 % 5)] }),
      labels: .classes(ClassIndices(labels, classCount: 3)))
    #expect(throws: DatasetError.classesOutsideTraining([2])) { try procedure().run(data) }
    let absent = try Dataset(
      features: data.features, labels: .classes(ClassIndices(labels, classCount: 4)))
    #expect(throws: DatasetError.label(.neverSeen(classes: [3]))) { try procedure().run(absent) }
  }

  /// A flat prior is the end of the path, with aliased columns without weight.
  @Test func aFlatPriorMayBeOnThePath() throws {
    let data = try data()
    let rows = data.featureRows.map { $0 + [$0[0] + $0[1]] }
    let found = try #require(
      try CrossValidation(
        SoftmaxPath(likelihood: Categorical()), path: RegularizationPath([0, 0.1]), foldCount: 4,
        seed: 5
      ).run(data.replacing(features: try Features(rows))))
    let plain = try #require(
      try CrossValidation(
        SoftmaxPath(likelihood: Categorical()), path: RegularizationPath([0]), foldCount: 4, seed: 5
      ).run(data))
    #expect(found.summary.strengths == [0.1, 0])
    let difference =
      found.summary.scores(at: 1)[.klDivergence] - plain.summary.scores(at: 0)[.klDivergence]
    #expect(difference.magnitude < 1e-8)
  }

  @Test func anObserverMayStopIt() throws {
    let data = try data()
    let seen = Mutex<[Int]>([])
    let found = try procedure().run(data) { step in
      seen.withLock { $0.append(step.completed) }
      #expect(step.total == 12)
      return step.completed < 5
    }
    #expect(found == nil)
    #expect(seen.withLock { $0 } == [1, 2, 3, 4, 5])
  }

  /// Compares the loss of a fit on its own rows with its reported statistics.
  @Test(arguments: LabelKind.allCases) func lossIsTheObjectiveWithoutThePenalty(
    kind: LabelKind
  ) throws {
    let data = try data(kind, weighted: true)
    let likelihoods: [any Likelihood] =
      switch kind {
      case .classes: [Categorical(), CandidateSet(), NoisyLabel(.estimated(startingDiagonal: 0.8))]
      case .probabilities: [Categorical(), ContinuousCategorical()]
      case .counts: [Multinomial(), DirichletMultinomial()]
      case .candidates: [CandidateSet(), Evidence()]
      case .evidence: [Evidence()]
      }
    for likelihood in likelihoods { try checkLoss(data, likelihood) }
  }

  private func checkLoss<L: Likelihood>(_ data: Dataset, _ likelihood: L) throws {
    let fit: Fit<LinearPredictor, L, GaussianPrior>
    do {
      fit = try MaximumLikelihood(
        SoftmaxRegression(), likelihood: likelihood, prior: .ridge(0.1)
      ).fit(data)
    } catch DatasetError.label(.kind) {
      return
    }
    let loss = try fit.classifier.loss(of: data)
    let statistics = fit.statistics
    let kernel = statistics.logLikelihood - statistics.logLikelihoodConstant
    #expect(relativeDistance(loss.weight, statistics.totalWeight) < 1e-14)
    #expect(relativeDistance(loss.mean * loss.weight, -kernel) < 1e-12, "\(likelihood.name)")
  }
}

@Suite struct RegularizationPathTests {
  @Test func strengthsDescendOnceEach() {
    #expect(RegularizationPath([0.1, 3, 0, 0.1]).strengths == [3, 0.1, 0])
  }

  @Test func theStandardPathHasTwoStrengthsADecade() {
    #expect(
      RegularizationPath.standard.strengths == [
        10, 3.16228, 1, 0.316228, 0.1, 0.0316228, 0.01, 0.00316228, 0.001, 0.000316228, 1e-4,
        3.16228e-5, 1e-5, 3.16228e-6, 1e-6,
      ])
    #expect(RegularizationPath(from: 2, to: 2, count: 1).strengths == [2])
    #expect(RegularizationPath(from: 1e9, to: 1e7, count: 3).strengths == [1e9, 1e8, 1e7])
  }
}
