import SurprisalEstimation

/// A non-decreasing function of one variable, linear between knots and constant beyond them.
public struct IsotonicFunction: Sendable, Equatable, Codable {
  /// The positions of the knots, strictly ascending.
  public let thresholds: [Double]
  /// The values at the knots, non-decreasing.
  public let values: [Double]

  /// The function through the given knots; nil unless there is at least one, there are as many
  /// values as thresholds, the thresholds ascend strictly and the values do not descend.
  public init?(thresholds: [Double], values: [Double]) {
    guard !thresholds.isEmpty, thresholds.count == values.count,
      zip(thresholds, thresholds.dropFirst()).allSatisfy({ $0 < $1 }),
      zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return nil }
    self.thresholds = thresholds
    self.values = values
  }

  /// Weighted least squares among all non-decreasing functions: the mean of `outcomes` given
  /// `points`, at points of positive weight.
  ///
  /// Pool adjacent violators: outcomes at equal points are averaged first, then decreasing
  /// neighbours are pooled until none are left. Of each pool only the two ends become knots.
  /// Complexity: O(N log N). Reference: Barlow, Bartholomew, Bremner and Brunk, Statistical
  /// Inference under Order Restrictions (1972); Zadrozny and Elkan, KDD 2002,
  /// doi:10.1145/775047.775151.
  package init(points: [Double], outcomes: [Double], weights: [Double]) {
    precondition(
      points.count == outcomes.count && points.count == weights.count, "one outcome a point")
    var order = points.indices.filter { weights[$0] > 0 }
    precondition(!order.isEmpty, "a point of positive weight")
    order.sort { points[$0] == points[$1] ? $0 < $1 : points[$0] < points[$1] }
    var pools: [Pool] = []
    for index in order {
      let (point, weight) = (points[index], weights[index])
      if let last = pools.last, last.last == point, last.first == point {
        pools[pools.count - 1].add(weight * outcomes[index], weight)
      } else {
        pools.append(
          Pool(first: point, last: point, sum: weight * outcomes[index], weight: weight))
      }
    }
    self.init(Pool.withoutViolators(pools))
  }

  private init(_ pools: [Pool]) {
    var (places, heights): ([Double], [Double]) = ([], [])
    for pool in pools {
      // Means of correctly ordered pools may still tie or cross in the last bit.
      let height = max(pool.mean, heights.last ?? pool.mean)
      places.append(pool.first)
      heights.append(height)
      if pool.last > pool.first {
        places.append(pool.last)
        heights.append(height)
      }
    }
    thresholds = places
    values = heights
  }

  /// The value at `point`. Complexity: O(log of the number of knots).
  public func callAsFunction(_ point: Double) -> Double {
    var (low, high) = (0, thresholds.count)
    while low < high {
      let middle = (low + high) / 2
      if thresholds[middle] <= point { low = middle + 1 } else { high = middle }
    }
    // `low` is the number of knots at or below the point.
    if low == 0 { return values[0] }
    let before = low - 1
    guard low < thresholds.count, thresholds[before] < point else { return values[before] }
    let share = (point - thresholds[before]) / (thresholds[low] - thresholds[before])
    let value = values[before] + share * (values[low] - values[before])
    return min(max(value, values[before]), values[low])
  }
}

/// Neighbouring points that have the same fitted value.
private struct Pool {
  let first: Double
  var last: Double
  var sum: Double
  var weight: Double

  var mean: Double { sum / weight }

  mutating func add(_ sum: Double, _ weight: Double) {
    self.sum += sum
    self.weight += weight
  }

  /// Pools neighbours until the means ascend strictly.
  static func withoutViolators(_ pools: [Pool]) -> [Pool] {
    var result: [Pool] = []
    for pool in pools {
      var next = pool
      while let previous = result.last, previous.mean >= next.mean {
        result.removeLast()
        next = Pool(
          first: previous.first, last: next.last, sum: previous.sum + next.sum,
          weight: previous.weight + next.weight)
      }
      result.append(next)
    }
    return result
  }
}
