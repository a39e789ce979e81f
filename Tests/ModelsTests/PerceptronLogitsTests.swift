import SurprisalLinearAlgebra
import SurprisalModels
import TestSupport
import Testing

@Suite struct PerceptronLogitsTests {
  /// Compares with the logits of a network computed directly, unit by unit.
  @Test(arguments: PerceptronCase.all)
  func logitsAreWhatTheFormulaSays(item: PerceptronCase) {
    let (model, matrix, parameters) = (item.model, item.matrix, item.parameters)
    var expected: [Double] = []
    for row in 0..<item.rows {
      let features = matrix.row(row)
      var below = features
      for layer in model.layers {
        var sums = (0..<layer.unitCount).map { unit in
          parameters[layer.biases.lowerBound + unit]
            + (0..<layer.inputCount).reduce(0) {
              $0 + parameters[layer.weights.lowerBound + unit * layer.inputCount + $1] * below[$1]
            }
        }
        if !layer.gains.isEmpty {
          let mean = sums.reduce(0, +) / Double(sums.count)
          let variance =
            sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sums.count)
          for unit in sums.indices {
            sums[unit] =
              parameters[layer.gains.lowerBound + unit] * (sums[unit] - mean)
              / (variance + 1e-5).squareRoot() + parameters[layer.shifts.lowerBound + unit]
          }
        }
        let isOutput = layer == model.layers[model.layers.count - 1]
        below = isOutput ? sums : sums.map { activated($0, item.network.activation) }
      }
      if !model.skip.isEmpty {
        for unit in 0..<item.classes {
          for feature in 0..<item.features {
            below[unit] +=
              parameters[model.skip.lowerBound + unit * item.features + feature]
              * features[feature]
          }
        }
      }
      expected += below
    }
    #expect(vectorDistance(item.logits(parameters), expected) < 1e-13)
  }

  private func activated(_ y: Double, _ activation: Activation) -> Double {
    func exponential(_ x: Double) -> Double {
      (1...60).reversed().reduce(1.0) { 1 + $0 * (x / 16) / Double($1) }.power(16)
    }
    switch activation {
    case .relu: return max(y, 0)
    case .gelu:
      let u = (2 / Double.pi).squareRoot() * (y + 0.044715 * y * y * y)
      return 0.5 * y * (1 + (exponential(2 * u) - 1) / (exponential(2 * u) + 1))
    case .tanh: return (exponential(2 * y) - 1) / (exponential(2 * y) + 1)
    }
  }

  /// Compares J v with differences of the logits.
  @Test(arguments: PerceptronCase.all)
  func pushForwardIsTheDerivative(item: PerceptronCase) {
    let (model, matrix, parameters) = (item.model, item.matrix, item.parameters)
    var numbers = TestNumbers(seed: 3)
    let direction = numbers.uniform(model.parameterCount, in: -1...1)
    let expected = FiniteDifferences.derivative(step: 1e-5) { step in
      item.logits(zip(parameters, direction).map { $0 + step * $1 })
    }
    let prepared = model.prepare(parameters, for: item.storage)
    let pushed = model.prepare(direction, for: item.storage)
    var workspace = model.makeWorkspace()
    var found: [Double] = []
    for index in 0..<matrix.blockCount {
      let block = matrix.block(index)
      var tile = Tile(unitCount: item.classes, capacity: block.rows.count)
      model.computeLogits(of: block, at: prepared, into: &tile, using: &workspace)
      model.pushForward(pushed, through: block, at: prepared, into: &tile, using: &workspace)
      for example in 0..<block.rows.count { found += (0..<item.classes).map { tile[$0, example] } }
    }
    #expect(vectorDistance(found, expected) < 1e-8)
  }

  /// Compares every entry of Jᵀ s with differences of ⟨s, logits⟩.
  @Test(arguments: PerceptronCase.all.filter { $0.rows < 100 })
  func pullBackIsTheGradient(item: PerceptronCase) {
    let (parameters, scores) = (item.parameters, item.scores)
    let expected = parameters.indices.map { index in
      FiniteDifferences.derivative(step: 1e-5) { step in
        var moved = parameters
        moved[index] += step
        return item.logits(moved).dot(scores)
      }
    }
    #expect(vectorDistance(item.pullBack(parameters), expected) < 1e-8)
  }

  /// A batch of any rows gives the same function as the blocks, and threads change no bit.
  @Test(arguments: PerceptronCase.all)
  func batchesAgreeWithBlocks(item: PerceptronCase) {
    let parameters = item.parameters
    let one = item.batch(parameters, threads: 1)
    #expect(vectorDistance(one.logits, item.logits(parameters)) < 1e-13)
    #expect(vectorDistance(one.gradient, item.pullBack(parameters)) < 1e-12)
    for threads in [2, 3, 5] {
      let several = item.batch(parameters, threads: threads)
      #expect(several.logits == one.logits)
      #expect(several.gradient == one.gradient)
    }
  }

  /// With dropout the gradient is that of the thinned network.
  @Test(arguments: [false, true])
  func dropoutHasItsGradient(isNormalized: Bool) {
    let item = PerceptronCase(
      network: MultilayerPerceptron(
        hidden: [8, 6], activation: .tanh, normalizesLayers: isNormalized, dropout: 0.4))
    let (parameters, scores) = (item.parameters, item.scores)
    let dropout = Dropout(share: 0.4, seed: 3)
    let found = item.batch(parameters, threads: 2, dropout: dropout, step: 7)
    let expected = parameters.indices.map { index in
      FiniteDifferences.derivative(step: 1e-4) { step in
        var moved = parameters
        moved[index] += step
        return item.batch(moved, threads: 1, dropout: dropout, step: 7).logits.dot(scores)
      }
    }
    #expect(vectorDistance(found.gradient, expected) < 1e-8)
    #expect(item.batch(parameters, threads: 1, dropout: dropout, step: 8).logits != found.logits)
    #expect(item.batch(parameters, threads: 1).logits != found.logits)
  }

  @Test func laysOutItsParameters() {
    let model = MultilayerPerceptron(hidden: [4, 3], normalizesLayers: true, hasSkip: true)
      .model(featureCount: 5, classCount: 2)
    #expect(model.weights == 0..<20 + 12 + 6 + 10)
    #expect(model.skip == 38..<48)
    #expect(model.parameterCount == 48 + 3 * 4 + 3 * 3 + 2)
    #expect(model.layers.map(\.biases) == [48..<52, 60..<63, 69..<71])
    #expect(model.layers[1].gains == 63..<66)
    #expect(model.layers[2].gains.isEmpty)
    #expect(model.intercepts == 69..<71)
  }

  /// Weights have the intended variance and depend on the seed, and the output starts at the
  /// logits.
  @Test func startsWithTheVarianceOfItsLayers() {
    let model = MultilayerPerceptron(hidden: [300]).model(featureCount: 200, classCount: 3)
    let start = model.initialParameters(seed: 4, logits: [0.1, 0.2, -0.3])
    let first = start[model.layers[0].weights]
    let variance = first.reduce(0) { $0 + $1 * $1 } / Double(first.count)
    #expect((variance / (2 / 200.0) - 1).magnitude < 0.02)
    let biases = start[model.layers[0].biases]
    let spread = biases.reduce(0) { $0 + $1 * $1 } / Double(biases.count)
    #expect((spread / (2 / 200.0) - 1).magnitude < 0.3)
    #expect(Array(start[model.intercepts]) == [0.1, 0.2, -0.3])
    #expect(start[model.layers[1].weights].allSatisfy { $0 == 0 })
    #expect(start == model.initialParameters(seed: 4, logits: [0.1, 0.2, -0.3]))
    #expect(start != model.initialParameters(seed: 5, logits: [0.1, 0.2, -0.3]))
  }

  @Test func permutationsAreComplete() {
    let hash = CounterBasedGenerator(seed: 1)
    let order = hash.permutation(of: 1000)
    #expect(order.sorted() == Array(0..<1000))
    #expect(order != hash.child(1).permutation(of: 1000))
    #expect(order == CounterBasedGenerator(seed: 1).permutation(of: 1000))
    #expect(hash.permutation(of: 0).isEmpty)
  }
}

extension Double {
  fileprivate func power(_ count: Int) -> Double {
    (0..<count).reduce(1) { result, _ in result * self }
  }
}
