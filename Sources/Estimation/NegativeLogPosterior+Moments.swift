import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Second moments of the features, as preconditioners want them.
extension NegativeLogPosterior where M == AffineLogits {
  /// The Kronecker preconditioner at constant predictions `shares`: a matrix of the columns `head`,
  /// from the rows of `sample`; the diagonal of all columns, from all rows.
  func kroneckerPreconditioner(
    shares: [Double], head: [Int], sample: NegativeLogPosterior
  ) -> KroneckerPreconditioner? {
    let isWhole = head.count == model.featureCount
    let (gram, sampleMeans) = sample.gram(of: head)
    let means =
      isWhole || sampleMeans == nil ? sampleMeans : columnMeans(rowMasses)
    let penalty = priorCurvature(at: [Double](repeating: 0, count: dimension))
      .prefix(model.featureCount).map { $0 / penaltyWeight }
    return KroneckerPreconditioner(
      model: model,
      curvature: KroneckerPreconditioner.Curvature(
        head: head, gram: gram, diagonal: isWhole ? gram.diagonal : columnVariances(means),
        means: means),
      shares: shares, priorCurvature: Array(penalty))
  }

  /// XᵀX / W of some columns over the blocks of this objective, and the means of all columns where
  /// these are not zero; the matrix is about them.
  private func gram(of head: [Int]) -> (SymmetricMatrix, [Double]?) {
    let isWhole = head.count == model.featureCount
    let places = isWhole ? [] : places(of: head)
    let masses = rowMasses
    var gram = threads.reduce(tree, from: SymmetricMatrix(dimension: head.count)) {
      sum, indices in
      guard !head.isEmpty else { return }
      forEachBlock(blocks[indices], masses) { block, masses in
        if isWhole {
          block.addWeightedGram(masses, to: &sum.elements)
        } else {
          block.addWeightedGram(masses, places: places, to: &sum)
        }
      }
    }
    gram.elements.scale(by: 1 / totalWeight)
    let means = columnMeans(masses)
    if let means { gram.subtractSquare(of: head.map { means[$0] }) }
    return (gram, means)
  }

  /// The row of each column in the matrix of the head, -1 where it has none.
  private func places(of head: [Int]) -> [Int32] {
    var result = [Int32](repeating: -1, count: model.featureCount)
    for (place, column) in head.enumerated() { result[column] = Int32(clamping: place) }
    return result
  }

  /// The means of the columns over the blocks of this objective, where they are not zero: compressed
  /// rows are not centred.
  private func columnMeans(_ masses: [Double]) -> [Double]? {
    guard features.storageKind == .sparse, model.hasIntercept else { return nil }
    let zeros = [Double](repeating: 0, count: model.featureCount)
    return threads.reduce(tree, from: zeros) { sum, places in
      forEachBlock(blocks[places], masses) { $0.addWeightedSum($1, to: &sum) }
    }.map { $0 / totalWeight }
  }

  /// Mean squares of the columns over all rows, about `means`.
  private func columnVariances(_ means: [Double]?) -> [Double] {
    let masses = rowMasses
    let zeros = [Double](repeating: 0, count: model.featureCount)
    let squares = threads.reduce(tree, from: zeros) { sum, places in
      forEachBlock(blocks[places], masses) { $0.addWeightedSquares($1, to: &sum) }
    }
    return squares.enumerated().map { column, sum in
      let mean = means?[column] ?? 0
      return max(0, sum / totalWeight - mean * mean)
    }
  }

  /// Blocks with the masses of their rows.
  private func forEachBlock(
    _ blocks: ArraySlice<Int>, _ masses: [Double],
    _ body: (RowBlock, UnsafePointer<Double>) -> Void
  ) {
    masses.withUnsafeBufferPointer { masses in
      guard let base = masses.baseAddress else { return }
      for index in blocks { body(features.block(index), base + index * BlockedMatrix.blockSize) }
    }
  }

  /// wᵢ tᵢ, padded with zeros.
  var rowMasses: [Double] {
    var result = weights
    let (likelihood, observations) = (likelihood, observations)
    for row in 0..<features.rowCount {
      result[row] *= likelihood.multiplicity(of: observations, row: row)
    }
    return result
  }
}

extension SymmetricMatrix {
  /// Subtracts v vᵀ.
  fileprivate mutating func subtractSquare(of vector: [Double]) {
    for row in 0..<dimension {
      for column in 0...row { self[row, column] -= vector[row] * vector[column] }
    }
  }
}
