import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

@Suite struct NetworkFitTests {
  static func data(
    _ kind: LabelKind = .probabilities, rows: Int = 300, weights: Bool = false,
    offsets: Bool = false
  ) throws -> Dataset {
    try RandomData(
      rows: rows, columns: 4, classes: 3, kind: kind, hasWeights: weights, hasOffsets: offsets
    ).dataset()
  }

  /// Without hidden layers L-BFGS over all rows reaches the optimum of softmax regression.
  @Test(arguments: [LabelKind.classes, .probabilities, .counts])
  func withoutHiddenLayersItIsSoftmaxRegression(kind: LabelKind) throws {
    let data = try Self.data(kind, weights: true, offsets: true)
    let prior = GaussianPrior(.lambda(0.02))
    var options = FitOptions()
    options.penalizesStandardized = true
    let linear = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), prior: prior, options: options
    ).fit(data)
    let network = try MaximumLikelihood(
      MultilayerPerceptron(hidden: []), likelihood: Categorical(), prior: prior, options: options
    ).fit(data, training: TrainingOptions(method: .lbfgs))
    #expect(network.status.isConverged)
    #expect(relativeDistance(network.statistics.objective, linear.statistics.objective) < 1e-12)
    let count = linear.classifier.model.weights.count
    #expect(
      vectorDistance(
        Array(network.solution.point[..<count]), Array(linear.solution.point[..<count])) < 1e-6)
  }

  /// With one scale s for all columns, a prior on the weights is equivalent to one on raw
  /// coefficients that is s² as strong.
  @Test func aCommonScaleIsARawPrior() throws {
    let data = try Self.data()
    var training = TrainingOptions(method: .lbfgs)
    training.inputScale = .common
    let network = try MaximumLikelihood(
      MultilayerPerceptron(hidden: []), likelihood: Categorical(),
      prior: GaussianPrior(.lambda(0.02))
    ).fit(data, training: training)
    let scale = network.classifier.standardization.scales[0]
    #expect(Set(network.classifier.standardization.scales) == [scale])
    let linear = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(),
      prior: GaussianPrior(.lambda(0.02 * scale * scale))
    ).fit(data)
    #expect(relativeDistance(network.statistics.objective, linear.statistics.objective) < 1e-12)
  }

  /// Mini-batches come close to the same optimum.
  @Test(arguments: [TrainingOptions.Method.adamW, .sgd])
  func batchesComeNearTheOptimum(method: TrainingOptions.Method) throws {
    let data = try Self.data()
    let prior = GaussianPrior(.lambda(0.02))
    let family = MultilayerPerceptron(hidden: [])
    let best = try MaximumLikelihood(family, likelihood: Categorical(), prior: prior)
      .fit(data, training: TrainingOptions(method: .lbfgs))
    let training = TrainingOptions(
      method: method, epochs: 150, batchSize: 50, learningRate: method == .sgd ? 0.05 : 0.02)
    let fit = try MaximumLikelihood(family, likelihood: Categorical(), prior: prior)
      .fit(data, training: training)
    #expect(fit.statistics.objective >= best.statistics.objective)
    #expect(fit.statistics.objective - best.statistics.objective < 1e-4)
    #expect(fit.status.name == "epochs_done")
  }

  /// The mean of the batches' gradients is the gradient of the objective, for any row weights.
  @Test(arguments: LabelKind.allCases)
  func batchesAverageToTheObjective(kind: LabelKind) throws {
    let data = try Self.data(kind, rows: 240, weights: true, offsets: true)
    switch kind {
    case .classes, .probabilities: try expectAverages(data, Categorical())
    case .counts: try expectAverages(data, DirichletMultinomial())
    case .candidates: try expectAverages(data, CandidateSet())
    case .evidence: try expectAverages(data, Evidence())
    }
  }

  private func expectAverages<L: Likelihood>(_ data: Dataset, _ likelihood: L) throws {
    let network = MultilayerPerceptron(hidden: [5], activation: .tanh, hasSkip: true)
    let problem = try NetworkProblem(
      data, network: network, likelihood: likelihood, scale: .columns, options: FitOptions())
    let objective = problem.objective(GaussianPrior(.lambda(0.1)))
    // Rows of weight zero are dropped: choose a size that divides the remaining number.
    let count = problem.data.labels.rowCount
    let size = (1...60).last { count.isMultiple(of: $0) } ?? 1
    let batches = BatchObjective(
      objective, labels: problem.data.labels, rowWeights: problem.data.rowWeights,
      batchSize: size, seed: 3)
    let point = problem.start(seed: 2)
    var (whole, part) = (point, point)
    let value = objective.evaluate(at: point, gradient: &whole)
    var pass = batches.pass(0)
    var (sum, mean) = (0.0, [Double](repeating: 0, count: point.count))
    for batch in 0..<batches.batchCount {
      sum += batches.evaluate(batch: batch, of: &pass, step: 0, at: point, gradient: &part)
      mean.add(1 / Double(batches.batchCount), times: part)
    }
    #expect(relativeDistance(sum / Double(batches.batchCount), value) < 1e-12)
    #expect(vectorDistance(mean, whole) < 1e-12)
    #expect(relativeDistance(pass.weight, objective.totalWeight) < 1e-12)
  }

  private static let training = TrainingOptions(
    epochs: 6, batchSize: 32, learningRate: 0.01, clipping: 0.5, decay: 0.01)

  private static func fit(
    _ data: Dataset, threads: Int = 1, training: TrainingOptions = training,
    resuming state: StochasticState? = nil, observing observer: TrainingObserver? = nil
  ) throws -> Fit<PerceptronLogits, Categorical, GaussianPrior> {
    let network = MultilayerPerceptron(
      hidden: [12, 8], activation: .gelu, normalizesLayers: true, dropout: 0.2, hasSkip: true)
    return try MaximumLikelihood(
      network, likelihood: Categorical(), prior: GaussianPrior(.lambda(1e-3)),
      options: FitOptions(seed: 7, threads: ThreadCount(threads))
    ).fit(
      data, training: training, validation: .share(0.2), resuming: state, observing: observer)
  }

  @Test func threadsChangeNoBit() throws {
    let data = try Self.data()
    let one = try Self.fit(data)
    for threads in [2, 3] {
      let several = try Self.fit(data, threads: threads)
      #expect(several.solution.point == one.solution.point)
      #expect(several.training == one.training)
    }
    #expect(one.training?.validation?.rowCount == 60)
    #expect(one.training?.history.count == 6)
  }

  /// A run that was stopped after three passes and resumed ends with the same bits.
  @Test func resumingChangesNoBit() throws {
    let data = try Self.data()
    let whole = try Self.fit(data)
    let box = StateBox()
    _ = try Self.fit(data) { progress in
      box.state = progress.state
      return progress.history.count < 3
    }
    let state = try #require(box.state)
    #expect(state.history.count == 3)
    let resumed = try Self.fit(data, resuming: state)
    #expect(resumed.solution.point == whole.solution.point)
    #expect(resumed.training == whole.training)
  }

  /// Filled by an observer in the thread of the test.
  /// The last state of a training.
  final class StateBox: @unchecked Sendable {
    var state: StochasticState?

    /// Keeps the state; false ends the training after so many passes.
    func keep(_ progress: TrainingProgress, until passes: Int) -> Bool {
      if let state = progress.state { self.state = state }
      return progress.history.count < passes
    }
  }

  /// A rate far too large ends with the previous parameters, all of them finite.
  @Test(arguments: [TrainingOptions.Method.adamW, .sgd])
  func divergenceKeepsTheLastGoodParameters(method: TrainingOptions.Method) throws {
    var training = Self.training
    training.method = method
    training.learningRate = 1e6
    training.clipping = nil
    let fit = try Self.fit(Self.data(), training: training)
    #expect(fit.status.name == "diverged")
    #expect(fit.solution.point.isFinite)
    #expect(fit.statistics.objective.isFinite)
    #expect(
      fit.record().warnings.contains {
        if case .notConverged = $0 { true } else { false }
      })
  }

  /// Without patience training continues; with it, the best pass is kept and training stops.
  @Test func stopsEarlyAndKeepsTheBest() throws {
    var training = Self.training
    (training.epochs, training.patience, training.learningRate) = (200, 3, 0.05)
    let fit = try Self.fit(Self.data(rows: 80), training: training)
    let record = try #require(fit.training)
    let best = try #require(record.bestEpoch)
    #expect(fit.status.name == "early_stopping")
    #expect(record.history.count == best + 3)
    let scores = record.history.compactMap(\.score)
    #expect(scores.min() == scores[best - 1])
    #expect(record.validation?.divergence == scores[best - 1])
  }

  /// A fold determines the number of steps, and all rows are trained with as many: with the same
  /// bits for any number of threads and from any state on the way.
  @Test func aFoldFindsTheStepsForAllRows() throws {
    let data = try Self.data(rows: 120)
    let training = TrainingOptions(
      epochs: 400, batchSize: 16, learningRate: 0.02, schedule: .plateau, patience: 2)
    let box = StateBox()
    func fit(
      threads: Int = 1, _ state: StochasticState? = nil, stoppingAfter passes: Int = .max
    ) throws -> Fit<PerceptronLogits, Categorical, FlatPrior> {
      try MaximumLikelihood(
        MultilayerPerceptron(hidden: [6]), likelihood: Categorical(), prior: FlatPrior(),
        options: FitOptions(seed: 3, threads: ThreadCount(threads))
      ).fit(data, training: training, validation: .fold(of: 5), resuming: state) {
        box.keep($0, until: passes)
      }
    }
    let whole = try fit()
    let record = try #require(whole.training)
    let best = try #require(record.bestEpoch)
    #expect(whole.status.name == "early_stopping")
    #expect(whole.statistics.rowCount == 120)
    #expect(record.validation?.rowCount == 24)
    let path = Plateau(patience: 2, least: 167).path(
      to: best, scores: record.history.compactMap(\.score),
      start: box.state?.startScore)
    #expect(record.refitSteps == (path.count + min(path.count, 10)) * 6)
    #expect(record.validation?.divergence == record.history[best - 1].score)
    #expect(try fit(threads: 3).solution.point == whole.solution.point)
    _ = try fit(stoppingAfter: 4)
    let resumed = try fit(box.state)
    #expect(resumed.solution.point == whole.solution.point)
    #expect(resumed.training == whole.training)
  }

  /// A state of another network is refused without a trap.
  @Test func refusesAStateThatDoesNotFit() throws {
    let data = try Self.data()
    let box = StateBox()
    _ = try Self.fit(data) { progress in
      box.state = progress.state
      return progress.history.isEmpty
    }
    let state = try #require(box.state)
    let changes: [(inout StochasticState) -> Void] = [
      { $0.point.removeLast() }, { $0.memory.removeLast() }, { $0.memory[1].removeLast() },
      { $0.stepCount = .max }, { $0.best = [1] },
    ]
    for change in changes {
      var other = state
      change(&other)
      #expect(throws: DatasetError.self) { _ = try Self.fit(data, resuming: other) }
    }
  }

  /// Rows of weight zero are never held out, since they could not judge anything.
  @Test func sharesAreOfRowsWithWeight() throws {
    let all = try Self.data(rows: 40)
    let data = try Dataset(
      features: all.features, labels: all.labels,
      weights: .importance(checking: (0..<40).map { $0 < 30 ? 0 : 1 }))
    let fit = try Self.fit(data)
    #expect(fit.training?.validation?.rowCount == 2)
    #expect(fit.status.name == "epochs_done")
  }

  @Test func refusesToHoldOutEverything() throws {
    let data = try Self.data(rows: 20)
    #expect(throws: DatasetError.noRows) {
      _ = try MaximumLikelihood(MultilayerPerceptron(), likelihood: Categorical())
        .fit(data, validation: .share(0.01))
    }
  }

  /// Compressed rows give the same training as the same numbers in dense form.
  @Test func sparseRowsTrainTheSame() throws {
    let data = try Self.data(rows: 60)
    var sparse = data
    sparse.features.matrix = data.features.matrix.stored(as: .sparse)
    let training = TrainingOptions(epochs: 40, batchSize: 16, learningRate: 0.02)
    let family = MultilayerPerceptron(hidden: [8], hasSkip: true)
    let fit = try MaximumLikelihood(family, likelihood: Categorical())
      .fit(sparse, training: training)
    #expect(fit.solution.point.isFinite)
    #expect(fit.statistics.crossEntropy < fit.statistics.nullCrossEntropy)
  }
}
