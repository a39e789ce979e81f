import RealModule
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The inverse of (diag p) ⊗ XᵀX / W + prior: the curvature at constant predictions p.
///
/// At logits that do not depend on the features the curvature of the cross entropy is (diag p - p
/// pᵀ) ⊗ XᵀX / W. On gradients, which sum to zero over the classes, diag p and diag p - p pᵀ have
/// the same inverse up to a shift; so each class is solved separately and the mean over classes is
/// subtracted. Classes of similar p share one factor.
///
/// If there are too many columns for a D x D matrix, a matrix is formed only of the commonest, the
/// `head`; the others, which have few rows in common, use the diagonal. Features that are not
/// centred are coupled to the intercept: the Gram matrix is then taken about the means m of the
/// columns (`means`), and the inverse has the factor [1 0; -mᵀ 1] on either side. Memory: the
/// square of the head for each group of classes. Complexity: O(C (head² + D)) per product.
struct KroneckerPreconditioner: Preconditioner {
  /// Classes whose p differ by no more than this factor share a Cholesky factor.
  private static let similarity = 1.5
  /// The same if the prior is weak: p then hardly changes the ratio of features and prior.
  private static let similarityUnderWeakPrior = 4.0
  /// The most Cholesky factors: each takes as much memory as the matrix of the head.
  static let mostFactors = 16
  /// The largest fraction of a diagonal due to a prior that counts as weak.
  private static let weakPrior = 1e-2

  /// The parts of the curvature of one class, at p = 1.
  struct Curvature {
    /// The columns that have a matrix, ascending.
    var head: [Int]
    /// XᵀX / W of the head, about the means.
    var gram: SymmetricMatrix
    /// The diagonal of XᵀX / W of all columns, about the means.
    var diagonal: [Double]
    /// The means of columns that are not centred, if there is an intercept.
    var means: [Double]?
  }

  /// Classes that share a factor.
  private struct Group {
    var classes: [Int]
    let factor: Cholesky
  }

  private let model: LinearPredictor
  private let head: [Int]
  private let means: [Double]?
  private let groups: [Group]
  /// The factor of each class for the solution of its group.
  private let shares: [Double]
  /// The diagonal at p = 1, and the contribution of the prior.
  private let diagonal: [Double]
  private let priorCurvature: [Double]

  var estimatesDecrement: Bool { false }

  /// `priorCurvature` holds the second derivatives of the penalty divided by W, for the weights of
  /// one class. nil if a matrix cannot be factorised.
  init?(
    model: LinearPredictor, curvature: Curvature, shares: [Double], priorCurvature: [Double]
  ) {
    self.model = model
    self.shares = shares
    self.priorCurvature = priorCurvature
    head = curvature.head
    means = curvature.means
    diagonal = curvature.diagonal
    let gram = curvature.gram
    let ridge = 1e-10 * gram.diagonal.infinityNorm
    let similarity = max(
      Self.isWeak(priorCurvature, beside: curvature, shares)
        ? Self.similarityUnderWeakPrior : Self.similarity,
      Self.similarity(ofFew: shares))
    var groups: [Group] = []
    var largest = Double.infinity
    for unit in shares.indices.sorted(by: { shares[$0] > shares[$1] }) {
      if largest <= shares[unit] * similarity, !groups.isEmpty {
        groups[groups.count - 1].classes.append(unit)
        continue
      }
      largest = shares[unit]
      var matrix = gram
      for (place, column) in head.enumerated() {
        matrix[place, place] += priorCurvature[column] / largest + ridge
      }
      guard let factor = Cholesky(matrix) else { return nil }
      groups.append(Group(classes: [unit], factor: factor))
    }
    self.groups = groups
  }

  /// The smallest similarity that gives at most `mostFactors` groups of classes.
  private static func similarity(ofFew shares: [Double]) -> Double {
    guard let largest = shares.max(), let smallest = shares.min(), smallest > 0 else { return 1 }
    return .pow(largest / smallest, 1 / Double(mostFactors))
  }

  private static func isWeak(
    _ prior: [Double], beside curvature: Curvature, _ shares: [Double]
  ) -> Bool {
    guard let smallest = shares.min() else { return true }
    return curvature.head.enumerated().allSatisfy { place, column in
      prior[column] <= weakPrior * smallest * curvature.gram[place, place]
    }
  }

  func multiply(_ vector: [Double]) -> [Double] {
    var result = vector
    if let means { shiftSides(&result, by: means) }
    let sides = result
    if head.count < model.featureCount { solveDiagonal(&result) }
    for group in groups where !head.isEmpty { solve(group, sides, into: &result) }
    if model.hasIntercept {
      for unit in 0..<model.classCount {
        result[model.intercepts.lowerBound + unit] /= shares[unit]
      }
    }
    if let means { shiftIntercepts(&result, by: means) }
    removeMeans(&result)
    return result
  }

  private func weights(of unit: Int) -> Range<Int> {
    let first = model.weight(class: unit, feature: 0)
    return first..<first + model.featureCount
  }

  /// Subtracts from each side the means times the side of the intercept.
  private func shiftSides(_ vector: inout [Double], by means: [Double]) {
    for unit in 0..<model.classCount {
      let first = model.weight(class: unit, feature: 0)
      let side = vector[model.intercepts.lowerBound + unit]
      for (column, mean) in means.enumerated() { vector[first + column] -= mean * side }
    }
  }

  private func shiftIntercepts(_ vector: inout [Double], by means: [Double]) {
    for unit in 0..<model.classCount {
      vector[model.intercepts.lowerBound + unit] -= means.dot(Array(vector[weights(of: unit)]))
    }
  }

  /// Solves all columns with the diagonal; those of the head are replaced afterwards.
  private func solveDiagonal(_ vector: inout [Double]) {
    let floor = 1e-10 * diagonal.infinityNorm
    for unit in 0..<model.classCount {
      let first = model.weight(class: unit, feature: 0)
      let share = shares[unit]
      for column in diagonal.indices {
        vector[first + column] /= share * max(diagonal[column], floor) + priorCurvature[column]
      }
    }
  }

  /// Solves the head of all classes of one group together, so that the factor is read once.
  private func solve(_ group: Group, _ sides: [Double], into result: inout [Double]) {
    let width = Tile.padded(group.classes.count)
    var columns = [Double](repeating: 0, count: head.count * width)
    for (place, unit) in group.classes.enumerated() {
      let first = model.weight(class: unit, feature: 0)
      for (row, column) in head.enumerated() {
        columns[row * width + place] = sides[first + column]
      }
    }
    group.factor.solve(&columns, count: width)
    for (place, unit) in group.classes.enumerated() {
      let first = model.weight(class: unit, feature: 0)
      for (row, column) in head.enumerated() {
        result[first + column] = columns[row * width + place] / shares[unit]
      }
    }
  }

  /// Removes the mean over the classes, which is a shift of all logits and not a direction of
  /// descent.
  private func removeMeans(_ vector: inout [Double]) {
    let classes = model.classCount
    var sums = [Double](repeating: 0, count: model.featureCount)
    for unit in 0..<classes { sums.add(1, times: Array(vector[weights(of: unit)])) }
    sums.scale(by: 1 / Double(classes))
    for unit in 0..<classes {
      let first = model.weight(class: unit, feature: 0)
      for (column, mean) in sums.enumerated() { vector[first + column] -= mean }
    }
    guard model.hasIntercept else { return }
    let mean = vector[model.intercepts].reduce(0, +) / Double(classes)
    for index in model.intercepts { vector[index] -= mean }
  }
}

extension KroneckerPreconditioner {
  /// The preconditioner of an objective at constant predictions `shares`: a matrix of the columns
  /// `head`, from the rows of `sample`; the diagonal of all columns, from all rows. nil if a matrix
  /// cannot be factorised.
  init?<L: Likelihood, P: Prior>(
    of objective: AffineObjective<L, P>, shares: [Double], head: [Int],
    sample: AffineObjective<L, P>
  ) {
    let model = objective.model
    let isWhole = head.count == model.featureCount
    let all = FeatureMoments(objective: objective)
    let (gram, sampleMeans) = FeatureMoments(objective: sample).gram(of: head)
    let means =
      isWhole || sampleMeans == nil ? sampleMeans : all.columnMeans(objective.observationWeights)
    let penalty = objective.priorCurvature(
      at: [Double](repeating: 0, count: objective.dimension)
    ).prefix(model.featureCount).map { $0 / objective.penaltyWeight }
    self.init(
      model: model,
      curvature: Curvature(
        head: head, gram: gram, diagonal: isWhole ? gram.diagonal : all.columnVariances(means),
        means: means),
      shares: shares, priorCurvature: Array(penalty))
  }
}

/// Second moments of the features of an objective.
private struct FeatureMoments<L: Likelihood, P: Prior> {
  let objective: AffineObjective<L, P>

  /// XᵀX / W of some columns over the blocks of the objective, and the means of all columns if they
  /// are not zero; the matrix is taken about them.
  func gram(of head: [Int]) -> (SymmetricMatrix, [Double]?) {
    let isWhole = head.count == objective.model.featureCount
    let places = isWhole ? [] : places(of: head)
    let weights = objective.observationWeights
    var gram = objective.threads.reduce(
      objective.tree, from: SymmetricMatrix(dimension: head.count)
    ) { sum, indices in
      guard !head.isEmpty else { return }
      forEachBlock(objective.blocks[indices], weights) { block, weights in
        if isWhole {
          block.addWeightedGram(weights, to: &sum.elements)
        } else {
          block.addWeightedGram(weights, places: places, to: &sum)
        }
      }
    }
    gram.elements.scale(by: 1 / objective.totalWeight)
    let means = columnMeans(weights)
    if let means { gram.subtractSquare(of: head.map { means[$0] }) }
    return (gram, means)
  }

  /// The row of each column in the matrix of the head, -1 for columns outside it.
  private func places(of head: [Int]) -> [Int32] {
    var result = [Int32](repeating: -1, count: objective.model.featureCount)
    for (place, column) in head.enumerated() { result[column] = Int32(clamping: place) }
    return result
  }

  /// The means of the columns over the blocks of the objective, if they are not zero: compressed
  /// rows are not centred.
  func columnMeans(_ weights: [Double]) -> [Double]? {
    guard objective.features.storageKind == .sparse, objective.model.hasIntercept else {
      return nil
    }
    let zeros = [Double](repeating: 0, count: objective.model.featureCount)
    return objective.threads.reduce(objective.tree, from: zeros) { sum, places in
      forEachBlock(objective.blocks[places], weights) { $0.addWeightedSum($1, to: &sum) }
    }.map { $0 / objective.totalWeight }
  }

  /// Mean squares of the columns over all rows, about `means`.
  func columnVariances(_ means: [Double]?) -> [Double] {
    let weights = objective.observationWeights
    let zeros = [Double](repeating: 0, count: objective.model.featureCount)
    let squares = objective.threads.reduce(objective.tree, from: zeros) { sum, places in
      forEachBlock(objective.blocks[places], weights) { $0.addWeightedSquares($1, to: &sum) }
    }
    return squares.enumerated().map { column, sum in
      let mean = means?[column] ?? 0
      return max(0, sum / objective.totalWeight - mean * mean)
    }
  }

  /// Calls `body` for blocks with the weights of their rows.
  private func forEachBlock(
    _ blocks: ArraySlice<Int>, _ weights: [Double],
    _ body: (RowBlock, UnsafePointer<Double>) -> Void
  ) {
    weights.withUnsafeBufferPointer { weights in
      guard let base = weights.baseAddress else { return }
      for index in blocks {
        body(objective.features.block(index), base + index * BlockedMatrix.blockSize)
      }
    }
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
