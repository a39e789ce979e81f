import SurprisalLinearAlgebra
import SurprisalModels
import TestSupport
import Testing

/// A network with features and parameters.
struct PerceptronCase: Sendable, CustomTestStringConvertible {
  var network: MultilayerPerceptron
  var rows = 21
  var features = 5
  var classes = 3
  var storage = MatrixStorage.double

  var testDescription: String {
    "\(network.hidden) \(network.activation) norm \(network.normalizesLayers) "
      + "dropout \(network.dropout) skip \(network.hasSkip) \(storage) N \(rows) D \(features)"
  }

  /// Every option of a layer, and every storage of features.
  static let all: [PerceptronCase] =
    [
      PerceptronCase(network: MultilayerPerceptron(hidden: [])),
      PerceptronCase(
        network: MultilayerPerceptron(hidden: [9, 6], hasSkip: true), storage: .sparse),
      PerceptronCase(network: MultilayerPerceptron(hidden: [], hasSkip: true), features: 8),
      PerceptronCase(network: MultilayerPerceptron(hidden: [7, 3, 4], normalizesLayers: true)),
      PerceptronCase(
        network: MultilayerPerceptron(
          hidden: [40, 20], activation: .gelu, normalizesLayers: true, hasSkip: true),
        rows: 200, features: 16, storage: .single),
    ]
    + Activation.allCases.flatMap { activation in
      [false, true].map { isOn in
        PerceptronCase(
          network: MultilayerPerceptron(
            hidden: [6, 4], activation: activation, normalizesLayers: isOn, hasSkip: isOn))
      }
    }

  var model: PerceptronLogits { network.model(featureCount: features, classCount: classes) }

  var matrix: BlockedMatrix {
    var numbers = TestNumbers(seed: UInt64(rows))
    var values: [[Double]] = []
    for _ in 0..<rows {
      values.append(
        numbers.uniform(features, in: -1...1).map { storage == .sparse && $0 < 0 ? 0 : $0 })
    }
    return BlockedMatrix(rows: values, columnCount: features).stored(as: storage)
  }

  /// Parameters at which no unit is at a kink of its activation.
  var parameters: [Double] {
    var numbers = TestNumbers(seed: 5)
    return numbers.uniform(model.parameterCount, in: -0.7...0.9)
  }

  /// The logits of all rows, row by row.
  func logits(_ parameters: [Double]) -> [Double] {
    let (model, matrix) = (model, matrix)
    let prepared = model.prepare(parameters, for: storage)
    var workspace = model.makeWorkspace()
    var result: [Double] = []
    for index in 0..<matrix.blockCount {
      let block = matrix.block(index)
      var tile = Tile(unitCount: classes, capacity: block.rows.count)
      model.computeLogits(of: block, at: prepared, into: &tile, using: &workspace)
      for example in 0..<block.rows.count { result += (0..<classes).map { tile[$0, example] } }
    }
    return result
  }

  /// Arbitrary scores, row by row, and the tile of a block of them.
  var scores: [Double] {
    var numbers = TestNumbers(seed: 9)
    return numbers.uniform(rows * classes, in: -1...1)
  }

  func tile(_ values: [Double], of rows: [Int]) -> Tile {
    var tile = Tile(unitCount: classes, capacity: rows.count)
    for (example, row) in rows.enumerated() {
      for unit in 0..<classes { tile[unit, example] = values[row * classes + unit] }
    }
    return tile
  }

  /// Jᵀ s over all rows, block by block.
  func pullBack(_ parameters: [Double]) -> [Double] {
    let (model, matrix) = (model, matrix)
    let prepared = model.prepare(parameters, for: storage)
    var sum = model.makeGradientSum(for: storage)
    var workspace = model.makeWorkspace()
    for index in 0..<matrix.blockCount {
      let block = matrix.block(index)
      var tile = Tile(unitCount: classes, capacity: block.rows.count)
      model.computeLogits(of: block, at: prepared, into: &tile, using: &workspace)
      let scores = self.tile(scores, of: Array(block.rows))
      model.pullBack(scores, through: block, at: prepared, to: &sum, using: &workspace)
    }
    var gradient = [Double](repeating: 0, count: model.parameterCount)
    sum.add(1, to: &gradient)
    return gradient
  }

  /// The logits of a batch of all rows and Jᵀ s, as training computes them.
  func batch(
    _ parameters: [Double], threads: Int, dropout: Dropout? = nil, step: Int = 0
  ) -> (logits: [Double], gradient: [Double]) {
    let (model, matrix) = (model, matrix)
    let source = ExampleRows(matrix, threads: ThreadCount(threads))
    var batch = PerceptronBatch(model: model, source: source, threads: ThreadCount(threads))
    var gradient = [Double](repeating: 0, count: model.parameterCount)
    var logits: [Double] = []
    for first in stride(from: 0, to: rows, by: BlockedMatrix.blockSize) {
      let indices = Array(first..<min(first + BlockedMatrix.blockSize, rows))
      var tile = Tile(unitCount: classes, capacity: indices.count)
      batch.addGradient(
        of: indices, from: source, parameters: parameters, dropout: dropout, step: step,
        tile: &tile, to: &gradient
      ) { tile in
        for example in indices.indices { logits += (0..<classes).map { tile[$0, example] } }
        tile = self.tile(scores, of: indices)
      }
    }
    return (logits, gradient)
  }
}
