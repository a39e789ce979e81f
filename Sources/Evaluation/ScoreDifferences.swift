import SurprisalDatasets
import SurprisalLinearAlgebra

/// Row-by-row differences of scores, and the sampling units of the rows.
struct ScoreDifferences: Sendable {
  enum Measure: Int, CaseIterable, Sendable {
    case crossEntropy, klDivergence, brier, accuracy, expectedAccuracy, evidence
  }

  /// The largest number of draws; more would take minutes, so the bootstrap is then omitted.
  static let mostDraws = 1 << 34

  let units: SamplingUnits
  /// One array per measure, one value per row.
  let values: [[Double]]
  /// Whether the labels have evidence; otherwise its differences are zero.
  let hasEvidence: Bool

  init(_ first: Evaluation, _ second: Evaluation, clusters: [Int]?) throws(DatasetError) {
    guard first.rowCount == second.rowCount else {
      throw .rowMismatch(
        what: "the second predictions", expected: first.rowCount, found: second.rowCount)
    }
    guard first.classCount == second.classCount else {
      throw .rowMismatch(
        what: "classes of a row of the second predictions", expected: first.classCount,
        found: second.classCount)
    }
    if let row = first.firstRow(weightedUnlike: second) { throw .unequalWeights(row: row) }
    try first.requireOneEach(clusters)
    units = SamplingUnits(weights: first.weights, masses: first.masses, clusters: clusters)
    func differences(_ value: (RowScore) -> Double) -> [Double] {
      zip(first.rowScores, second.rowScores).map { value($0) - value($1) }
    }
    let evidence = first.evidenceLosses().flatMap { losses in
      second.evidenceLosses().map { zip(losses, $0).map { $0 - $1 } }
    }
    hasEvidence = evidence != nil
    values = Measure.allCases.map { measure in
      switch measure {
      case .crossEntropy: differences(\.crossEntropy)
      case .klDivergence: differences(\.klDivergence)
      case .brier: differences(\.brierDivergence)
      case .accuracy: differences { $0.isCorrect ? 1 : 0 }
      case .expectedAccuracy: differences(\.expectedAccuracy)
      case .evidence: evidence ?? [Double](repeating: 0, count: first.rowCount)
      }
    }
  }

  /// The weighted mean difference; NaN if both scores are infinite.
  func mean(of measure: Measure) -> Double {
    let (sums, sizes) = totals(of: measure)
    var (sum, size) = (0.0, 0.0)
    for (unit, multiplicity) in units.multiplicities.enumerated() {
      sum += multiplicity * sums[unit]
      size += multiplicity * sizes[unit]
    }
    return sum / size
  }

  func standardError(of measure: Measure, mean: Double) -> Double? {
    units.standardError(masses: masses(of: measure), mean: mean) {
      values[measure.rawValue][$0]
    }
  }

  /// The number of clusters from which on the t interval is used without the wild bootstrap.
  static let enoughClusters = 10

  /// The proportion of the 2^G assignments of signs to clusters whose |t| is at least that of the
  /// data, with t the mean over its standard error: the wild cluster bootstrap of the difference
  /// zero. Nil for rows, and for at least `enoughClusters`. Reference: Cameron, Gelbach and Miller,
  /// doi:10.1162/rest.90.3.414.
  func wildPValue(of measure: Measure) -> Double? {
    let (sums, sizes) = totals(of: measure)
    guard units.areClusters, sums.count > 1, sums.count < Self.enoughClusters else { return nil }
    let whole = sizes.reduce(0, +)
    func square(_ signs: Int) -> Double {
      let signed = sums.enumerated().map { signs >> $0 & 1 == 1 ? -$1 : $1 }
      let mean = signed.reduce(0, +) / whole
      let residuals = zip(signed, sizes).reduce(0.0) {
        let rest = $1.0 - mean * $1.1
        return $0 + rest * rest
      }
      return residuals > 0 ? mean * mean / residuals : mean == 0 ? 0 : .infinity
    }
    let bound = square(0) * (1 - 1e-12)
    // Opposite signs give the same square, so half the assignments suffice.
    let count = 1 << (sums.count - 1)
    return Double((0..<count).count { square($0) >= bound }) / Double(count)
  }

  /// The mean differences of bootstrap samples, one array per seed, measures in their order; nil if
  /// more draws than `mostDraws` are needed.
  func resampled(seeds: [UInt64], threads: any Reducer) -> [[Double]]? {
    let draws = RowMasses.count(units.count)
    let (all, isTooMuch) = draws.multipliedReportingOverflow(by: seeds.count)
    guard draws > 0, !isTooMuch, all <= Self.mostDraws else { return nil }
    let totals = Measure.allCases.map { self.totals(of: $0) }
    let sampler = UnitSampler(units.multiplicities)
    return threads.map(count: seeds.count) { replicate in
      var generator = SplitMix64(seed: seeds[replicate])
      var sums = [Double](repeating: 0, count: totals.count)
      var sizes = sums
      for _ in 0..<draws {
        let unit = sampler.draw(below: draws, using: &generator)
        for measure in totals.indices {
          sums[measure] += totals[measure].sums[unit]
          sizes[measure] += totals[measure].sizes[unit]
        }
      }
      return zip(sums, sizes).map { $0 / $1 }
    }
  }

  private func totals(of measure: Measure) -> (sums: [Double], sizes: [Double]) {
    let masses = masses(of: measure)
    return (
      units.totals(masses: masses) { values[measure.rawValue][$0] },
      units.totals(masses: masses) { _ in 1 }
    )
  }

  /// Decisions have the row weight, probabilities the weight times votes.
  private func masses(of measure: Measure) -> [Double] {
    measure == .accuracy || measure == .evidence ? units.rowMasses : units.observationMasses
  }
}

/// Draws sampling units in proportion to their multiplicities.
private struct UnitSampler: Sendable {
  /// The running sums of the multiplicities; empty if all are 1.
  private let ends: [Double]

  init(_ multiplicities: [Double]) {
    guard multiplicities.contains(where: { $0 != 1 }) else {
      ends = []
      return
    }
    var sum = 0.0
    ends = multiplicities.map { multiplicity in
      sum += multiplicity
      return sum
    }
  }

  /// The unit that contains a number drawn below `count`, the sum of all multiplicities.
  func draw(below count: Int, using generator: inout SplitMix64) -> Int {
    let place = generator.index(below: count)
    guard !ends.isEmpty else { return place }
    let target = Double(place)
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
