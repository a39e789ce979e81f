import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Networks in cross-validation, rows held out by groups, and chosen layers.
@Suite struct NetworkPathTests {
  private static func data(_ kind: LabelKind = .probabilities, rows: Int = 60) throws -> Dataset {
    try RandomData(rows: rows, columns: 3, classes: 3, kind: kind, seed: 8).dataset()
  }

  /// Two classes inside and outside of a circle, which no linear model separates.
  private static func circle(rows: Int) throws -> Dataset {
    var generator = SplitMix64(seed: 4)
    let points = (0..<rows).map { _ in
      (0..<2).map { _ in Double.random(in: -1...1, using: &generator) }
    }
    let labels = points.map { $0[0] * $0[0] + $0[1] * $0[1] < 0.6 ? 0 : 1 }
    return try Dataset(features: points, labels: .indices(labels))
  }

  private static let training = TrainingOptions(
    epochs: 3, batchSize: 16, learningRate: 0.01, schedule: .constant)

  /// Compares with a loop of single trainings, for one network and for the average of two.
  @Test(arguments: [1, 2], [LabelKind.classes, .probabilities, .counts])
  func agreesWithALoopOfTrainings(members: Int, kind: LabelKind) throws {
    let data = try Self.data(kind)
    let network = MultilayerPerceptron(hidden: [4], dropout: 0.25)
    let options = FitOptions(seed: 6)
    func found(threads: Int) throws -> CrossValidated<NetworkClassifier> {
      try #require(
        try CrossValidation(
          NetworkPath(network, likelihood: Categorical(), members: members, options: options) {
            _ in (Self.training, .none)
          },
          path: RegularizationPath([0, 0.1]), foldCount: 3, seed: 2,
          threads: ThreadCount(threads)
        ).run(data))
    }
    let one = try found(threads: 1)
    #expect(try found(threads: 3).summary == one.summary)
    let strengths: [any Prior] = [GaussianPrior(.lambda(0.1)), FlatPrior()]
    for (place, prior) in strengths.enumerated() {
      var (sum, weight) = (0.0, 0.0)
      for fold in 0..<3 {
        let rows = data.selecting(rows: one.folds[0].training(in: fold))
        let fit = try Self.fit(network, prior, rows, members, options)
        let held = data.selecting(rows: one.folds[0].held(in: fold))
        let evaluation = try Evaluation(
          of: try fit.classifier.probabilities(for: held.features), against: held.labels,
          weights: held.weights)
        sum += evaluation.totalWeight * evaluation.crossEntropy
        weight += evaluation.totalWeight
      }
      #expect(relativeDistance(one.summary.scores(at: place)[.loss], sum / weight) < 1e-13)
    }
  }

  private static func fit(
    _ network: MultilayerPerceptron, _ prior: some Prior, _ rows: Dataset, _ members: Int,
    _ options: FitOptions
  ) throws -> NetworkFit {
    try MaximumLikelihood(network, likelihood: Categorical(), prior: prior, options: options)
      .fitEnsemble(of: members, to: rows, training: training)
  }

  /// Rows of one group are on one side, for any seed, and no row is lost.
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func groupsStayTogether(seed: UInt64) throws {
    let data = try Self.data(.classes)
    let groups = (0..<60).map { $0 * 7 % 9 }
    let place = (0..<60).map { Double($0) }
    let marked = try Dataset(
      features: Features(place.map { [$0] }), labels: data.labels, classNames: data.classNames)
    for validation in [Validation.fold(of: 5), .fold(of: 20), .share(0.25), .share(0.9)] {
      let (train, held) = try validation.split(marked, groups: groups, seed: seed)
      let left = train.features.matrix.column(0).prefix(train.rowCount).map { groups[Int($0)] }
      let other = try #require(held)
      let right = other.features.matrix.column(0).prefix(other.rowCount).map { groups[Int($0)] }
      #expect(Set(left).isDisjoint(with: right))
      #expect(!left.isEmpty && !right.isEmpty && left.count + right.count == 60)
    }
    #expect(throws: DatasetError.self) {
      _ = try Validation.share(0.5).split(marked, groups: place.map { _ in 1 }, seed: seed)
    }
  }

  /// Training within a fold of groups also holds out whole groups.
  @Test func groupsReachTheTrainingOfEachFold() throws {
    let data = try Self.data()
    func losses(_ groups: [Int]?) throws -> CrossValidationSummary {
      let path = NetworkPath(
        MultilayerPerceptron(hidden: [4]), likelihood: Categorical(), options: FitOptions()
      ) { _ in
        (TrainingOptions(epochs: 20, batchSize: 8, learningRate: 0.05, patience: 2), .share(0.3))
      }
      return try #require(
        try CrossValidation(path, path: RegularizationPath([0]), foldCount: 3).run(
          data, groups: groups)
      ).summary
    }
    let single = (0..<60).map { $0 }
    let pairs = (0..<60).map { $0 / 4 }
    #expect(try losses(pairs).dealing == .groups)
    #expect(try losses(pairs) != losses(single))
  }

  /// On a circle a network is significantly better; the candidates are those of single trainings,
  /// with the same bits for any number of threads.
  @Test func choosesLayersOnRowsHeldOut() throws {
    let data = try Self.circle(rows: 400)
    let training = TrainingOptions(
      epochs: 60, batchSize: 16, learningRate: 0.02, schedule: .plateau)
    let layers = [[], [2], [16]]
    func estimator(_ hidden: [Int], _ threads: Int) -> MaximumLikelihood<
      MultilayerPerceptron, Categorical, FlatPrior
    > {
      MaximumLikelihood(
        MultilayerPerceptron(hidden: hidden), likelihood: Categorical(),
        options: FitOptions(threads: ThreadCount(threads)))
    }
    func choice(threads: Int) throws -> LayerChoice {
      try #require(
        try estimator([7], threads).layerChoice(
          among: layers, on: data, training: training, validation: .fold(of: 5)))
    }
    let found = try choice(threads: 1)
    #expect(try choice(threads: 2) == found)
    #expect(found.rowCount == 80)
    for (hidden, candidate) in zip(layers, found.candidates) {
      let fit = try estimator(hidden, 1).fit(data, training: training, validation: .fold(of: 5))
      let held = try #require(fit.training?.validation)
      #expect(candidate.hidden == hidden)
      #expect(relativeDistance(candidate.divergence, held.divergence) < 1e-12)
    }
    #expect(found.verdict == .helps)
    #expect(found.chosen == 2)
    #expect(
      try estimator([7], 1).layerChoice(
        among: layers, on: data, training: training, validation: .none) == nil)
  }

  /// The divergences are those of single trainings, and the smallest one is chosen; if there are
  /// few rows, each is held out once.
  @Test(arguments: [120, 400]) func choosesThePriorOnRowsHeldOut(rowCount: Int) throws {
    let data = try Self.circle(rows: rowCount)
    var training = TrainingOptions(
      epochs: 40, batchSize: 16, learningRate: 0.02, schedule: .plateau)
    training.triesAllRows = rowCount <= 200
    let strengths = [1e-5, 1e-2, 1]
    func estimator(_ strength: Double, _ threads: Int = 1) -> MaximumLikelihood<
      MultilayerPerceptron, Categorical, GaussianPrior
    > {
      MaximumLikelihood(
        MultilayerPerceptron(hidden: [8]), likelihood: Categorical(),
        prior: GaussianPrior(.lambda(strength)), options: FitOptions(threads: ThreadCount(threads)))
    }
    func choice(threads: Int, _ validation: Validation = .fold(of: 5)) throws -> PriorChoice? {
      try estimator(7, threads).priorChoice(
        among: strengths, on: data, training: training, validation: validation)
    }
    let found = try #require(try choice(threads: 1))
    #expect(try choice(threads: 2) == found)
    #expect(found.strengths == strengths && found.divergences.count == 3)
    #expect(found.rowCount == (rowCount == 120 ? 120 : 80))
    #expect(found.divergences[2] > 2 * found.divergences[0])
    #expect(found.strength < 1)
    if rowCount == 400 {
      for (strength, divergence) in zip(strengths, found.divergences) {
        let fit = try estimator(strength).fit(data, training: training, validation: .fold(of: 5))
        let held = try #require(fit.training?.validation)
        #expect(relativeDistance(divergence, held.divergence) < 1e-12)
      }
    }
    #expect(try choice(threads: 1, .none) == nil)
  }
}
