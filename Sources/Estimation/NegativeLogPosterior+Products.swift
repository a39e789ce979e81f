import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension NegativeLogPosterior: TwiceDifferentiableObjective {
  /// The curvature at one point: a forward pass is done once and shared by all products.
  public struct Linearization: LinearOperator {
    let objective: NegativeLogPosterior
    /// For each block what the likelihood and the model keep of it.
    let states: [(tile: Tile, workspace: M.Workspace)]
    let priorCurvature: [Double]

    /// `(1/W) (Σ Jᵀ w K J + prior) v`, K positive semi-definite.
    public func multiply(_ vector: [Double]) -> [Double] {
      let groups = BlockGroups(blockCount: states.count, sumSize: vector.count)
      let parts = objective.threads.map(count: groups.count) { group in
        product(with: vector, over: groups.blocks(of: group))
      }
      var result = [Double](repeating: 0, count: vector.count)
      let share = objective.penaltyWeight / objective.totalWeight
      for part in parts { result.add(share, times: part) }
      let range = objective.model.weights
      for index in range {
        result[index] += priorCurvature[index - range.lowerBound] * vector[index]
      }
      result.scale(by: 1 / objective.penaltyWeight)
      return result
    }

    private func product(with vector: [Double], over blocks: Range<Int>) -> [Double] {
      let (model, likelihood) = (objective.model, objective.likelihood)
      var result = [Double](repeating: 0, count: vector.count)
      var tile = objective.makeTile()
      let first = model.parameterCount - model.classCount
      for index in blocks {
        let block = objective.features.block(objective.blocks[index])
        var workspace = states[index].workspace
        model.pushForward(vector, through: block, into: &tile, using: &workspace)
        tile.fill(model.classCount..<objective.unitCount) { vector[first + $0] }
        likelihood.multiplyInformation(
          of: objective.observations, rows: block.rows, weights: objective.weights,
          state: states[index].tile, directions: &tile)
        model.pullBack(tile, through: block, to: &result, using: &workspace)
        for unit in model.classCount..<objective.unitCount {
          result[first + unit] += tile.sum(ofUnit: unit, examples: block.rows.count)
        }
      }
      return result
    }
  }

  public func linearize(at point: [Double]) -> Linearization {
    let states = threads.map(count: blocks.count) { position in
      linearizedState(ofBlock: blocks[position], at: point)
    }
    return Linearization(
      objective: self, states: states, priorCurvature: priorCurvature(at: point))
  }

  func linearizedState(
    ofBlock index: Int, at point: [Double]
  ) -> (tile: Tile, workspace: M.Workspace) {
    let block = features.block(index)
    var tile = Tile(unitCount: unitCount, capacity: block.rows.count)
    var workspace = model.makeWorkspace()
    computeUnits(of: block, at: point, into: &tile, using: &workspace)
    likelihood.linearize(observations, rows: block.rows, tile: &tile)
    return (tile, workspace)
  }

  /// The diagonal Hessian of the penalty in the coordinates of θ.
  func priorCurvature(at point: [Double]) -> [Double] {
    let range = model.weights
    let scaled = range.map { point[$0] * priorScales[$0 - range.lowerBound] }
    let curvature = prior.curvature(at: scaled, totalWeight: penaltyWeight)
    return zip(curvature, priorScales).map { $0 * $1 * $1 }
  }
}
