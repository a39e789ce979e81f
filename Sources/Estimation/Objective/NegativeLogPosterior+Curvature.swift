import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The positions of the parameters of one unit of the tile in the parameter vector of affine
/// logits.
struct UnitLayout {
  /// Weights of the unit, in the order of the features; empty for an auxiliary parameter.
  let weights: Range<Int>
  /// The parameter added to the unit: an intercept, or an auxiliary parameter.
  let constant: Int?
}

extension NegativeLogPosterior: ExplicitCurvatureObjective where M == LinearPredictor {
  /// `Σᵢ wᵢ Jᵀ K J` of the log-likelihood alone, P x P, not divided by W.
  ///
  /// Pairs of units are processed in groups, so that the partial sums of a group take no more
  /// memory than the result; the second derivatives of the rows are computed again for each group.
  /// Complexity: N D² C² / 2 flops, 2 P² doubles.
  public func information(_ kind: Information, at point: [Double]) -> SymmetricMatrix {
    let prepared = prepare(point)
    return gram { pairTile(kind, ofBlock: $0, at: prepared) }
  }

  /// `Σᵢ Jᵀ hᵢ J`, P x P; `pairs` gives h for each pair of units and each row of a block.
  func gram(pairs tile: @Sendable (Int) -> Tile) -> SymmetricMatrix {
    let units = unitCount
    let pairs = (0..<units).flatMap { unit in (0...unit).map { (unit, $0) } }
    var result = SymmetricMatrix(dimension: dimension)
    // Leaves process few blocks at a time, so that their tiles fit the cache.
    let batch = max(1, 1_000_000 / (pairs.count * BlockedMatrix.blockSize))
    for group in groups(of: pairs) {
      let sum = threads.reduce(tree, from: SumList(pairs[group].map(makePairSum))) {
        sum, places in
        for start in stride(from: places.lowerBound, to: places.upperBound, by: batch) {
          let current = blocks[start..<min(start + batch, places.upperBound)]
          let tiles = current.map(tile)
          for (place, pair) in group.enumerated() {
            for (tile, block) in zip(tiles, current) {
              sum.parts[place].add(tile, unit: pair, block: features.block(block))
            }
          }
        }
      }
      for (pair, part) in zip(pairs[group], sum.parts) {
        part.write(high: layout(of: pair.0), low: layout(of: pair.1), to: &result)
      }
    }
    return result
  }

  /// Runs of pairs of units, as long as the partial sums of one run take little memory, or no more
  /// than the result.
  private func groups(of pairs: [(Int, Int)]) -> [Range<Int>] {
    let all = dimension.multipliedSaturating(by: dimension)
    let partial = all.multipliedSaturating(by: tree.height + threads.width + 1) / 2
    let count = min(pairs.count, max(1, (partial - 1) / max(all, 1 << 21) + 1))
    return (0..<count).map { $0 * pairs.count / count..<($0 + 1) * pairs.count / count }
  }

  private func makePairSum(_ pair: (Int, Int)) -> PairSum {
    PairSum(high: layout(of: pair.0).weights.count, low: layout(of: pair.1).weights.count)
  }

  /// The positive semi-definite curvature of the objective. The common shift of all logits of a
  /// row, along which the objective is constant, is given positive curvature.
  public func curvature(at point: [Double]) -> SymmetricMatrix { curvature(.solver, at: point) }

  /// The observed curvature of a likelihood that is not concave, completed in the same way.
  public func hessian(at point: [Double]) -> SymmetricMatrix? {
    likelihood.isLogConcave ? nil : curvature(.observed, at: point)
  }

  private func curvature(_ kind: Information, at point: [Double]) -> SymmetricMatrix {
    var result = information(kind, at: point)
    let prior = priorCurvature(at: point)
    for index in result.elements.indices { result.elements[index] /= totalWeight }
    for index in model.weights { result[index, index] += prior[index] / penaltyWeight }
    fixShift(&result, isPenalized: { prior[$0] > 0 })
    return result
  }

  func pairTile(_ kind: Information, ofBlock index: Int, at point: Prepared) -> Tile {
    let state = linearizedState(ofBlock: index, at: point).tile
    let rows = features.block(index).rows
    var pairs = Tile(unitCount: unitCount * (unitCount + 1) / 2, capacity: rows.count)
    likelihood.information(
      kind, of: responses, rows: rows, weights: weights, state: state, into: &pairs)
    return pairs
  }

  func layout(of unit: Int) -> UnitLayout {
    if unit >= model.classCount {
      let position = model.parameterCount + unit - model.classCount
      return UnitLayout(weights: 0..<0, constant: position)
    }
    let first = model.weight(class: unit, feature: 0)
    return UnitLayout(
      weights: first..<first + model.featureCount,
      constant: model.hasIntercept ? model.intercepts.lowerBound + unit : nil)
  }

  /// Adds γ 11ᵀ/C over the classes to each column of coefficients that is not identified otherwise.
  func fixShift(_ matrix: inout SymmetricMatrix, isPenalized: (Int) -> Bool) {
    let classes = model.classCount
    let columns = (0..<model.featureCount).map { feature in
      (0..<classes).map { model.weight(class: $0, feature: feature) }
    }.filter { !isPenalized($0[0]) }
    let intercepts = model.hasIntercept ? [Array(model.intercepts)] : []
    for positions in columns + intercepts {
      let scale = positions.reduce(0) { $0 + matrix[$1, $1] } / Double(classes)
      for row in positions {
        for column in positions where column <= row {
          matrix[row, column] += scale / Double(classes)
        }
      }
    }
  }

  /// wᵢ tᵢ, the weight of each row with its number of observations, padded with zeros.
  var observationWeights: [Double] {
    var result = weights
    let (likelihood, responses) = (likelihood, responses)
    for row in 0..<features.rowCount {
      result[row] *= likelihood.multiplicity(of: responses, row: row)
    }
    return result
  }

  /// The curvature in the intercepts alone, C x C, with the common shift given positive curvature.
  func interceptCurvature(at point: [Double]) -> SymmetricMatrix {
    let classes = model.classCount
    let prepared = prepare(point)
    let weights = classes > AffineMinimization.mostUnits ? observationWeights : []
    var result = threads.reduce(tree, from: SymmetricMatrix(dimension: classes)) {
      sum, places in
      for index in blocks[places] { addInterceptCurvature(index, prepared, weights, to: &sum) }
    }
    for index in result.elements.indices { result.elements[index] /= totalWeight }
    let shift = result.diagonal.reduce(0, +) / Double(classes * classes)
    for index in result.elements.indices { result.elements[index] += shift }
    return result
  }

  /// Adds the contribution of one block. With many classes the likelihood's mean is the softmax:
  /// its curvature is the covariance of the softmax, which needs no unit for each pair.
  private func addInterceptCurvature(
    _ index: Int, _ point: Prepared, _ weights: [Double], to sum: inout SymmetricMatrix
  ) {
    let block = features.block(index)
    let rows = block.rows
    if model.classCount > AffineMinimization.mostUnits {
      var tile = makeTile()
      var workspace: Void = model.makeWorkspace()
      computeUnits(of: block, at: point, into: &tile, using: &workspace)
      tile.softmaxInPlace(examples: rows.count)
      tile.addSoftmaxCovariance(rows: rows, weights: weights, totals: nil, to: &sum)
      return
    }
    let pairs = pairTile(.solver, ofBlock: index, at: point)
    for row in 0..<model.classCount {
      for column in 0...row {
        sum[row, column] += pairs.sum(ofUnit: row * (row + 1) / 2 + column, examples: rows.count)
      }
    }
  }
}

extension NegativeLogPosterior: TwiceDifferentiableObjective {
  /// The curvature at one point. The forward pass is done once and shared by all products if its
  /// results take little memory compared with the features.
  public struct Linearization: LinearOperator {
    let objective: NegativeLogPosterior
    let point: Prepared
    /// For each block the stored results of the likelihood and the model; nil if they are computed
    /// again for every product.
    let states: [(tile: Tile, workspace: M.Workspace)]?
    let priorCurvature: [Double]

    /// `(1/W) (Σ Jᵀ w K J + prior) v`, K positive semi-definite.
    public func multiply(_ vector: [Double]) -> [Double] {
      let direction = objective.prepare(vector)
      let sum = objective.threads.reduce(objective.tree, from: objective.makeScore()) {
        addProduct(with: direction, over: $1, to: &$0)
      }
      var result = [Double](repeating: 0, count: vector.count)
      sum.add(objective.penaltyWeight / objective.totalWeight, to: &result)
      let range = objective.model.weights
      let curvature = priorCurvature
      for index in range {
        result[index] += curvature[index - range.lowerBound] * vector[index]
      }
      result.scale(by: 1 / objective.penaltyWeight)
      return result
    }

    private func addProduct(
      with direction: Prepared, over places: Range<Int>, to result: inout Score
    ) {
      let (model, likelihood) = (objective.model, objective.likelihood)
      var tile = objective.makeTile()
      for index in places {
        let block = objective.features.block(objective.blocks[index])
        var (state, workspace) =
          states?[index] ?? objective.linearizedState(ofBlock: objective.blocks[index], at: point)
        model.pushForward(
          direction.parameters, through: block, at: point.parameters, into: &tile,
          using: &workspace)
        tile.fill(from: model.classCount, with: direction.auxiliary)
        likelihood.multiplyInformation(
          of: objective.responses, rows: block.rows, weights: objective.weights,
          state: state, directions: &tile)
        objective.pullBack(tile, through: block, at: point, to: &result, using: &workspace)
      }
    }
  }

  public func linearize(at point: [Double]) -> Linearization {
    let size = features.rowCount.multipliedSaturating(by: 8 * unitCount)
    return linearize(at: point, keepingStates: size <= features.mostStateBytes)
  }

  /// The products have the same bits with and without stored states.
  func linearize(at point: [Double], keepingStates: Bool) -> Linearization {
    let prepared = prepare(point)
    let states =
      keepingStates
      ? threads.map(count: blocks.count) { position in
        linearizedState(ofBlock: blocks[position], at: prepared)
      } : nil
    return Linearization(
      objective: self, point: prepared, states: states, priorCurvature: priorCurvature(at: point))
  }

  package func linearizedState(
    ofBlock index: Int, at point: Prepared
  ) -> (tile: Tile, workspace: M.Workspace) {
    let block = features.block(index)
    var tile = Tile(unitCount: unitCount, capacity: block.rows.count)
    var workspace = model.makeWorkspace()
    computeUnits(of: block, at: point, into: &tile, using: &workspace)
    likelihood.linearize(responses, rows: block.rows, tile: &tile)
    return (tile, workspace)
  }

  /// The diagonal Hessian of the penalty in the coordinates of θ.
  package func priorCurvature(at point: [Double]) -> [Double] {
    let range = model.weights
    let scales = priorScales
    let scaled = zip(point[range], scales).map { $0 * $1 }
    let curvature = prior.curvature(at: scaled, totalWeight: penaltyWeight)
    return zip(curvature, scales).map { $0 * $1 * $1 }
  }
}

extension BlockedMatrix {
  /// The most bytes of the tiles of a linearization: a quarter of those of the features.
  var mostStateBytes: Int { max(1 << 26, storageSize / 4) }
}

/// Sums over rows for one pair of units: `Σ h x xᵀ`, `Σ h x` and `Σ h`.
private struct PairSum: PartialSum {
  var gram: [Double]
  var sums: [Double]
  var total = 0.0

  /// `high` and `low` are the numbers of weights of the two units: all features or none.
  init(high: Int, low: Int) {
    gram = [Double](repeating: 0, count: high * low)
    sums = [Double](repeating: 0, count: low)
  }

  mutating func add(_ other: PairSum) {
    gram.add(other.gram)
    sums.add(other.sums)
    total += other.total
  }

  func appendNumbers(to numbers: inout [Double]) {
    gram.appendNumbers(to: &numbers)
    sums.appendNumbers(to: &numbers)
    total.appendNumbers(to: &numbers)
  }

  mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    gram.takeNumbers(from: &numbers)
    sums.takeNumbers(from: &numbers)
    total.takeNumbers(from: &numbers)
  }

  mutating func add(_ tile: Tile, unit: Int, block: RowBlock) {
    tile.withUnsafeUnits { start in
      let weights = start + unit * tile.stride
      if !gram.isEmpty { block.addWeightedGram(weights, to: &gram) }
      if !sums.isEmpty { block.addWeightedSum(weights, to: &sums) }
    }
    total += tile.sum(ofUnit: unit, examples: block.rows.count)
  }

  /// Writes the sums to the rows of the unit with the higher index and the columns of the other.
  func write(high: UnitLayout, low: UnitLayout, to matrix: inout SymmetricMatrix) {
    let count = sums.count
    for (row, position) in high.weights.enumerated() {
      for (column, other) in low.weights.enumerated() where other <= position {
        matrix[position, other] = gram[max(row, column) * count + min(row, column)]
      }
      if let constant = low.constant { matrix[position, constant] = sums[row] }
    }
    guard let constant = high.constant else { return }
    for (column, other) in low.weights.enumerated() { matrix[constant, other] = sums[column] }
    if let other = low.constant { matrix[constant, other] = total }
  }
}
