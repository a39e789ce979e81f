import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension NegativeLogPosterior where M == LinearPredictor {
  /// `Σᵢ sᵢ sᵢᵀ / fᵢ`, P x P, with sᵢ the weighted score of row i in all parameters.
  ///
  /// Without `frequencies` f is 1: importance weights then enter squared. A row of frequency f
  /// counts as f rows of score sᵢ / f. Complexity: that of `information`.
  package func scoreProducts(
    at point: [Double], frequencies: [Double]? = nil
  ) -> SymmetricMatrix {
    let prepared = prepare(point)
    return gram { index in
      let scores = scoreTile(ofBlock: index, at: prepared)
      let rows = features.block(index).rows
      let divisors = frequencies.map { Array($0[rows]) } ?? []
      var pairs = Tile(unitCount: unitCount * (unitCount + 1) / 2, capacity: rows.count)
      pairs.setOuterProducts(of: scores, divisors: divisors)
      return pairs
    }
  }

  /// `Σ_g s_g s_gᵀ`, P x P, with s_g the sum of the weighted scores of the rows of cluster g.
  ///
  /// `clusters` gives each row a number below `count`. Clusters are summed one by one and then
  /// added to a Gram matrix as rows, a block of them at a time, so that no G x P matrix is stored.
  /// With `frequencies`, which are for clusters of one row, each is divided by the root of its own;
  /// with `coupling` s is the score minus its part explained by the scores of the annotators.
  package func scoreProducts(
    at point: [Double], clusters: [Int], count: Int, frequencies: [Double]? = nil,
    coupling: AnnotatorCoupling? = nil
  ) -> SymmetricMatrix {
    var members = [[Int]](repeating: [], count: count)
    for (row, cluster) in clusters.enumerated() { members[cluster].append(row) }
    let prepared = prepare(point)
    let tiles = threads.map(count: features.blockCount) { scoreTile(ofBlock: $0, at: prepared) }
    let size = dimension
    var result = SymmetricMatrix(dimension: size)
    let ones = [Double](repeating: 1, count: BlockedMatrix.blockSize)
    for start in stride(from: 0, to: count, by: BlockedMatrix.blockSize) {
      let chunk = Array(members[start..<min(start + BlockedMatrix.blockSize, count)])
      let sums = threads.map(count: chunk.count) { place in
        var sum = scoreSum(of: chunk[place], tiles)
        for row in chunk[place] { coupling?.adjust(&sum, ofRow: row, weight: weights[row]) }
        if let frequencies, let row = chunk[place].first {
          sum.scale(by: 1 / frequencies[row].squareRoot())
        }
        return sum
      }
      let matrix = BlockedMatrix(rows: sums, columnCount: size)
      ones.withUnsafeBufferPointer { ones in
        guard let base = ones.baseAddress else { return }
        matrix.block(0).addWeightedGram(base, to: &result.elements)
      }
    }
    return result
  }

  /// The score of some rows in all parameters.
  private func scoreSum(of rows: [Int], _ tiles: [Tile]) -> [Double] {
    var result = [Double](repeating: 0, count: dimension)
    for row in rows {
      let (index, example) = (row / BlockedMatrix.blockSize, row % BlockedMatrix.blockSize)
      let values = features.row(row)
      for unit in 0..<unitCount {
        let score = tiles[index][unit, example]
        let places = layout(of: unit)
        for (feature, position) in places.weights.enumerated() {
          result[position] += score * values[feature]
        }
        if let constant = places.constant { result[constant] += score }
      }
    }
    return result
  }

  /// The penalty's second derivatives at `point`, one per weight of the model.
  package func penaltyCurvature(at point: [Double]) -> [Double] { priorCurvature(at: point) }

  /// The same objective with other offsets (-infinity removes a class from a row), with as many
  /// other features, or with weights times a power of two.
  package func replacing(
    features: BlockedMatrix? = nil, offsets: BlockedMatrix? = nil, scalingWeightsBy unit: Double = 1
  ) -> NegativeLogPosterior {
    NegativeLogPosterior(
      model: model, likelihood: likelihood, prior: prior, features: features ?? self.features,
      responses: responses, offsets: offsets ?? self.offsets,
      weights: unit == 1 ? weights : weights.map { $0 * unit }, priorScales: priorScales,
      threads: threads)
  }

  /// Σ_u wᵢ Kᵤᵤ of each row, padded: the total curvature of a row at `point`.
  package func rowCurvatures(at point: [Double]) -> [Double] {
    let classes = model.classCount
    let prepared = prepare(point)
    let parts = threads.map(count: features.blockCount) { index -> [Double] in
      let pairs = pairTile(.solver, ofBlock: index, at: prepared)
      return (0..<features.block(index).rows.count).map { example in
        (0..<classes).reduce(0) { $0 + pairs[$1 * ($1 + 1) / 2 + $1, example] }
      }
    }
    let result = parts.flatMap { $0 }
    return result + [Double](repeating: 0, count: weights.count - result.count)
  }

  /// Positions of the parameters that are free if the coefficients of class `reference` are fixed:
  /// the intercepts of the others and, unless a proper prior identifies all of them, their weights;
  /// then the auxiliary parameters.
  package func freePositions(reference: Int, holdingAuxiliary isHeld: Bool = false) -> [Int] {
    let proper = prior.isProper
    return (0..<model.parameterCount).filter { position in
      position < model.weights.upperBound
        ? proper || position / max(1, model.featureCount) != reference
        : position - model.weights.upperBound != reference
    } + (isHeld ? [] : Array(model.parameterCount..<dimension))
  }
}

extension Tile {
  /// Unit u (u + 1) / 2 + v becomes the product of units u and v of `scores`, each example divided
  /// by its divisor if there are any.
  fileprivate mutating func setOuterProducts(of scores: Tile, divisors: [Double]) {
    let width = min(stride, scores.stride)
    let units = scores.unitCount
    let (target, source) = (stride, scores.stride)
    withUnsafeMutableUnits { pairs in
      scores.withUnsafeUnits { scores in
        var pair = pairs
        for unit in 0..<units {
          for other in 0...unit {
            for example in 0..<width {
              pair[example] = scores[unit * source + example] * scores[other * source + example]
            }
            for (example, divisor) in divisors.enumerated() { pair[example] /= divisor }
            pair += target
          }
        }
      }
    }
  }
}
