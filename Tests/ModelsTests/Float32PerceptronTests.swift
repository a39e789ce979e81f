import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import TestSupport
import Testing

/// Hidden layers in single precision compared with the same network in double precision.
@Suite struct SinglePerceptronTests {
  private static let cases = PerceptronCase.all.filter { !$0.network.hidden.isEmpty }

  private func single(
    _ item: PerceptronCase, parameters: [Double]? = nil
  ) throws -> Float32Perceptron {
    try #require(
      Float32Perceptron(
        item.model, parameters: parameters ?? item.parameters,
        standardization: .identity(columnCount: item.features)))
  }

  private func logits(
    _ single: Float32Perceptron, _ matrix: BlockedMatrix, classes: Int
  ) -> (values: [Double], places: [Int]) {
    var (values, places): ([Double], [Int]) = ([], [])
    for index in 0..<matrix.blockCount {
      let block = matrix.block(index)
      var tile = Tile(unitCount: classes, capacity: block.rows.count)
      places += single.computeLogits(of: block, into: &tile).map { block.rows.lowerBound + $0 }
      for example in 0..<block.rows.count { values += (0..<classes).map { tile[$0, example] } }
    }
    return (values, places)
  }

  @Test(arguments: cases)
  func logitsAreThoseOfDoublePrecision(item: PerceptronCase) throws {
    let found = try logits(single(item), item.matrix, classes: item.classes)
    #expect(found.places.isEmpty)
    #expect(vectorDistance(found.values, item.logits(item.parameters)) < 2e-6)
  }

  /// More features than a strip holds, more rows than a block.
  @Test func stripsAndBlocksAreOnlyParts() throws {
    let network = MultilayerPerceptron(hidden: [33, 17], activation: .tanh, hasSkip: true)
    let item = PerceptronCase(network: network, rows: 201, features: 337)
    let single = try single(item)
    let all = logits(single, item.matrix, classes: 3)
    #expect(all.places.isEmpty)
    #expect(vectorDistance(all.values, item.logits(item.parameters)) < 2e-6)
    for row in [0, 7, 100, 191, 192, 200] {
      let alone = logits(single, item.matrix.selecting(rows: [row]), classes: 3)
      #expect(alone.values == Array(all.values[row * 3..<row * 3 + 3]))
    }
  }

  /// Magnitudes beyond the limit at any step report their row, and no other.
  @Test(arguments: Activation.allCases, [1e4, 1e39, -1e300, Double.greatestFiniteMagnitude])
  func largeValuesAreNamed(activation: Activation, value: Double) throws {
    for isNormalized in [false, true] {
      let item = PerceptronCase(
        network: MultilayerPerceptron(
          hidden: [6, 4], activation: activation, normalizesLayers: isNormalized), features: 5)
      var matrix = item.matrix
      matrix[11, 2] = value
      let found = try logits(single(item), matrix, classes: 3)
      #expect(found.places == [11])
    }
  }

  @Test func largeSumsAndLogitsAreNamed() throws {
    let item = PerceptronCase(network: MultilayerPerceptron(hidden: [6, 4], activation: .relu))
    let model = item.model
    for range in [model.layers[0].weights, model.layers[2].biases] {
      var parameters = item.parameters
      for index in range { parameters[index] = 1e38 }
      let found = try logits(single(item, parameters: parameters), item.matrix, classes: 3)
      #expect(found.places == Array(0..<item.rows))
    }
  }

  @Test func whatHasNoSinglePrecisionIsRefused() {
    let item = PerceptronCase(network: MultilayerPerceptron(hidden: [6]))
    var parameters = item.parameters
    parameters[3] = 1e39
    let identity = Standardization.identity(columnCount: item.features)
    #expect(Float32Perceptron(item.model, parameters: parameters, standardization: identity) == nil)
    let affine = PerceptronCase(network: MultilayerPerceptron(hidden: []))
    #expect(
      Float32Perceptron(affine.model, parameters: affine.parameters, standardization: identity)
        == nil)
  }

  @Test func workIsThatOfHiddenLayers() {
    let model = MultilayerPerceptron(hidden: [256, 10], hasSkip: true)
      .model(featureCount: 784, classCount: 7)
    #expect(Float32Perceptron.work(of: model) == 784 * 256 + 256 * 10)
  }
}
