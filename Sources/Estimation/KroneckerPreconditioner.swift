import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The inverse of (diag p) ⊗ XᵀX / W + prior: the curvature at constant predictions p.
///
/// At logits that do not depend on the features the curvature of the cross entropy is
/// (diag p - p pᵀ) ⊗ XᵀX / W. On gradients, which sum to zero over the classes, diag p and
/// diag p - p pᵀ have the same inverse up to a shift; so each class is solved by itself and the
/// mean over classes is taken out. Classes of similar p share one factor.
/// Features that are not centred mix with the intercept: with `means` m of the columns the gram
/// matrix is about these, and the inverse has the factor [1 0; -mᵀ 1] on either side.
/// Memory: D² for each group of classes. Complexity: O(C D²) a product.
struct KroneckerPreconditioner: Preconditioner {
  /// Classes whose p differ by no more than this factor share a Cholesky factor.
  private static let similarity = 1.5

  private let model: AffineLogits
  private let factors: [Cholesky]
  /// The factor of each class.
  private let factorIndices: [Int]
  /// What a class multiplies the solution of its factor by.
  private let shares: [Double]
  /// The means of columns that are not centred, where there is an intercept.
  private let means: [Double]?

  var estimatesDecrement: Bool { false }

  /// `gram` is XᵀX / W; `priorCurvature` the second derivatives of the penalty divided by W, for
  /// the weights of one class; `gram` is about `means` where these are given. nil if the matrix cannot be factorised.
  init?(
    model: AffineLogits, gram: SymmetricMatrix, shares: [Double], priorCurvature: [Double],
    means: [Double]? = nil
  ) {
    self.model = model
    self.shares = shares
    self.means = means
    var representatives: [Double] = []
    var indices = [Int](repeating: 0, count: shares.count)
    for unit in shares.indices.sorted(by: { shares[$0] > shares[$1] }) {
      if representatives.last.map({ $0 > shares[unit] * Self.similarity }) ?? true {
        representatives.append(shares[unit])
      }
      indices[unit] = representatives.count - 1
    }
    factorIndices = indices
    var factors: [Cholesky] = []
    let ridge = 1e-10 * gram.diagonal.infinityNorm
    for share in representatives {
      var matrix = gram
      for index in 0..<gram.dimension {
        matrix[index, index] += priorCurvature[index] / share + ridge
      }
      guard let factor = Cholesky(matrix) else { return nil }
      factors.append(factor)
    }
    self.factors = factors
  }

  func multiply(_ vector: [Double]) -> [Double] {
    var result = vector
    let features = model.featureCount
    for unit in 0..<model.classCount where features > 0 {
      let range =
        model.weight(class: unit, feature: 0)..<model.weight(class: unit, feature: 0) + features
      var side = Array(vector[range])
      if let means { side.add(-vector[model.intercepts.lowerBound + unit], times: means) }
      let solution = factors[factorIndices[unit]].solve(side)
      for (offset, index) in range.enumerated() { result[index] = solution[offset] / shares[unit] }
      if model.hasIntercept { result[model.intercepts.lowerBound + unit] /= shares[unit] }
      if let means {
        result[model.intercepts.lowerBound + unit] -= means.dot(solution) / shares[unit]
      }
    }
    removeMeans(&result)
    return result
  }

  /// The mean over the classes is a shift of all logits: no direction of descent.
  private func removeMeans(_ vector: inout [Double]) {
    let classes = model.classCount
    for feature in 0..<model.featureCount {
      var sum = 0.0
      for unit in 0..<classes { sum += vector[model.weight(class: unit, feature: feature)] }
      for unit in 0..<classes {
        vector[model.weight(class: unit, feature: feature)] -= sum / Double(classes)
      }
    }
    guard model.hasIntercept else { return }
    let mean = vector[model.intercepts].reduce(0, +) / Double(classes)
    for index in model.intercepts { vector[index] -= mean }
  }
}

/// The inverse of a curvature matrix that was written out, on a sample of the rows or on all.
struct ExactPreconditioner: Preconditioner {
  private let factor: Cholesky

  var estimatesDecrement: Bool { true }

  /// nil if the matrix cannot be factorised.
  init?(_ curvature: SymmetricMatrix) {
    guard let factor = Cholesky(curvature) else { return nil }
    self.factor = factor
  }

  func multiply(_ vector: [Double]) -> [Double] { factor.solve(vector) }
}

extension NegativeLogPosterior where M == AffineLogits {
  /// The Kronecker preconditioner from the blocks of this objective, at constant predictions
  /// `shares`.
  func kroneckerPreconditioner(shares: [Double]) -> KroneckerPreconditioner? {
    let size = model.featureCount * model.featureCount
    let masses = rowMasses
    let groups = BlockGroups(blockCount: blocks.count, sumSize: size)
    let parts = threads.map(count: groups.count) { group in
      var sum = [Double](repeating: 0, count: size)
      masses.withUnsafeBufferPointer { masses in
        guard let base = masses.baseAddress else { return }
        for position in groups.blocks(of: group) {
          let index = blocks[position]
          features.block(index).addWeightedGram(base + index * BlockedMatrix.blockSize, to: &sum)
        }
      }
      return sum
    }
    var gram = SymmetricMatrix(dimension: model.featureCount)
    for part in parts { gram.elements.add(1 / totalWeight, times: part) }
    let means = columnMeans(masses)
    if let means { gram.subtractSquare(of: means) }
    let penalty = priorCurvature(at: [Double](repeating: 0, count: dimension))
      .prefix(model.featureCount).map { $0 / penaltyWeight }
    return KroneckerPreconditioner(
      model: model, gram: gram, shares: shares, priorCurvature: Array(penalty), means: means)
  }

  /// The means of the columns over the blocks of this objective, where they are not zero: compressed
  /// rows are not centred.
  private func columnMeans(_ masses: [Double]) -> [Double]? {
    guard features.storageKind == .sparse, model.hasIntercept else { return nil }
    var result = [Double](repeating: 0, count: model.featureCount)
    masses.withUnsafeBufferPointer { masses in
      guard let base = masses.baseAddress else { return }
      for index in blocks {
        features.block(index).addWeightedSum(
          base + index * BlockedMatrix.blockSize, to: &result)
      }
    }
    return result.map { $0 / totalWeight }
  }

  /// wᵢ tᵢ, padded with zeros.
  private var rowMasses: [Double] {
    var result = weights
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
