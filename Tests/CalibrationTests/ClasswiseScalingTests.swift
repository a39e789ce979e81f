import SurprisalLinearAlgebra
import SurprisalModels
import TestSupport
import Testing

@testable import SurprisalCalibration

/// Tests of every class-wise scaling; a new one is added by one line in `all`.
@Suite struct ClasswiseScalingTests {
  static let classCount = 4
  static let all: [any ClasswiseScaling] = [
    TemperatureScaling(classCount: classCount), VectorScaling(classCount: classCount),
  ]
  static let rowCounts = [1, 7, 8, 9, 192, 193, 400]

  /// A matrix of scores with the values for its tests.
  struct Case {
    let scores: BlockedMatrix
    var numbers: TestNumbers

    init(rows: Int) {
      var numbers = TestNumbers(seed: UInt64(rows))
      let values = (0..<rows).map { _ in
        numbers.uniform(ClasswiseScalingTests.classCount, in: -3...1)
      }
      scores = BlockedMatrix(rows: values, columnCount: ClasswiseScalingTests.classCount)
      self.numbers = numbers
    }

    /// All logits, row by row.
    func logits<M: ClasswiseScaling>(_ model: M, _ parameters: [Double]) -> [Double] {
      let prepared = model.prepare(parameters, for: scores.storageKind)
      return tiles { block, tile in
        var workspace: Void = model.makeWorkspace()
        model.computeLogits(of: block, at: prepared, into: &tile, using: &workspace)
      }
    }

    /// The content of a tile that held other numbers before `fill`.
    func tiles(_ fill: (RowBlock, inout Tile) -> Void) -> [Double] {
      (0..<scores.blockCount).flatMap { index -> [Double] in
        let block = scores.block(index)
        var tile = Tile(unitCount: scores.columnCount, capacity: BlockedMatrix.blockSize)
        tile.fill(0..<scores.columnCount) { _ in 99 }
        fill(block, &tile)
        return block.rows.indices.flatMap { row in
          (0..<scores.columnCount).map { tile[$0, row - block.rows.lowerBound] }
        }
      }
    }

    /// The tile of a block, zero in its padding.
    func tile(block index: Int, of values: [[Double]]) -> Tile {
      let rows = scores.block(index).rows
      var tile = Tile(unitCount: scores.columnCount, capacity: rows.count)
      for (example, row) in rows.enumerated() {
        for unit in 0..<scores.columnCount { tile[unit, example] = values[row][unit] }
      }
      return tile
    }
  }

  @Test(arguments: rowCounts) func temperatureMultiplies(rows: Int) {
    let item = Case(rows: rows)
    let found = item.logits(TemperatureScaling(classCount: Self.classCount), [0.7])
    for row in 0..<rows {
      for unit in 0..<Self.classCount {
        #expect(found[row * Self.classCount + unit] == 0.7 * item.scores[row, unit])
      }
    }
  }

  @Test(arguments: rowCounts) func vectorHasASlopeAndAnInterceptAClass(rows: Int) {
    var item = Case(rows: rows)
    let parameters = item.numbers.uniform(2 * Self.classCount, in: -1...2)
    let found = item.logits(VectorScaling(classCount: Self.classCount), parameters)
    for row in 0..<rows {
      for unit in 0..<Self.classCount {
        let expected =
          parameters[Self.classCount + unit] + parameters[unit] * item.scores[row, unit]
        #expect((found[row * Self.classCount + unit] - expected).magnitude < 1e-14)
      }
    }
  }

  @Test(arguments: all) func pushForwardIsTheDerivative(model: any ClasswiseScaling) {
    func check<M: ClasswiseScaling>(_ model: M) {
      var item = Case(rows: 193)
      let point = item.numbers.uniform(model.parameterCount, in: 0.5...1.5)
      let direction = item.numbers.uniform(model.parameterCount, in: -1...1)
      let expected = FiniteDifferences.derivative { (step: Double) in
        item.logits(model, zip(point, direction).map { $0 + step * $1 })
      }
      let found = item.tiles { block, tile in
        var workspace: Void = model.makeWorkspace()
        model.pushForward(
          model.prepare(direction, for: .double), through: block,
          at: model.prepare(point, for: .double), into: &tile, using: &workspace)
      }
      #expect(vectorDistance(found, expected) < 1e-11)
    }
    check(model)
  }

  /// ⟨Jv, s⟩ = ⟨v, Jᵀs⟩; Jᵀs is added to the present sum, and the row-wise values sum to it.
  @Test(arguments: all, rowCounts) func pullBackIsTheAdjoint(
    model: any ClasswiseScaling, rows: Int
  ) {
    func check<M: ClasswiseScaling>(_ model: M) {
      var item = Case(rows: rows)
      let direction = item.numbers.uniform(model.parameterCount, in: -1...1)
      let scores = (0..<rows).map { _ in item.numbers.uniform(Self.classCount, in: -1...1) }
      let moved = item.logits(model, direction)
      var sum = model.makeGradientSum(for: .double)
      var byRow = [Double](repeating: 0, count: model.parameterCount)
      var workspace: Void = model.makeWorkspace()
      for index in 0..<item.scores.blockCount {
        let block = item.scores.block(index)
        let tile = item.tile(block: index, of: scores)
        model.pullBack(
          tile, through: block, at: model.prepare(direction, for: .double), to: &sum,
          using: &workspace)
        var rows = Tile(unitCount: model.parameterCount, capacity: BlockedMatrix.blockSize)
        rows.fill(0..<model.parameterCount) { _ in 7 }
        model.pullBackRows(tile, through: block, into: &rows)
        for index in byRow.indices {
          for example in 0..<block.rows.count { byRow[index] += rows[index, example] }
        }
      }
      var gradient = [Double](repeating: 1, count: model.parameterCount)
      sum.add(2, to: &gradient)
      gradient = gradient.map { ($0 - 1) / 2 }
      #expect((gradient.dot(direction) - moved.dot(scores.flatMap { $0 })).magnitude < 1e-11)
      #expect(vectorDistance(byRow, gradient, floor: 1) < 1e-11)
    }
    check(model)
  }

  /// Along the null space no probability changes if the scores of a row sum to zero.
  @Test(arguments: [2, 3, 5]) func nullSpaceChangesNothing(classes: Int) {
    var numbers = TestNumbers(seed: 3)
    let model = VectorScaling(classCount: classes)
    #expect(model.nullSpace.count == (classes == 2 ? 2 : 1))
    let rows = (0..<9).map { _ -> [Double] in
      let row = numbers.uniform(classes, in: -1...1)
      return row.map { $0 - row.reduce(0, +) / Double(classes) }
    }
    let scores = BlockedMatrix(rows: rows, columnCount: classes)
    for direction in model.nullSpace {
      #expect((direction.dot(direction) - 1).magnitude < 1e-15)
      var tile = Tile(unitCount: classes, capacity: 9)
      var workspace: Void = model.makeWorkspace()
      model.computeLogits(of: scores.block(0), at: direction, into: &tile, using: &workspace)
      for example in 0..<9 {
        for unit in 1..<classes {
          #expect((tile[unit, example] - tile[0, example]).magnitude < 1e-15)
        }
      }
    }
  }

  @Test func countsItsParameters() {
    #expect(TemperatureScaling(classCount: 3).parameterCount == 1)
    #expect(VectorScaling(classCount: 3).parameterCount == 6)
    #expect(VectorScaling(classCount: 3).weights == 0..<3)
    for model in Self.all { #expect(model.featureCount == model.classCount) }
  }
}
