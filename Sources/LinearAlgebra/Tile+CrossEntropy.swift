import RealModule

extension Tile {
  /// Scores of the categorical and multinomial likelihoods against a matrix of targets.
  ///
  /// With lse the log-sum-exp of a column z, n its total (one without `totals`) and q its softmax:
  /// `values[i] = sum_k t_k (z_k - lse)`, and the tile becomes `w_i (t_k - n q_k)`. A target of zero
  /// contributes exactly zero, even at a logit of -infinity. `targets` is N x C, blocked like the
  /// features; `weights` is padded with zeros.
  public mutating func crossEntropyScore(
    targets: BlockedMatrix, totals: [Double]?, rows: Range<Int>, weights: [Double],
    values: inout [Double]
  ) {
    let units = targets.columnCount
    var normalizer = [Double](repeating: 0, count: stride)
    logSumExp(units: units, examples: rows.count, into: &normalizer)
    for (example, row) in rows.enumerated() {
      let total = totals?[row] ?? 1
      var value = 0.0
      for unit in 0..<units {
        let target = targets[row, unit]
        let logProbability = self[unit, example] - normalizer[example]
        if target != 0 { value += target * logProbability }
        self[unit, example] = logProbability
      }
      values[example] = value
      for unit in 0..<units {
        let probability = Double.exp(self[unit, example])
        self[unit, example] = weights[row] * (targets[row, unit] - total * probability)
      }
    }
    clearPadding(from: rows.count)
  }

  /// The same for one class a row; bit for bit the scores of one-hot targets.
  public mutating func crossEntropyScore(
    classes: [Int32], rows: Range<Int>, weights: [Double], values: inout [Double]
  ) {
    let units = unitCount
    var normalizer = [Double](repeating: 0, count: stride)
    logSumExp(units: units, examples: rows.count, into: &normalizer)
    for (example, row) in rows.enumerated() {
      for unit in 0..<units {
        let logProbability = self[unit, example] - normalizer[example]
        let target = classes[row] == unit ? 1.0 : 0.0
        if target == 1 { values[example] = logProbability }
        self[unit, example] = weights[row] * (target - Double.exp(logProbability))
      }
    }
    clearPadding(from: rows.count)
  }

  /// Replaces every unit by the softmax over units.
  public mutating func softmaxInPlace(examples: Int) {
    var normalizer = [Double](repeating: 0, count: stride)
    softmax(units: unitCount, examples: examples, logSumExp: &normalizer)
  }

  /// Makes unit `u (u + 1) / 2 + v` the entry `w_i n_i ([u = v] q_u - q_u q_v)`, with q the columns
  /// of `probabilities`: the covariance of a class indicator.
  public mutating func setSoftmaxCovariance(
    of probabilities: Tile, rows: Range<Int>, weights: [Double], totals: [Double]?
  ) {
    let units = probabilities.unitCount
    for (example, row) in rows.enumerated() {
      let weight = weights[row] * (totals?[row] ?? 1)
      for unit in 0..<units {
        let q = probabilities[unit, example]
        for other in 0..<unit {
          self[unit * (unit + 1) / 2 + other, example] =
            -weight * q * probabilities[other, example]
        }
        self[unit * (unit + 1) / 2 + unit, example] = weight * q * (1 - q)
      }
    }
    clearPadding(from: rows.count)
  }

  /// Replaces directions t by `w_i n_i (q_k t_k - q_k sum_j q_j t_j)`.
  public mutating func multiplySoftmaxCovariance(
    of probabilities: Tile, rows: Range<Int>, weights: [Double], totals: [Double]?
  ) {
    let units = probabilities.unitCount
    for (example, row) in rows.enumerated() {
      let weight = weights[row] * (totals?[row] ?? 1)
      var mean = 0.0
      for unit in 0..<units { mean += probabilities[unit, example] * self[unit, example] }
      for unit in 0..<units {
        self[unit, example] =
          weight * probabilities[unit, example] * (self[unit, example] - mean)
      }
    }
    clearPadding(from: rows.count)
  }

  /// Sets the columns from `example` on to zero.
  public mutating func clearPadding(from example: Int) {
    let (units, stride) = (unitCount, stride)
    guard example < stride else { return }
    withUnsafeMutableUnits { start in
      for unit in 0..<units {
        (start + unit * stride + example).update(repeating: 0, count: stride - example)
      }
    }
  }
}
