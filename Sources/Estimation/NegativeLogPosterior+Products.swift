import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension NegativeLogPosterior: TwiceDifferentiableObjective {
  /// The curvature at one point: a forward pass is done once and shared by all products, where what
  /// it leaves takes little memory beside the features.
  public struct Linearization: LinearOperator {
    let objective: NegativeLogPosterior
    let point: Prepared
    /// For each block what the likelihood and the model keep of it; nil where it is made anew for
    /// every product.
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
        tile.fill(from: model.classCount, with: direction.own)
        likelihood.multiplyInformation(
          of: objective.observations, rows: block.rows, weights: objective.weights,
          state: state, directions: &tile)
        objective.pullBack(tile, through: block, at: point, to: &result, using: &workspace)
      }
    }
  }

  public func linearize(at point: [Double]) -> Linearization {
    let size = features.rowCount.multipliedSaturating(by: 8 * unitCount)
    return linearize(at: point, keepingStates: size <= features.mostStateBytes)
  }

  /// Kept or not, the products have the same bits.
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
    likelihood.linearize(observations, rows: block.rows, tile: &tile)
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
  /// The bytes that the tiles of a linearization may take beside these features: a quarter of theirs.
  var mostStateBytes: Int { max(1 << 26, storageSize / 4) }
}
