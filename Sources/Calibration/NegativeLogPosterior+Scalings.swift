import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension NegativeLogPosterior where M: ClasswiseScaling {
  /// The largest number of classes for which the second derivatives of each pair are computed.
  private static var mostClasses: Int { 64 }

  /// The directions along which the objective is constant: those of the model, unless a prior
  /// penalises them.
  var nullSpace: [[Double]] {
    guard prior.isProper else { return model.nullSpace }
    return model.nullSpace.filter { direction in model.weights.allSatisfy { direction[$0] == 0 } }
  }

  /// Minus the second derivatives of the weighted log-likelihood, plus those of the penalty, P x P;
  /// nil if the likelihood is not concave and there are too many classes.
  ///
  /// Each column is a product with a unit vector. Complexity: O(P N C); O(P N C²) if the
  /// information used by solvers is not the observed one.
  package func observedCurvature(at point: [Double]) -> SymmetricMatrix? {
    let columns: [[Double]]
    if likelihood.isLogConcave {
      let linearization = linearize(at: point)
      columns = unitVectors.map { vector in
        linearization.multiply(vector).map { $0 * penaltyWeight }
      }
    } else {
      guard model.classCount <= Self.mostClasses else { return nil }
      let penalty = priorCurvature(at: point)
      columns = observedColumns(at: point).enumerated().map { index, column in
        var column = column
        if model.weights.contains(index) {
          column[index] += penalty[index - model.weights.lowerBound]
        }
        return column
      }
    }
    var result = SymmetricMatrix(dimension: dimension)
    for row in 0..<dimension {
      for column in 0...row {
        result[row, column] = (columns[column][row] + columns[row][column]) / 2
      }
    }
    return result
  }

  /// `Σᵢ sᵢ sᵢᵀ / fᵢ`, P x P, with sᵢ the weighted score of row i; f is 1 without `frequencies`.
  package func rowScoreProducts(
    at point: [Double], frequencies: [Double]? = nil
  ) -> SymmetricMatrix {
    let prepared = prepare(point)
    let tiles = threads.map(count: features.blockCount) { index in
      let block = features.block(index)
      let tile = scoreTile(ofBlock: index, at: prepared)
      var rows = Tile(unitCount: model.parameterCount, capacity: block.rows.count)
      model.pullBackRows(tile, through: block, into: &rows)
      return rows
    }
    let scores = BlockedMatrix(
      tiles: tiles, units: model.parameterCount, rowCount: features.rowCount)
    var divisors = [Double](repeating: 0, count: BlockedMatrix.paddedRowCount(features.rowCount))
    for row in 0..<features.rowCount { divisors[row] = 1 / (frequencies?[row] ?? 1) }
    let size = model.parameterCount
    return threads.reduce(
      SummationTree(blockCount: scores.blockCount), from: SymmetricMatrix(dimension: size)
    ) { [divisors] sum, blocks in
      divisors.withUnsafeBufferPointer { divisors in
        guard let base = divisors.baseAddress else { return }
        for index in blocks {
          scores.block(index).addWeightedGram(
            base + index * BlockedMatrix.blockSize, to: &sum.elements)
        }
      }
    }
  }

  private var unitVectors: [[Double]] {
    (0..<dimension).map { index in
      var vector = [Double](repeating: 0, count: dimension)
      vector[index] = 1
      return vector
    }
  }

  /// The columns of `Σᵢ Jᵀ wᵢ K J`, K the observed information.
  private func observedColumns(at point: [Double]) -> [[Double]] {
    let vectors = unitVectors
    let prepared = prepare(point)
    let zeros = vectors.map { _ in [Double](repeating: 0, count: dimension) }
    return threads.reduce(tree, from: SumList(zeros)) { sum, places in
      for index in blocks[places] {
        let block = features.block(index)
        var state = linearizedState(ofBlock: index, at: prepared).tile
        var workspace: Void = model.makeWorkspace()
        var pairs = Tile(unitCount: unitCount * (unitCount + 1) / 2, capacity: block.rows.count)
        likelihood.information(
          .observed, of: responses, rows: block.rows, weights: weights, state: state,
          into: &pairs)
        for (index, vector) in vectors.enumerated() {
          model.pushForward(
            vector, through: block, at: prepared.parameters, into: &state, using: &workspace)
          state.multiply(byPairs: pairs, examples: block.rows.count)
          var column = VectorSum(count: dimension)
          model.pullBack(
            state, through: block, at: prepared.parameters, to: &column, using: &workspace)
          sum.parts[index].add(column.values)
        }
      }
    }.parts
  }
}
