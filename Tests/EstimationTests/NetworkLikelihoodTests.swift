import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Networks with every likelihood, in every form of its labels, batch by batch.
@Suite struct NetworkLikelihoodTests {
  /// A likelihood with suitable labels.
  struct Case: Sendable, CustomTestStringConvertible {
    let likelihood: any Likelihood
    let kind: LabelKind
    var smoothing = 0.0
    var storage = MatrixStorage.double

    var testDescription: String {
      "\(likelihood.name) of \(kind.rawValue), smoothing \(smoothing), \(storage.rawValue)"
    }

    func data(rows: Int) throws -> Dataset {
      let drawn = try RandomData(
        rows: rows, columns: 4, classes: 3, kind: kind, hasWeights: true, hasOffsets: true, seed: 5
      ).dataset()
      let labels = smoothing > 0 ? try drawn.labels.smoothed(by: smoothing) : drawn.labels
      var data = try Dataset(
        features: drawn.features, labels: labels, weights: drawn.weights, offsets: drawn.offsets)
      data.features.matrix = data.features.matrix.stored(as: storage)
      return data
    }
  }

  private static let confusion = [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.05, 0.15, 0.8]]

  static func cases() throws -> [Case] {
    let known = NoisyLabel(
      .known(try ClassProbabilities(BlockedMatrix(rows: confusion, columnCount: 3))))
    return [
      Case(likelihood: Categorical(), kind: .classes),
      Case(likelihood: Categorical(), kind: .classes, smoothing: 0.1),
      Case(likelihood: Categorical(), kind: .probabilities),
      Case(likelihood: Categorical(), kind: .probabilities, storage: .sparse),
      Case(likelihood: Categorical(), kind: .probabilities, storage: .single),
      Case(likelihood: Categorical(), kind: .counts),
      Case(likelihood: Multinomial(), kind: .counts),
      Case(likelihood: DirichletMultinomial(), kind: .counts),
      Case(likelihood: DirichletMultinomial(), kind: .counts, storage: .sparse),
      Case(likelihood: CandidateSet(), kind: .candidates),
      Case(likelihood: CandidateSet(), kind: .classes),
      Case(likelihood: ContinuousCategorical(), kind: .probabilities),
      Case(likelihood: Dirichlet(), kind: .probabilities, smoothing: 0.1),
      Case(likelihood: Dirichlet(precision: .fixed(7)), kind: .probabilities, smoothing: 0.1),
      Case(likelihood: known, kind: .classes),
      Case(likelihood: NoisyLabel(.estimated()), kind: .classes),
      Case(likelihood: NoisyLabel(.estimated()), kind: .probabilities),
    ]
  }

  /// The gradient of a batch is the derivative of its value, auxiliary parameters and
  /// dropout included.
  @Test(arguments: try cases())
  func batchGradientsAreDerivatives(of test: Case) throws {
    try expectDerivatives(test.data(rows: 60), test.likelihood)
  }

  private func expectDerivatives<L: Likelihood>(_ data: Dataset, _ likelihood: L) throws {
    let network = MultilayerPerceptron(
      hidden: [5, 4], activation: .tanh, normalizesLayers: true, dropout: 0.3, hasSkip: true)
    let problem = try NetworkProblem(
      data, network: network, likelihood: likelihood, scale: .columns, options: FitOptions())
    let objective = problem.objective(GaussianPrior(.lambda(0.1)))
    let batches = BatchObjective(
      objective, labels: problem.data.labels, rowWeights: problem.data.rowWeights, batchSize: 17,
      seed: 3)
    var numbers = TestNumbers(seed: 9)
    let start = problem.start(seed: 2)
    let point = zip(start, numbers.uniform(start.count, in: -0.2...0.2)).map { $0 + $1 }
    func evaluate(_ point: [Double], _ gradient: inout [Double]) -> Double {
      var pass = batches.pass(1)
      return batches.evaluate(batch: 1, of: &pass, step: 6, at: point, gradient: &gradient)
    }
    var gradient = point
    _ = evaluate(point, &gradient)
    // All auxiliary parameters, and random ones of weights, biases, gains and the skip connection.
    let own = Array(objective.model.parameterCount..<point.count)
    let some = (0..<25).map { _ in
      Int.random(in: 0..<objective.model.parameterCount, using: &numbers)
    }
    for index in own + some {
      let expected = FiniteDifferences.derivative { step in
        var (moved, ignored) = (point, point)
        moved[index] += step
        return evaluate(moved, &ignored)
      }
      #expect(
        (gradient[index] - expected).magnitude < 1e-9 * max(1, expected.magnitude),
        "entry \(index) of \(point.count)")
    }
    #expect(own.count == likelihood.auxiliaryCount(classCount: 3))
    #expect(own.allSatisfy { gradient[$0] != 0 })
  }

  /// Training lowers the objective below its start and below the model without weights, and changes
  /// the auxiliary parameters.
  @Test(arguments: try cases())
  func trainingLowersTheObjective(of test: Case) throws {
    try expectDescent(test.data(rows: 120), test.likelihood)
  }

  private func expectDescent<L: Likelihood>(_ data: Dataset, _ likelihood: L) throws {
    let network = MultilayerPerceptron(hidden: [6], activation: .tanh, hasSkip: true)
    let options = FitOptions(seed: 4)
    let problem = try NetworkProblem(
      data, network: network, likelihood: likelihood, scale: .columns, options: options)
    let objective = problem.objective(GaussianPrior(.lambda(1e-3)))
    let start = problem.start(seed: options.seed)
    var slopes = start
    let before = objective.evaluate(at: start, gradient: &slopes)
    let training = TrainingOptions(epochs: 25, batchSize: 16, learningRate: 0.02)
    let fit = try MaximumLikelihood(
      network, likelihood: likelihood, prior: GaussianPrior(.lambda(1e-3)), options: options
    ).fit(data, training: training)
    #expect(fit.status.name == "epochs_done")
    #expect(fit.statistics.objective < before)
    #expect(fit.statistics.logLikelihood > fit.statistics.nullLogLikelihood)
    let range = objective.model.parameterCount..<start.count
    #expect(range.allSatisfy { fit.solution.point[$0] != start[$0] })
    let values = try #require(fit.training?.history.map(\.value))
    #expect((values.last ?? .infinity) < values[0])
  }

  /// Weights of classes are equivalent to weights of rows: a class with weight two is equivalent to
  /// repeating its rows.
  @Test func classWeightsAreRepetitions() throws {
    let data = try RandomData(rows: 90, columns: 3, classes: 3, kind: .classes).dataset()
    guard case .classes(let classes) = data.labels else { return }
    let weighted = try Dataset(
      features: data.features, labels: data.labels,
      weights: .importance(checking: (0..<90).map { classes[$0] == 1 ? 2 : 1 }))
    let twice = data.selecting(rows: Array(0..<90) + (0..<90).filter { classes[$0] == 1 })
    let network = MultilayerPerceptron(hidden: [5], activation: .tanh)
    func objective(_ data: Dataset) throws -> (Double, [Double]) {
      let problem = try NetworkProblem(
        data, network: network, likelihood: Categorical(), scale: .columns,
        options: FitOptions())
      let point = problem.start(seed: 3)
      var gradient = point
      let value = problem.objective(FlatPrior()).evaluate(at: point, gradient: &gradient)
      return (value, gradient)
    }
    let (a, b) = (try objective(weighted), try objective(twice))
    #expect(relativeDistance(a.0, b.0) < 1e-12)
    #expect(vectorDistance(a.1, b.1) < 1e-11)
  }

  /// Held-out rows of evidence and candidate sets are judged by their own log-likelihood, in
  /// training, in the choice of prior and for an ensemble.
  @Test(arguments: [LabelKind.evidence, .candidates])
  func heldRowsAreJudgedByTheirLikelihood(kind: LabelKind) throws {
    let data = try RandomData(rows: 120, columns: 3, classes: 3, kind: kind, seed: 8).dataset()
    let held = try RandomData(rows: 60, columns: 3, classes: 3, kind: kind, seed: 9).dataset()
    let evidence =
      switch held.labels {
      case .evidence(let given): given
      case .candidates(let sets): ClassEvidence(sets)
      default: throw LabelError.kind(likelihood: "", found: kind, expected: [])
      }
    func check<L: Likelihood>(_ likelihood: L) throws {
      let estimator = MaximumLikelihood(
        MultilayerPerceptron(hidden: [4]), likelihood: likelihood,
        prior: GaussianPrior(.lambda(1e-3)))
      for members in [1, 2] {
        let fit = try estimator.fitEnsemble(
          of: members, to: data, training: .init(epochs: 4, learningRate: 0.01),
          validation: .data(held))
        let logs = try fit.classifier.logProbabilities(for: held.features)
        let loss = (0..<60).reduce(0.0) { sum, row in
          sum - Softmax.logSumExp(zip(logs.row(row), evidence.logs.row(row)).map { $0 + $1 }) / 60
        }
        let found = try #require(fit.record.validation)
        #expect((found.divergence - loss).magnitude < 1e-6, "\(members)")
        #expect(found.rowCount == 60 && found.labelEntropy == 0)
      }
      let choice = try estimator.priorChoice(
        among: [1e-4, 1e-2], on: data, training: .init(epochs: 2, learningRate: 0.01),
        validation: .data(held))
      #expect(choice?.measure == .evidence)
    }
    if kind == .evidence { try check(Evidence()) } else { try check(CandidateSet()) }
  }
}
