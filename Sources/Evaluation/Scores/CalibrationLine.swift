import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// Cox's calibration intercepts and slope: the recalibration that fits the labels best.
///
/// The labels are fitted by the softmax of `a_k + b log q_k`, with a = 0 for the first class. The
/// slope b is 1 for calibrated predictions and below 1 if they are too extreme. With b fixed at 1
/// the intercepts a measure calibration in the large: zero if every class is as frequent as
/// predicted. References: Cox, doi:10.1093/biomet/45.3-4.562; Van Hoorde et al.,
/// doi:10.1016/j.jbi.2014.12.016.
public struct CalibrationLine: Sendable, Equatable {
  /// An estimate with its sandwich standard error over rows or clusters; nil for fewer than two.
  public struct Value: Sendable, Equatable {
    /// The estimate.
    public let estimate: Double
    /// The standard error.
    public let standardError: Double?
  }

  /// The slope b, with free intercepts.
  public let slope: Value
  /// The intercepts a of all classes but the first, with slope 1.
  public let intercepts: [Value]
}

extension Evaluation {
  /// The largest number of operations per step.
  private static let mostWork = 2e8

  /// Calibration intercepts and slope. Nil if they are not defined or too expensive: predictions
  /// are zero or equal in all rows, the predictions separate the classes, or classes and rows are
  /// too many. Throws `DatasetError.rowMismatch` unless there is one cluster per row. Time O(N C²)
  /// per step.
  public func calibrationLine(clusters: [Int]? = nil) throws(DatasetError) -> CalibrationLine? {
    try requireOneEach(clusters)
    let size = Double(classCount)
    guard Double(rowCount) * size * size <= Self.mostWork else { return nil }
    let units = SamplingUnits(weights: weights, masses: masses, clusters: clusters)
    let whole = LineFit(self, units, hasSlope: true)
    guard let slope = whole?.values.last, let shifts = LineFit(self, units, hasSlope: false) else {
      return nil
    }
    return CalibrationLine(slope: slope, intercepts: shifts.values)
  }
}

/// The maximum of the likelihood in the intercepts, and optionally the slope, by Newton's method.
private struct LineFit {
  let values: [CalibrationLine.Value]

  init?(_ evaluation: Evaluation, _ units: SamplingUnits, hasSlope: Bool) {
    let count = evaluation.classCount - 1
    let size = count + (hasSlope ? 1 : 0)
    var point = [Double](repeating: 0, count: count) + [1]
    func state(_ point: [Double]) -> (value: Double, gradient: [Double], information: [Double])? {
      let sums = evaluation.weightedSums(count: 1 + size + size * size) {
        block, offset, weight, sums in
        LineRow(block, offset, point).add(weight, size, to: &sums)
      }
      guard sums.isFinite else { return nil }
      return (sums[0], Array(sums[1...size]), Array(sums[(size + 1)...]))
    }
    guard size > 0, var current = state(point) else { return nil }
    var isDone = false
    for _ in 0..<60 {
      guard let factor = Self.factor(current.information, size) else { return nil }
      let step = factor.solve(current.gradient)
      isDone = step.dot(current.gradient) <= 1e-22 * evaluation.totalWeight
      if isDone { break }
      var share = 2.0
      var found: (value: Double, gradient: [Double], information: [Double])?
      var trial = point
      repeat {
        share /= 2
        for (index, change) in step.enumerated() { trial[index] = point[index] + share * change }
        found = state(trial)
      } while share > 1e-6
        && (found.map { $0.value < current.value - 1e-12 * current.value.magnitude } ?? true)
      guard let found else { return nil }
      (point, current) = (trial, found)
    }
    guard isDone, point.infinityNorm < 1e6, let factor = Self.factor(current.information, size)
    else { return nil }
    values = Self.values(evaluation, units, point, factor, size)
  }

  private static func factor(_ entries: [Double], _ size: Int) -> Cholesky? {
    var matrix = SymmetricMatrix(dimension: size)
    for row in 0..<size {
      for column in 0...row { matrix[row, column] = entries[row * size + column] }
    }
    return Cholesky(matrix, tolerance: 1e-12)
  }

  /// `n/(n-1) Σ_g (h' Σ_{i in g} s_i)²` with h a row of the inverse information.
  private static func values(
    _ evaluation: Evaluation, _ units: SamplingUnits, _ point: [Double], _ factor: Cholesky,
    _ size: Int
  ) -> [CalibrationLine.Value] {
    let scores = evaluation.pairs.mapBlocks { block in
      block.rows.indices.map { LineRow(block, $0 - block.rows.lowerBound, point).score(size) }
    }.flatMap { $0 }
    let count = units.count
    return (0..<size).map { index in
      let direction = factor.solve((0..<size).map { $0 == index ? 1 : 0 })
      let totals = units.totals(masses: units.observationMasses) { direction.dot(scores[$0]) }
      let square = zip(totals, units.multiplicities).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      return CalibrationLine.Value(
        estimate: point[index],
        standardError: count > 1 ? (count / (count - 1) * square).squareRoot() : nil)
    }
  }
}

/// The recalibrated probabilities of a row and their derivatives.
private struct LineRow {
  private let labels: ArraySlice<Double>
  private let logs: [Double]
  private let shares: [Double]
  private let value: Double

  /// `point` has the intercepts of all classes but the first, then the slope.
  init(_ block: DistributionBlock, _ offset: Int, _ point: [Double]) {
    let entries = block.entries(ofRowAt: offset)
    labels = block.labels[entries]
    logs = entries.map { block.logProbability($0) }
    let slope = point[point.count - 1]
    let logits = logs.enumerated().map { ($0 == 0 ? 0 : point[$0 - 1]) + slope * $1 }
    shares = Softmax.probabilities(logits)
    let sum = ExponentialSum(logits)
    let normalizer = sum.top + Double.log(sum.scaled)
    value = zip(labels, logits).reduce(0) { $1.0 > 0 ? $0 + $1.0 * ($1.1 - normalizer) : $0 }
  }

  /// The score with respect to the first `size` parameters.
  func score(_ size: Int) -> [Double] {
    let residuals = zip(labels, shares).map { $0 - $1 }
    return Array((residuals.dropFirst() + [residuals.dot(logs)]).prefix(size))
  }

  /// Adds value, score and information, each times `weight`.
  func add(_ weight: Double, _ size: Int, to sums: inout [Double]) {
    sums[0] += weight * value
    for (index, entry) in score(size).enumerated() { sums[1 + index] += weight * entry }
    let mean = shares.dot(logs)
    let count = shares.count - 1
    for row in 0..<size {
      for column in 0...row {
        let entry: Double
        switch (row == count, column == count) {
        case (true, true):
          entry = zip(shares, logs).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        case (true, false): entry = shares[column + 1] * (logs[column + 1] - mean)
        default:
          entry = shares[row + 1] * ((row == column ? 1 : 0) - shares[column + 1])
        }
        sums[1 + size + row * size + column] += weight * entry
      }
    }
  }
}
