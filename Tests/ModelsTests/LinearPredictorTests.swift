import SurprisalLinearAlgebra
import SurprisalModels
import TestSupport
import Testing

@Suite struct LinearPredictorTests {
  /// A model, a matrix of features and parameters.
  struct Case {
    let model: LinearPredictor
    let matrix: BlockedMatrix
    let parameters: [Double]
    var numbers: TestNumbers

    init(rows: Int, hasIntercept: Bool, features: Int = 3, classes: Int = 4) {
      numbers = TestNumbers(seed: UInt64(rows))
      model = LinearPredictor(
        featureCount: features, classCount: classes, hasIntercept: hasIntercept)
      var rowValues: [[Double]] = []
      for _ in 0..<rows { rowValues.append(numbers.uniform(features, in: -1...1)) }
      matrix = BlockedMatrix(rows: rowValues, columnCount: features)
      parameters = numbers.uniform(model.parameterCount, in: -1...1)
    }

    /// `W x + b`, computed directly.
    func logit(_ parameters: [Double], row: Int, unit: Int) -> Double {
      (0..<model.featureCount).reduce(
        model.hasIntercept ? parameters[model.intercepts.lowerBound + unit] : 0
      ) { $0 + parameters[model.weight(class: unit, feature: $1)] * matrix[row, $1] }
    }

    var prepared: LinearPredictor.Prepared { model.prepare(parameters, for: matrix.storageKind) }

    /// The tile of a block, zero in its padding.
    func tile(block index: Int, _ value: (Int, Int) -> Double) -> Tile {
      let rows = matrix.block(index).rows
      var tile = Tile(unitCount: model.classCount, capacity: rows.count)
      for (example, row) in rows.enumerated() {
        for unit in 0..<model.classCount { tile[unit, example] = value(row, unit) }
      }
      return tile
    }
  }

  static let rowCounts = [1, 7, 8, 9, 192, 193, 400]

  @Test(arguments: rowCounts, [true, false])
  func logitsAreAffine(rows: Int, hasIntercept: Bool) {
    let item = Case(rows: rows, hasIntercept: hasIntercept)
    var workspace: Void = item.model.makeWorkspace()
    for index in 0..<item.matrix.blockCount {
      let block = item.matrix.block(index)
      var tile = Tile(unitCount: 4, capacity: block.rows.count)
      tile.fill(0..<4) { _ in 99 }
      item.model.computeLogits(
        of: block, at: item.prepared, into: &tile, using: &workspace)
      var pushed = tile
      item.model.pushForward(
        item.prepared, through: block, at: item.prepared, into: &pushed, using: &workspace)
      for (example, row) in block.rows.enumerated() {
        for unit in 0..<4 {
          let expected = item.logit(item.parameters, row: row, unit: unit)
          #expect((tile[unit, example] - expected).magnitude < 1e-14)
          // An affine map is its own Jacobian.
          #expect(pushed[unit, example] == tile[unit, example])
        }
      }
    }
  }

  /// ⟨Jv, s⟩ = ⟨v, Jᵀs⟩, and Jᵀs is added to the present values.
  @Test(arguments: rowCounts, [true, false])
  func pullBackIsTheAdjoint(rows: Int, hasIntercept: Bool) {
    var item = Case(rows: rows, hasIntercept: hasIntercept)
    let scores = (0..<rows).map { _ in item.numbers.uniform(4, in: -1...1) }
    let before = item.numbers.uniform(item.model.parameterCount, in: -1...1)
    var sum = item.model.makeGradientSum(for: .double)
    var workspace: Void = item.model.makeWorkspace()
    var expected = 0.0
    for index in 0..<item.matrix.blockCount {
      let tile = item.tile(block: index) { scores[$0][$1] }
      item.model.pullBack(
        tile, through: item.matrix.block(index), at: item.prepared, to: &sum, using: &workspace)
    }
    for row in 0..<rows {
      for unit in 0..<4 {
        expected += item.logit(item.parameters, row: row, unit: unit) * scores[row][unit]
      }
    }
    var gradient = before
    sum.add(0.5, to: &gradient)
    sum.add(0.5, to: &gradient)
    let added = zip(gradient, before).map { $0 - $1 }
    #expect((added.dot(item.parameters) - expected).magnitude < 1e-11)
  }

  /// A row's logits have the same bits alone and in any batch.
  @Test func aRowDoesNotDependOnItsPlace() {
    let item = Case(rows: 400, hasIntercept: true, features: 17)
    for row in [0, 6, 191, 192, 399] {
      let alone = item.matrix.selecting(rows: [row])
      var workspace: Void = item.model.makeWorkspace()
      var (single, batch) = (
        Tile(unitCount: 4, capacity: 1), Tile(unitCount: 4, capacity: BlockedMatrix.blockSize)
      )
      let index = row / BlockedMatrix.blockSize
      item.model.computeLogits(
        of: alone.block(0), at: item.prepared, into: &single, using: &workspace)
      item.model.computeLogits(
        of: item.matrix.block(index), at: item.prepared, into: &batch, using: &workspace)
      for unit in 0..<4 {
        #expect(single[unit, 0] == batch[unit, row - index * BlockedMatrix.blockSize])
      }
    }
  }

  @Test func countsItsParameters() {
    let model = SoftmaxRegression().model(featureCount: 5, classCount: 3)
    #expect(model.parameterCount == 18)
    #expect(model.weights == 0..<15)
    #expect(model.intercepts == 15..<18)
    #expect(model.weight(class: 2, feature: 4) == 14)
    let bare = SoftmaxRegression(hasIntercept: false).model(featureCount: 5, classCount: 3)
    #expect(bare.parameterCount == 15)
    #expect(bare.intercepts.isEmpty)
    #expect(SoftmaxRegression().name == "softmax")
  }

  @Test func withoutFeaturesOnlyInterceptsAreLeft() {
    let item = Case(rows: 9, hasIntercept: true, features: 0)
    var workspace: Void = item.model.makeWorkspace()
    var tile = Tile(unitCount: 4, capacity: 9)
    item.model.computeLogits(
      of: item.matrix.block(0), at: item.prepared, into: &tile, using: &workspace)
    for unit in 0..<4 { #expect(tile[unit, 8] == item.parameters[unit]) }
  }
}
