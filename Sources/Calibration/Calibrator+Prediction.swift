import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension Calibrator {
  /// Calibrated probabilities, N x C, from the logarithms of predicted ones.
  ///
  /// A row has the same bits alone or in any batch. Throws `DatasetError` unless the map applies to
  /// C classes. Complexity: O(N C), O(N C²) for a matrix.
  public func probabilities(
    from logProbabilities: BlockedMatrix, threads: any Reducer = .one
  ) throws(DatasetError) -> ClassProbabilities {
    ClassProbabilities(
      trusting: try map(logProbabilities, threads) { tile, classes, examples in
        if case .isotonic = self { return }
        Categorical().predictMean(classCount: classes, examples: examples, tile: &tile)
      })
  }

  /// The logarithms of the calibrated probabilities; -infinity if isotonic regression gives zero.
  ///
  /// Throws as `probabilities(from:threads:)`.
  public func logProbabilities(
    from logProbabilities: BlockedMatrix, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try map(logProbabilities, threads) { tile, classes, examples in
      if case .isotonic = self {
        tile.replaceByLogarithm(units: classes, examples: examples)
      } else {
        tile.replaceByLogMean(under: Categorical(), classCount: classes, examples: examples)
      }
    }
  }

  /// The calibrated logits; for isotonic regression the logarithms of the probabilities.
  ///
  /// Throws as `probabilities(from:threads:)`.
  public func logits(
    from logProbabilities: BlockedMatrix, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try map(logProbabilities, threads) { tile, classes, examples in
      guard case .isotonic = self else { return }
      tile.replaceByLogarithm(units: classes, examples: examples)
    }
  }

  /// The scores that a scaling uses.
  package static func scores(
    _ method: CalibrationMethod, of logProbabilities: BlockedMatrix
  ) -> BlockedMatrix {
    let lifted = logProbabilities.replacingMinusInfinity(by: smallestLogarithm)
    switch method {
    case .vector, .matrix: return lifted.centringRows()
    case .temperature, .dirichlet, .isotonic: return lifted
    }
  }

  /// log of the smallest positive double.
  private static var smallestLogarithm: Double { Double.log(.leastNonzeroMagnitude) }

  /// Computes the logits of scalings or the probabilities of isotonic regression, and applies
  /// `finish` to them.
  private func map(
    _ logs: BlockedMatrix, _ threads: any Reducer,
    _ finish: @Sendable (inout Tile, Int, Int) -> Void
  ) throws(DatasetError) -> BlockedMatrix {
    try require(classCount: logs.columnCount)
    let classes = logs.columnCount
    let scores = Self.scores(method, of: logs)
    switch self {
    case .temperature(let slope):
      return Self.apply(
        TemperatureScaling(classCount: classes), [slope], scores, threads, finish)
    case .vector(let slopes, let intercepts):
      return Self.apply(
        VectorScaling(classCount: classes), slopes + intercepts, scores, threads, finish)
    case .matrix(let map), .dirichlet(let map):
      return Self.apply(
        LinearPredictor(featureCount: classes, classCount: classes, hasIntercept: true),
        map.weights.flatMap { $0 } + map.intercepts, scores, threads, finish)
    case .isotonic(let functions):
      return Self.pool(functions, scores, threads, finish)
    }
  }

  private static func apply<M: Model>(
    _ model: M, _ parameters: [Double], _ scores: BlockedMatrix, _ threads: any Reducer,
    _ finish: @Sendable (inout Tile, Int, Int) -> Void
  ) -> BlockedMatrix {
    let prepared = model.prepare(parameters, for: scores.storageKind)
    let tiles = threads.map(count: scores.blockCount) { index in
      let block = scores.block(index)
      var tile = Tile(unitCount: model.classCount, capacity: block.rows.count)
      var workspace = model.makeWorkspace()
      model.computeLogits(of: block, at: prepared, into: &tile, using: &workspace)
      finish(&tile, model.classCount, block.rows.count)
      return tile
    }
    return BlockedMatrix(tiles: tiles, units: model.classCount, rowCount: scores.rowCount)
  }

  private static func pool(
    _ functions: [IsotonicFunction], _ logs: BlockedMatrix, _ threads: any Reducer,
    _ finish: @Sendable (inout Tile, Int, Int) -> Void
  ) -> BlockedMatrix {
    let classes = functions.count
    let tiles = threads.map(count: logs.blockCount) { index in
      let block = logs.block(index)
      var tile = Tile(unitCount: classes, capacity: block.rows.count)
      for (example, row) in block.rows.enumerated() {
        let before = (0..<classes).map { Double.exp(logs[row, $0]) }
        let after = zip(functions, before).map { $0($1) }
        let total = after.reduce(0, +)
        for unit in 0..<classes {
          tile[unit, example] = total > 0 ? after[unit] / total : before[unit]
        }
      }
      finish(&tile, classes, block.rows.count)
      return tile
    }
    return BlockedMatrix(tiles: tiles, units: classes, rowCount: logs.rowCount)
  }
}

extension Tile {
  fileprivate mutating func replaceByLogarithm(units: Int, examples: Int) {
    for unit in 0..<units {
      for example in 0..<examples { self[unit, example] = Double.log(self[unit, example]) }
    }
  }
}

extension BlockedMatrix {
  fileprivate func replacingMinusInfinity(by floor: Double) -> BlockedMatrix {
    var result = self
    for column in 0..<columnCount {
      result.updateColumn(column) { segment, _ in
        for index in segment.indices { segment[index] = Swift.max(segment[index], floor) }
      }
    }
    return result
  }

  /// Each row minus its mean, which is summed in the order of the columns.
  fileprivate func centringRows() -> BlockedMatrix {
    var sums = [Double](repeating: 0, count: rowCount)
    for column in 0..<columnCount {
      forEachSegment(ofColumn: column) { segment, rows in
        for (offset, row) in rows.enumerated() { sums[row] += segment[offset] }
      }
    }
    let share = 1 / Double(columnCount)
    var result = self
    for column in 0..<columnCount {
      result.updateColumn(column) { segment, rows in
        for (offset, row) in rows.enumerated() { segment[offset] -= sums[row] * share }
      }
    }
    return result
  }
}

extension ClassProbabilities {
  /// The logarithms of the probabilities, N x C; -infinity for zero.
  public var logarithms: BlockedMatrix {
    var result = BlockedMatrix(rowCount: rowCount, columnCount: classCount)
    for column in 0..<classCount {
      result.setColumn(column, to: values.column(column).map { Double.log($0) })
    }
    return result
  }
}
