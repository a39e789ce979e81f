import SurprisalLinearAlgebra

extension Likelihood {
  /// The log-likelihood of one row of labels without its constant, at given logits and auxiliary
  /// parameters.
  ///
  /// Intended for single rows; fits evaluate blocks of rows. Throws what `responses` throws,
  /// `LabelError.argument` if there is no such row, and `.entryCount` unless there is one logit per
  /// class and one number per auxiliary parameter.
  public func logLikelihood(
    of labels: Labels, row: Int = 0, logits: [Double], parameters: [Double] = []
  ) throws(LabelError) -> (value: Double, constant: Double) {
    guard row >= 0, row < labels.rowCount else {
      throw .argument("row", value: Double(row), domain: "an index of \(labels.rowCount) rows")
    }
    let (classes, auxiliary) = (labels.classCount, auxiliaryCount(classCount: labels.classCount))
    guard logits.count == classes else {
      throw .entryCount(what: "logits", expected: classes, found: logits.count)
    }
    guard parameters.count == auxiliary else {
      throw .entryCount(
        what: "auxiliary parameters", expected: auxiliary, found: parameters.count)
    }
    var weights = [1.0]
    let responses = try responses(of: labels.selecting(rows: [row]), weights: &weights)
    let units = logits + parameters
    var tile = Tile(unitCount: units.count, capacity: 1)
    for (unit, value) in units.enumerated() { tile[unit, 0] = value }
    var values = [Double](repeating: 0, count: tile.stride)
    weights += [Double](repeating: 0, count: tile.stride - 1)
    evaluate(responses, rows: 0..<1, weights: weights, tile: &tile, values: &values)
    return (values[0], logConstant(of: responses, row: 0))
  }
}
