import RealModule
import SurprisalProbability

/// Whether what is predicted with probability c happens in a share c of the cases.
///
/// Confidences are compared with outcomes in [0, 1], 0 or 1 for known classes and the label's
/// probability for soft ones, inside bins of equal mass. Rows of equal confidence are never parted:
/// a group goes to the bin that holds its middle, so that neither the order of the rows nor a
/// repeated row written as a weight changes a bin. Bins that stay empty are left out.
public struct ReliabilityDiagram: Sendable, Equatable {
  /// How many bins there are unless told otherwise.
  public static let defaultBinCount = 15

  /// The bins that hold rows, by ascending confidence.
  public let bins: [ReliabilityBin]
  /// The expected calibration error, `sum_b (W_b / W) |mean confidence - mean outcome|`.
  ///
  /// Biased upwards: noise alone makes it positive for a calibrated classifier.
  public let ece: Double
  /// The error above with part of its noise taken out, never below zero: each bin's |d| becomes
  /// `2 |d| - E |N(d, s^2)|`, s the standard error of the difference d.
  ///
  /// A first-order correction: it leaves 2 - sqrt 2 = 59 % of what noise adds to bins without any
  /// miscalibration and hardly any where d is several s. `squaredError` has no such remainder. The
  /// closed form of the resampling correction of Kumar, Liang and Ma, "Verified Uncertainty
  /// Calibration", NeurIPS 2019, arXiv:1909.10155. Bins of one row are not corrected.
  public let debiasedECE: Double
  /// `sum_b (W_b / W) (d_b^2 - s_b^2)`, an unbiased estimate of the mean squared difference of the
  /// bins; it may be negative, and then there is no sign of miscalibration. Same source.
  public let squaredError: Double

  /// Bins the rows; `masses` are the weights of rows and their repetitions.
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

  /// A row and its confidence, side by side: sorting then reads memory in order.
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
