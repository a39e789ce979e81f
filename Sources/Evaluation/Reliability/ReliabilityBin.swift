import RealModule

/// The rows of one bin of a reliability diagram.
public struct ReliabilityBin: Sendable, Equatable {
  /// How many rows; a row of frequency f counts as f.
  public let rows: Int
  /// The sum of weight times votes.
  public let weight: Double
  /// The smallest and the largest confidence in the bin; 0...1 if they are not numbers.
  public let range: ClosedRange<Double>
  /// The weighted mean of the predicted probability.
  public let confidence: Double
  /// The weighted mean of the outcome.
  public let outcome: Double
  /// The standard error of `outcome` with rows as sampling units; nil for one row.
  public let outcomeStandardError: Double?
  /// The weighted mean of confidence minus outcome, row by row.
  public let difference: Double
  /// The standard error of `difference`; nil for one row.
  public let differenceStandardError: Double?
  /// A Wilson interval for `outcome`, at level 95 % unless specified. Its number of trials is the
  /// one that gives a binomial proportion the standard error above (Korn and Graubard, Survey
  /// Methodology 24, 1998), or Kish's effective number of rows if that error is zero or unknown.
  public let band: ClosedRange<Double>

  /// Summarises the rows `members`, sorted by ascending confidence.
  init(
    rows members: [Int], confidences: [Double], outcomes: [Double], masses: RowMasses,
    quantile: Double
  ) {
    // Copied once because the members are scattered over the data.
    let multiplicities = members.map { masses.multiplicities[$0] }
    let unitMasses = members.map { masses.unitMasses[$0] }
    let confidences = members.map { confidences[$0] }
    let outcomes = members.map { outcomes[$0] }
    func moments(_ values: [Double]) -> WeightedMoments {
      WeightedMoments(of: values, multiplicities: multiplicities, masses: unitMasses)
    }
    let outcome = moments(outcomes)
    let difference = moments(zip(confidences, outcomes).map { $0 - $1 })
    let (lowest, highest) = (confidences.first ?? 0, confidences.last ?? 0)
    rows = RowMasses.count(outcome.count)
    weight = outcome.mass
    range = lowest <= highest ? lowest...highest : 0...1
    confidence = moments(confidences).mean
    self.outcome = outcome.mean
    outcomeStandardError = outcome.standardError
    self.difference = difference.mean
    differenceStandardError = difference.standardError
    band = Self.wilson(share: outcome.mean, trials: outcome.effectiveTrials, quantile: quantile)
  }

  /// Wilson, J. Amer. Statist. Assoc. 22 (1927), doi:10.1080/01621459.1927.10502953.
  private static func wilson(
    share: Double, trials: Double, quantile: Double
  ) -> ClosedRange<Double> {
    let square = quantile * quantile / trials
    let middle = (share + square / 2) / (1 + square)
    let variance = share * (1 - share) / trials + square / (4 * trials)
    let half = quantile * max(0, variance).squareRoot() / (1 + square)
    let (low, high) = (max(0, middle - half), min(1, middle + half))
    return low <= high ? low...high : 0...1
  }
}

/// The weighted mean of a value over some rows and its standard error with rows as sampling units.
struct WeightedMoments {
  /// The number of rows, repetitions included.
  let count: Double
  /// The sum of masses, repetitions included.
  let mass: Double
  let mean: Double
  /// `sqrt(n/(n-1) sum_i u_i^2 (x_i - mean)^2) / sum_i u_i`; nil for fewer than two rows.
  let standardError: Double?
  /// The number of independent draws with the same information about a proportion as these rows.
  let effectiveTrials: Double

  init(of values: [Double], multiplicities: [Double], masses: [Double]) {
    var (count, mass, sum, squares) = (0.0, 0.0, 0.0, 0.0)
    for row in values.indices {
      count += multiplicities[row]
      mass += multiplicities[row] * masses[row]
      sum += multiplicities[row] * masses[row] * values[row]
      squares += multiplicities[row] * masses[row] * masses[row]
    }
    let mean = sum / mass
    var spread = 0.0
    for row in values.indices {
      let residual = masses[row] * (values[row] - mean)
      spread += multiplicities[row] * residual * residual
    }
    let error = count > 1 ? (count / (count - 1) * spread).squareRoot() / mass : nil
    let binomial = mean * (1 - mean)
    let kish = mass * mass / squares
    self.count = count
    self.mass = mass
    self.mean = mean
    standardError = error
    effectiveTrials = error.map { $0 > 0 && binomial > 0 ? binomial / ($0 * $0) : kish } ?? kish
  }
}
