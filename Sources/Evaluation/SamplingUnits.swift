import SurprisalDatasets
import SurprisalProbability

/// The sampling units that are drawn independently: rows, or clusters of rows.
///
/// A row of frequency f is f units; within clusters frequencies and importance weights both scale
/// the row. The votes of a row belong together: the row is the sampling unit, not the vote.
struct SamplingUnits: Sendable {
  /// The rows of positive weight.
  let rows: [Int]
  /// The unit of each of these rows.
  let units: [Int]
  /// Whether the units are clusters.
  let areClusters: Bool
  /// The multiplicity of each unit.
  let multiplicities: [Double]
  /// The observation weight of each row, per repetition of its unit.
  let observationMasses: [Double]
  /// The decision weight of each row, per repetition of its unit.
  let rowMasses: [Double]

  /// The number of units, repetitions included.
  var count: Double { multiplicities.reduce(0, +) }

  /// The reference distribution of means: t with G - 1 degrees of freedom for G clusters, normal
  /// for rows.
  var distribution: WaldDistribution {
    WaldDistribution(freedom: areClusters ? max(1, count - 1) : nil)
  }

  init(weights: RowWeights, masses: RowMasses, clusters: [Int]?) {
    precondition(clusters?.count ?? masses.rows.count == masses.rows.count, "one cluster a row")
    rows = masses.rows.indices.filter { masses.rows[$0] > 0 }
    areClusters = clusters != nil
    guard let clusters else {
      units = Array(rows.indices)
      multiplicities = rows.map { masses.multiplicities[$0] }
      observationMasses = masses.unitMasses
      if case .frequency = weights {
        rowMasses = masses.rows.map { _ in 1 }
      } else {
        rowMasses = masses.rows
      }
      return
    }
    var places: [Int: Int] = [:]
    units = rows.map { row in
      let place = places[clusters[row]] ?? places.count
      places[clusters[row]] = place
      return place
    }
    multiplicities = [Double](repeating: 1, count: places.count)
    observationMasses = masses.observations
    rowMasses = masses.rows
  }

  /// `sum_i u_i value(i)` of each unit.
  func totals(masses: [Double], _ value: (Int) -> Double) -> [Double] {
    var result = [Double](repeating: 0, count: multiplicities.count)
    for (place, row) in rows.enumerated() { result[units[place]] += masses[row] * value(row) }
    return result
  }

  /// The standard error of the ratio `sum_i u_i value(i) / sum_i u_i` around its value `mean`:
  /// `sqrt(n/(n-1) sum_g (sum_{i in g} u_i (value(i) - mean))^2) / sum_i u_i`.
  ///
  /// Nil for fewer than two units or a mean that is not finite.
  func standardError(masses: [Double], mean: Double, _ value: (Int) -> Double) -> Double? {
    let count = count
    guard count > 1, mean.isFinite else { return nil }
    let residuals = totals(masses: masses) { value($0) - mean }
    let sizes = totals(masses: masses) { _ in 1 }
    // Squares of very small or large residuals leave the range of doubles: a power of two is exact.
    let largest = residuals.reduce(0) { max($0, $1.magnitude) }
    let isOrdinary = largest == 0 || !largest.isFinite || (1e-140...1e140).contains(largest)
    let exponent = isOrdinary ? 0 : min(-largest.exponent, 1000)
    let scale = Double(sign: .plus, exponent: exponent, significand: 1)
    var (square, size) = (0.0, 0.0)
    for (unit, multiplicity) in multiplicities.enumerated() {
      let residual = scale * residuals[unit]
      square += multiplicity * residual * residual
      size += multiplicity * sizes[unit]
    }
    return (count / (count - 1) * square).squareRoot() / (size * scale)
  }
}
