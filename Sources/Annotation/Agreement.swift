/// The agreement of annotators beyond chance, over items with two or more votes.
///
/// Votes are weighted. Standard errors are by the jackknife over items: the sample consists of
/// items, not of votes.
public struct Agreement: Sendable, Equatable {
  /// A coefficient: 1 is perfect agreement, 0 that of votes drawn at random.
  public struct Coefficient: Sendable, Equatable {
    /// The value; NaN if all votes are for one class.
    public let value: Double
    /// Its standard error; NaN for fewer than two items, or more items times squared classes than
    /// a billion.
    public let standardError: Double
  }

  /// The number of items with two or more votes.
  public let itemCount: Int
  /// Fleiss' kappa, for items with unequal numbers of votes (the mean of their agreements).
  public let fleissKappa: Coefficient
  /// Krippendorff's alpha for nominal classes: all pairs of different classes have equal distance.
  public let nominalAlpha: Coefficient
  /// Krippendorff's alpha for ordered classes.
  public let ordinalAlpha: Coefficient

  /// The coefficients of votes; nil if no item has two votes.
  public init?(_ votes: Votes) {
    let classCount = votes.classCount
    let all = votes.counts
    let rows = (0..<votes.itemCount).compactMap { item -> ArraySlice<Double>? in
      let row = all[item * classCount..<(item + 1) * classCount]
      return row.reduce(0, +) > 1 ? row : nil
    }
    guard !rows.isEmpty else { return nil }
    itemCount = rows.count
    var sums = Sums(classCount: classCount)
    for row in rows { sums.add(row, times: 1) }
    fleissKappa = Self.coefficient(sums, rows) { $0.kappa }
    nominalAlpha = Self.coefficient(sums, rows) { $0.alpha { $0 == $1 ? 0 : 1 } }
    ordinalAlpha = Self.coefficient(sums, rows) { $0.ordinalAlpha }
  }

  private static let mostWork = 1_000_000_000

  private static func coefficient(
    _ sums: Sums, _ rows: [ArraySlice<Double>], _ value: (Sums) -> Double
  ) -> Coefficient {
    var sums = sums
    let whole = value(sums)
    let count = Double(rows.count)
    let work = rows.count.multipliedReportingOverflow(by: sums.classCount * sums.classCount)
    guard rows.count > 1, whole.isFinite, !work.overflow, work.partialValue < mostWork else {
      return Coefficient(value: whole, standardError: .nan)
    }
    let parts = rows.map { row -> Double in
      sums.add(row, times: -1)
      defer { sums.add(row, times: 1) }
      return value(sums)
    }
    let mean = parts.reduce(0, +) / count
    let spread = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Coefficient(
      value: whole, standardError: (spread * (count - 1) / count).squareRoot())
  }

  /// The sums from which the coefficients are computed.
  private struct Sums {
    let classCount: Int
    var items = 0.0
    /// The sum over items of the share of pairs of votes that agree.
    var agreement = 0.0
    /// Votes by class.
    var votes: [Double]
    /// Pairs of votes by their classes, those of an item divided by its number of votes minus 1.
    var pairs: [Double]

    init(classCount: Int) {
      self.classCount = classCount
      votes = [Double](repeating: 0, count: classCount)
      pairs = [Double](repeating: 0, count: classCount * classCount)
    }

    mutating func add(_ row: ArraySlice<Double>, times sign: Double) {
      let start = row.startIndex
      let total = row.reduce(0, +)
      items += sign
      agreement += sign * row.reduce(0) { $0 + $1 * ($1 - 1) } / (total * (total - 1))
      for k in 0..<classCount where row[start + k] > 0 {
        votes[k] += sign * row[start + k]
        for j in 0..<classCount {
          let others = row[start + j] - (j == k ? 1 : 0)
          pairs[k * classCount + j] += sign * row[start + k] * others / (total - 1)
        }
      }
    }

    var kappa: Double {
      let total = votes.reduce(0, +)
      let chance = votes.reduce(0) { $0 + $1 / total * ($1 / total) }
      return chance < 1 ? (agreement / items - chance) / (1 - chance) : .nan
    }

    /// `1 - (n - 1) Σ o δ / Σ n_k n_j δ` with the squared distance δ.
    func alpha(_ distance: (Int, Int) -> Double) -> Double {
      var (observed, expected) = (0.0, 0.0)
      for k in 0..<classCount {
        for j in 0..<classCount where j != k {
          let apart = distance(k, j)
          observed += pairs[k * classCount + j] * apart
          expected += votes[k] * votes[j] * apart
        }
      }
      return expected > 0 ? 1 - (votes.reduce(0, +) - 1) * observed / expected : .nan
    }

    /// The alpha with the number of votes between the middles of two classes as their distance.
    var ordinalAlpha: Double {
      var middles: [Double] = []
      var before = 0.0
      for count in votes {
        middles.append(before + count / 2)
        before += count
      }
      return alpha { (middles[$0] - middles[$1]) * (middles[$0] - middles[$1]) }
    }
  }
}
