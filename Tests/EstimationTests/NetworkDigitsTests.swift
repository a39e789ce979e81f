import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Images of digits, 1797 x 64, on one seeded split: a fifth of the rows is held out.
@Suite struct NetworkDigitsTests {
  private struct Split {
    let train: Dataset
    let test: Dataset
    let classes: [Int]

    init() throws {
      let table = try SharedTable("digits.csv")
      let names = table.column("class")
      let classNames = Array(Set(names)).sorted()
      let all = names.compactMap { classNames.firstIndex(of: $0) }
      let pixels = table.numbers(prefix: "f")
      let order = CounterBasedGenerator(seed: 20).permutation(of: all.count)
      let held = all.count / 5
      func part(_ rows: [Int]) throws -> Dataset {
        try Dataset(
          features: Features(rows.map { pixels[$0] }),
          labels: .classes(
            ClassIndices(rows.map { all[$0] }, classCount: classNames.count)),
          classNames: classNames)
      }
      train = try part(Array(order[held...]))
      test = try part(Array(order[..<held]))
      classes = order[..<held].map { all[$0] }
    }

    func scores(_ classifier: some Classifier) throws -> (crossEntropy: Double, accuracy: Double) {
      let found = try classifier.probabilities(for: test.features)
      var (loss, hits) = (0.0, 0.0)
      for (row, label) in classes.enumerated() {
        let values = (0..<10).map { found.values[row, $0] }
        loss -= Double.log(values[label])
        if values[label] == values.max() { hits += 1 }
      }
      return (loss / Double(classes.count), hits / Double(classes.count))
    }
  }

  @Test(.enabled(if: heavyTestsEnabled, "slow without optimisation"), .tags(.heavy))
  func aNetworkIsBetterThanTheBestLinearFit() throws {
    let split = try Split()
    // The best of all strengths on the scored rows themselves, which favours the linear fit.
    let linear = try [1e-5, 1e-4, 1e-3, 1e-2, 1e-1].map { strength in
      let fit = try MaximumLikelihood(
        SoftmaxRegression(), likelihood: Categorical(), prior: GaussianPrior(.lambda(strength))
      ).fit(split.train)
      return try split.scores(fit.classifier).crossEntropy
    }.min()
    var training = TrainingOptions(epochs: 60, batchSize: 32)
    training.inputScale = .common
    let network = try MaximumLikelihood(
      MultilayerPerceptron(hidden: [256], dropout: 0.3), likelihood: Categorical(),
      prior: GaussianPrior(.lambda(1e-4))
    ).fit(split.train, training: training)
    let scores = try split.scores(network.classifier)
    #expect(scores.accuracy >= 0.975)
    #expect(scores.crossEntropy < 0.8 * (linear ?? 0))
  }
}
