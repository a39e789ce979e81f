import SurprisalLinearAlgebra
import SurprisalProbability

/// A likelihood with its labels, evaluated on plain arrays: `point[i]` holds the C logits of row i
/// and then the auxiliary parameters.
public struct LikelihoodProbe<L: Likelihood> {
  public let likelihood: L
  public let responses: L.Responses
  public let classCount: Int
  public let rowCount: Int
  /// The weights returned by the likelihood, padded.
  public let weights: [Double]

  public init(_ likelihood: L, labels: Labels, weights: [Double]? = nil) throws {
    var weights = weights ?? [Double](repeating: 1, count: labels.rowCount)
    responses = try likelihood.responses(of: labels, weights: &weights)
    self.likelihood = likelihood
    classCount = labels.classCount
    rowCount = labels.rowCount
    let padding = BlockedMatrix.paddedRowCount(rowCount) - rowCount
    self.weights = weights + [Double](repeating: 0, count: padding)
  }

  /// The start of the auxiliary parameters.
  public var start: [Double] { likelihood.auxiliaryParameters(classCount: classCount).map(\.start) }

  /// C + m.
  public var unitCount: Int { classCount + likelihood.auxiliaryCount(classCount: classCount) }

  /// The number of unit observations of a row.
  public func multiplicity(_ row: Int) -> Double {
    likelihood.multiplicity(of: responses, row: row)
  }

  /// The log-likelihood of each row and its weighted score.
  public func evaluate(_ point: [[Double]]) -> (values: [Double], scores: [[Double]]) {
    var (values, scores): ([Double], [[Double]]) = ([], [])
    forEachBlock { rows in
      var tile = self.tile(point, rows)
      var block = [Double](repeating: 0, count: tile.stride)
      likelihood.evaluate(responses, rows: rows, weights: weights, tile: &tile, values: &block)
      values += block.prefix(rows.count)
      scores += columns(of: tile, rows)
    }
    return (values, scores)
  }

  /// The weighted information of each row, as a full symmetric matrix.
  public func information(_ kind: Information, at point: [[Double]]) -> [[[Double]]] {
    var result: [[[Double]]] = []
    forEachBlock { rows in
      let state = self.state(point, rows)
      var pairs = Tile(unitCount: unitCount * (unitCount + 1) / 2, capacity: rows.count)
      likelihood.information(
        kind, of: responses, rows: rows, weights: weights, state: state, into: &pairs)
      result += columns(of: pairs, rows).map { packed in
        (0..<unitCount).map { row in
          (0..<unitCount).map { packed[max(row, $0) * (max(row, $0) + 1) / 2 + min(row, $0)] }
        }
      }
    }
    return result
  }

  /// The weighted bound on the curvature of each row's logits, with the score of the same call.
  public func curvatureBound(
    at point: [[Double]]
  ) -> (bounds: [[Double]], scores: [[Double]]) {
    var result: (bounds: [[Double]], scores: [[Double]]) = ([], [])
    forEachBlock { rows in
      var tile = self.tile(point, rows)
      var bound = Tile(unitCount: classCount, capacity: rows.count)
      var values = [Double](repeating: 0, count: tile.stride)
      likelihood.evaluate(
        responses, rows: rows, weights: weights, tile: &tile, values: &values,
        curvatureBound: &bound)
      result.bounds += columns(of: bound, rows)
      result.scores += columns(of: tile, rows)
    }
    return result
  }

  /// The weighted information of kind `.solver` of each row, times a direction.
  public func product(at point: [[Double]], with directions: [[Double]]) -> [[Double]] {
    var result: [[Double]] = []
    forEachBlock { rows in
      var tile = self.tile(directions, rows)
      likelihood.multiplyInformation(
        of: responses, rows: rows, weights: weights, state: state(point, rows),
        directions: &tile)
      result += columns(of: tile, rows)
    }
    return result
  }

  /// The predicted mean of each row.
  public func mean(at point: [[Double]]) -> [[Double]] {
    var result: [[Double]] = []
    forEachBlock { rows in
      var tile = self.tile(point, rows)
      likelihood.predictMean(classCount: classCount, examples: rows.count, tile: &tile)
      result += columns(of: tile, rows).map { Array($0.prefix(classCount)) }
    }
    return result
  }

  /// The log-density of each row, constant included.
  public func logDensities(at point: [[Double]]) -> [Double] {
    evaluate(point).values.enumerated().map {
      $1 + likelihood.logConstant(of: responses, row: $0)
    }
  }

  private func forEachBlock(_ body: (Range<Int>) -> Void) {
    for index in 0..<BlockedMatrix.blockCount(ofRows: rowCount) {
      body(BlockedMatrix.rows(ofBlock: index, rowCount: rowCount))
    }
  }

  private func state(_ point: [[Double]], _ rows: Range<Int>) -> Tile {
    var state = tile(point, rows)
    likelihood.linearize(responses, rows: rows, tile: &state)
    return state
  }

  private func tile(_ point: [[Double]], _ rows: Range<Int>) -> Tile {
    var tile = Tile(unitCount: unitCount, capacity: rows.count)
    for (example, row) in rows.enumerated() {
      precondition(point[row].count == unitCount)
      for unit in 0..<unitCount { tile[unit, example] = point[row][unit] }
    }
    return tile
  }

  private func columns(of tile: Tile, _ rows: Range<Int>) -> [[Double]] {
    (0..<rows.count).map { example in (0..<tile.unitCount).map { tile[$0, example] } }
  }
}
