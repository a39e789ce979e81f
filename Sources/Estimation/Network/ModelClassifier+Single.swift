import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels

extension ModelClassifier where M == PerceptronLogits {
  /// The network in single precision; nil if it cannot be represented.
  func inSinglePrecision() -> Float32Perceptron? {
    Float32Perceptron(model, parameters: parameters, standardization: standardization)
  }

  /// Predicts with hidden layers in single precision if the network has such a form. Features are
  /// standardised block by block, without a copy of the matrix.
  func predict(
    _ form: PredictionForm, from matrix: BlockedMatrix, offsets: BlockedMatrix?,
    threads: any Reducer, in single: Float32Perceptron?
  ) throws(DatasetError) -> BlockedMatrix {
    guard let single, matrix.storageKind != .sparse else {
      return try predict(form, from: matrix, offsets: offsets, threads: threads)
    }
    try require(matrix, offsets)
    let tiles = threads.map(count: matrix.blockCount) { index in
      let block = matrix.block(index)
      var tile = makeTile(for: block)
      let places = single.computeLogits(of: block, into: &tile)
      replaceLogits(at: places, of: block, in: matrix, tile: &tile)
      finish(&tile, form, offsets, block: index, examples: block.rows.count)
      return tile
    }
    return BlockedMatrix(tiles: tiles, units: classNames.count, rowCount: matrix.rowCount)
  }

  /// Replaces the logits of some rows of a block by those in double precision, with the bits of
  /// `predict`.
  private func replaceLogits(
    at places: [Int], of block: RowBlock, in matrix: BlockedMatrix, tile: inout Tile
  ) {
    if places.isEmpty { return }
    var rows = matrix.selecting(rows: places.map { block.rows.lowerBound + $0 })
    standardization.apply(to: &rows)
    var exact = Tile(unitCount: classNames.count, capacity: places.count)
    var workspace = model.makeWorkspace()
    model.computeLogits(
      of: rows.block(0), at: model.prepare(parameters, for: rows.storageKind), into: &exact,
      using: &workspace)
    for unit in classNames.indices {
      for (index, place) in places.enumerated() { tile[unit, place] = exact[unit, index] }
    }
  }
}
