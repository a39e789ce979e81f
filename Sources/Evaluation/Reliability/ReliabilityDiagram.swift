import RealModule
import SurprisalProbability

/// A comparison of predicted probabilities with outcomes: among cases predicted with probability c,
/// a proportion c should have the outcome.
///
/// Outcomes are in [0, 1]: 0 or 1 for known classes and the label's probability for soft labels.
/// Rows are grouped into bins of equal mass. Rows of equal confidence stay in one bin, the one that
/// contains the middle of the group, so neither the order of the rows nor replacing repeated rows
/// by a weight changes a bin. Empty bins are omitted.
public struct ReliabilityDiagram: Sendable, Equatable {
  /// The default number of bins.
  public static let defaultBinCount = 15

  /// The bins that are not empty, by ascending confidence.
  public let bins: [ReliabilityBin]
  /// The expected calibration error, `sum_b (W_b / W) |mean confidence - mean outcome|`.
  ///
  /// Biased upwards: noise alone makes it positive for a calibrated classifier.
  public let ece: Double
  /// The error above with part of its noise removed, never negative: each bin's |d| becomes `2 |d|
  /// - E |N(d, s^2)|`, with s the standard error of the difference d.
  ///
  /// A first-order correction: in bins without miscalibration 2 - sqrt 2 = 59 % of the noise
  /// remains, in bins with d much larger than s hardly any. `squaredError` has no such remainder.
  /// This is the closed form of the resampling correction of Kumar, Liang and Ma, "Verified
  /// Uncertainty Calibration", NeurIPS 2019, arXiv:1909.10155. Bins of one row are not corrected.
  public let debiasedECE: Double
  /// `sum_b (W_b / W) (d_b^2 - s_b^2)`, an unbiased estimate of the mean squared difference of the
  /// bins. It may be negative, which indicates no miscalibration. Same source.
  public let squaredError: Double

  /// Bins the rows; `masses` are the weights and multiplicities of the rows.
  init(
    confidences: [Double], outcomes: [Double], masses: RowMasses, binCount: Int,
    level: Double = 0.95
  ) {
    precondition(binCount > 0, "at least one bin")
    let quantile = StandardNormal.twoSided(level: level)
    let total = masses.observations.blockedSum()
    let groups = Self.bins(
      confidences: confidences, masses: masses.observations, total: total, count: binCount)
    bins = groups.map {
      ReliabilityBin(
        rows: $0, confidences: confidences, outcomes: outcomes, masses: masses, quantile: quantile)
    }
    var (raw, debiased, squared) = (0.0, 0.0, 0.0)
    for bin in bins {
      let share = bin.weight / total
      let difference = bin.difference
      let deviation = bin.differenceStandardError ?? 0
      raw += share * difference.magnitude
      debiased +=
        share
        * (2 * difference.magnitude
          - StandardNormal.meanMagnitude(mean: difference, deviation: deviation))
      squared += share * (difference * difference - deviation * deviation)
    }
    ece = raw
    debiasedECE = max(0, debiased)
    squaredError = squared
  }

  /// A row and its confidence, stored together so that sorting reads memory sequentially.
  private struct Place: Comparable {
    let confidence: Double
    let row: Int

    static func < (left: Place, right: Place) -> Bool {
      left.confidence == right.confidence
        ? left.row < right.row : left.confidence < right.confidence
    }
  }

  /// The rows of positive mass in bins of equal mass, each in ascending order of confidence.
  private static func bins(
    confidences: [Double], masses: [Double], total: Double, count: Int
  ) -> [[Int]] {
    var order = confidences.indices.filter { masses[$0] > 0 }
      .map { Place(confidence: confidences[$0], row: $0) }
    order.sort()
    var bins: [[Int]] = []
    var (bin, filled, below, start) = (0, -1, 0.0, 0)
    while start < order.count {
      var (end, mass) = (start, 0.0)
      while end < order.count, end == start || order[end].confidence == order[start].confidence {
        mass += masses[order[end].row]
        end += 1
      }
      while bin < count - 1, (below + mass / 2) * Double(count) >= total * Double(bin + 1) {
        bin += 1
      }
      if bin != filled { bins.append([]) }
      for place in order[start..<end] { bins[bins.count - 1].append(place.row) }
      (filled, below, start) = (bin, below + mass, end)
    }
    return bins
  }
}
