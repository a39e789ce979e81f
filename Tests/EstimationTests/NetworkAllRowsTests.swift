import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Small problems, for which L-BFGS over all rows is tried too.
@Suite struct NetworkAllRowsTests {
  /// With few rows and parameters L-BFGS is tried too, and used if it has the smaller divergence on
  /// the held-out rows: then all rows are fitted with as many iterations. The bits are the same for
  /// any number of threads and from any state on the way.
  @Test func triesAllRowsAtOnceOnSmallProblems() throws {
    let points = (0..<240).map { (row: Int) -> [Double] in
      let (x, y) = (Double(row % 17), Double(row * 7 % 19))
      return [x / 8 - 1, y / 9 - 1]
    }
    let labels = points.map { (point: [Double]) -> Int in
      let square: Double = point[0] * point[0] + point[1] * point[1]
      return square < 0.6 ? 0 : 1
    }
    let data = try Dataset(features: points, labels: .indices(labels))
    var training = TrainingOptions(
      epochs: 30, batchSize: 16, learningRate: 0.003, schedule: .plateau)
    training.triesAllRows = true
    let box = NetworkFitTests.StateBox()
    func fit(
      threads: Int = 1, _ state: StochasticState? = nil, stoppingAfter passes: Int = .max
    ) throws -> Fit<PerceptronLogits, Categorical, FlatPrior> {
      try MaximumLikelihood(
        MultilayerPerceptron(hidden: [8]), likelihood: Categorical(),
        options: FitOptions(threads: ThreadCount(threads))
      ).fit(data, training: training, validation: .fold(of: 5), resuming: state) {
        box.keep($0, until: passes)
      }
    }
    let whole = try fit()
    let record = try #require(whole.training)
    let best = try #require(record.bestEpoch)
    #expect(record.options.method == .lbfgs && whole.status.name == "early_stopping")
    #expect(record.validation?.divergence == record.history.compactMap(\.score).min())
    #expect(best > 0 && record.refitSteps == best)
    var options = FitOptions()
    options.stopping.maximumIterations = best
    let direct = try MaximumLikelihood(
      MultilayerPerceptron(hidden: [8]), likelihood: Categorical(), options: options
    ).fit(data, training: TrainingOptions(method: .lbfgs))
    #expect(direct.solution.point == whole.solution.point)
    #expect(try fit(threads: 3).solution.point == whole.solution.point)
    #expect(try fit(stoppingAfter: 9).status.name == "interrupted")
    #expect(try fit(box.state).solution.point == whole.solution.point)
  }

  /// With few rows each of them is held out once, and the number of iterations is the one with the
  /// smallest divergence over all of them.
  @Test func holdsOutAllFoldsOfFewRows() throws {
    let data = try NetworkFitTests.data(rows: 45).arrangedForTraining(
      Categorical(), groups: nil, threads: ThreadCount(1)
    ).rows
    var training = TrainingOptions(epochs: 10, batchSize: 8, schedule: .plateau)
    training.triesAllRows = true
    let network = MultilayerPerceptron(hidden: [6])
    let whole = try MaximumLikelihood(
      network, likelihood: Categorical(), options: FitOptions(threads: ThreadCount(1))
    ).fit(data, training: training, validation: .fold(of: 5))
    let record = try #require(whole.training)
    let steps = try #require(record.refitSteps)
    #expect(record.options.method == .lbfgs && whole.statistics.rowCount == 45)
    let first = try Validation.fold(of: 5).split(data, groups: nil, seed: 1)
    var folds: [Validation.Fold] = [(rows: first.0, held: try #require(first.1))]
    folds += try Validation.fold(of: 5).furtherFolds(of: data, groups: nil, seed: 1)
    #expect(folds.map(\.held.rowCount) == [9, 9, 9, 9, 9])
    func divergence(after count: Int) throws -> Double {
      var options = FitOptions(threads: ThreadCount(1))
      options.stopping.maximumIterations = count
      let estimator = MaximumLikelihood(network, likelihood: Categorical(), options: options)
      var sum = 0.0
      for fold in folds {
        let fit = try estimator.fit(
          fold.rows, training: TrainingOptions(method: .lbfgs), validation: .data(fold.held))
        sum += try #require(fit.training?.validation?.divergence)
      }
      return sum / 5
    }
    let least = try divergence(after: steps)
    for count in max(1, steps - 8)...steps + 8 where count != steps {
      #expect(try divergence(after: count) > least, "after \(count), not \(steps)")
    }
  }
}
