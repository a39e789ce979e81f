import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Five steps of AdamW compared with PyTorch: Tests/Reference/network.py made the numbers.
@Suite struct NetworkReferenceTests {
  @Test(arguments: [0, 1, 2])
  func fiveStepsAgreeWithPyTorch(index: Int) throws {
    let item = try ReferenceValue(ofTests: "network.json")["cases"].array[index]
    func vector(_ key: String) -> [Double] { item[key].array.map(\.number) }
    func rows(_ key: String) -> [[Double]] { item[key].array.map { $0.array.map(\.number) } }
    let (features, shares) = (rows("features"), rows("labels"))
    let labels = Labels.probabilities(
      try ClassProbabilities(BlockedMatrix(rows: shares, columnCount: shares[0].count)))
    let activation = try #require(Activation(rawValue: item["activation"].text))
    let isTrue = { (key: String) in item[key].number == 1 }
    let network = MultilayerPerceptron(
      hidden: vector("hidden").compactMap { Int(exactly: $0) }, activation: activation,
      normalizesLayers: isTrue("normalized"), hasSkip: isTrue("skip"))
    let model = network.model(featureCount: features[0].count, classCount: shares[0].count)
    var weights = [Double](repeating: 1, count: features.count)
    let responses = try Categorical().responses(of: labels, weights: &weights)
    let objective = NegativeLogPosterior(
      model: model, likelihood: Categorical(), prior: FlatPrior(),
      features: BlockedMatrix(rows: features, columnCount: features[0].count),
      responses: responses, offsets: nil, weights: weights,
      priorScales: [Double](repeating: 1, count: model.weights.count), threads: ThreadCount(2))
    let batch = try #require(Int(exactly: item["batch"].number))
    let batches = BatchObjective(
      objective, labels: labels, rowWeights: .uniform, batchSize: batch, seed: 1)
    let order = vector("order").compactMap { Int(exactly: $0) }
    let rule = AdamW(decay: item["decay"].number, decayed: model.weights)
    var state = StochasticState(start: vector("start"), rule: rule)
    try #require(state.point.count == model.parameterCount)
    var gradient = state.point
    for step in 0..<5 {
      var pass = batches.pass(0)
      pass.order = order
      let loss = batches.evaluate(
        batch: step, of: &pass, step: step, at: state.point, gradient: &gradient)
      #expect(relativeDistance(loss, vector("losses")[step]) < 1e-10)
      rule.step(
        &state.point, gradient: gradient, memory: &state.memory, number: step + 1,
        rate: item["learning_rate"].number, threads: ThreadCount(2))
    }
    let moved = zip(state.point, vector("start")).map { $0 - $1 }
    let expected = zip(vector("end"), vector("start")).map { $0 - $1 }
    #expect(vectorDistance(state.point, vector("end")) < 1e-9)
    #expect(vectorDistance(moved, expected) < 1e-6)
  }
}
