import SurprisalLinearAlgebra
import SurprisalProbability

/// How well predictions rank and separate the classes, regardless of calibration.
///
/// An observation of a class is drawn with the label's probabilities; a vote, a frequency or a
/// weight counts as that many observations.
public struct Discrimination: Sendable, Equatable {
  /// M of Hand and Till: the mean over ordered pairs of classes k and l of the probability that an
  /// observation of k has a larger q_k than one of l, ties counting half. 1 for a perfect ranking,
  /// 1/2 for a random one; for two classes the area under the ROC curve. Classes without label
  /// weight are left out; nil for fewer than two. Reference: Hand and Till,
  /// doi:10.1023/A:1010920819831.
  public let auc: Double?
  /// The mean over classes of the mean q_k of observations of k minus that of all others; for two
  /// classes Tjur's coefficient of discrimination. Reference: Tjur, doi:10.1198/tast.2009.08210.
  public let tjur: Double?
}

extension Evaluation {
  /// The largest number of steps for the ranking.
  private static let mostSteps = 4e9

  /// AUC and Tjur's R². Time O(C N log N), and O(C² N) for labels that are not classes; `auc` is
  /// nil if that would take more than some seconds.
  public func discrimination() -> Discrimination {
    let observations = LabelObservations(self)
    let present = (0..<classCount).filter { observations.totals[$0] > 0 }
    guard present.count > 1 else { return Discrimination(auc: nil, tjur: nil) }
    let isAffordable =
      Double(present.count) * Double(observations.classes.count + 20 * rowCount) <= Self.mostSteps
    let parts = pairs.mapClasses(of: present) { index, predictions -> (gap: Double, area: Double) in
      let values = predictions.probabilities
      let own = observations.mean(of: values) { $0 == index }
      let gap = own - observations.mean(of: values) { $0 != index }
      guard isAffordable else { return (gap, 0) }
      // Rows are ranked by logarithms if given, which have fewer ties.
      return (gap, observations.areas(of: index, among: present, by: predictions.values))
    }
    let (gaps, areas) = parts.reduce((0.0, 0.0)) { ($0.0 + $1.gap, $0.1 + $1.area) }
    let count = Double(present.count)
    return Discrimination(
      auc: isAffordable ? areas / (count * (count - 1)) : nil, tjur: gaps / count)
  }
}

/// The label weight of each row by class, without zeros.
private struct LabelObservations: Sendable {
  /// The entries of row i are `starts[i]..<starts[i + 1]`.
  private(set) var starts = [0]
  private(set) var classes: [Int] = []
  private(set) var masses: [Double] = []
  /// The label weight of each class.
  private(set) var totals: [Double]

  init(_ evaluation: Evaluation) {
    totals = [Double](repeating: 0, count: evaluation.classCount)
    for index in 0..<evaluation.pairs.blockCount {
      let block = evaluation.pairs.block(index)
      for (offset, row) in block.rows.enumerated() {
        let mass = evaluation.masses.observations[row]
        for (place, entry) in block.entries(ofRowAt: offset).enumerated()
        where mass * block.labels[entry] > 0 {
          classes.append(place)
          masses.append(mass * block.labels[entry])
          totals[place] += mass * block.labels[entry]
        }
        starts.append(classes.count)
      }
    }
  }

  /// The mean of a value of each row over the observations of the classes that satisfy a condition.
  func mean(of values: [Double], where isMeant: (Int) -> Bool) -> Double {
    var (sum, total) = (0.0, 0.0)
    for (row, value) in values.enumerated() {
      for entry in starts[row]..<starts[row + 1] where isMeant(classes[entry]) {
        sum += masses[entry] * value
        total += masses[entry]
      }
    }
    return sum / total
  }

  /// The largest value that counts as tied with `value`: dividing rows by their sums again changes
  /// them by rounding.
  private static func tieBound(_ value: Double) -> Double {
    value.isFinite ? value + 1e-14 * value.magnitude : value
  }

  /// The sum over the other classes l of the probability that an observation of class `index` has a
  /// larger value than one of l.
  func areas(of index: Int, among present: [Int], by values: [Double]) -> Double {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var wins = [Double](repeating: 0, count: totals.count)
    var (below, start) = (0.0, 0)
    while start < order.count {
      var end = start
      var tied = 0.0
      let top = Self.tieBound(values[order[start]])
      while end < order.count, end == start || values[order[end]] <= top {
        for entry in starts[order[end]]..<starts[order[end] + 1] where classes[entry] == index {
          tied += masses[entry]
        }
        end += 1
      }
      let above = totals[index] - below - tied / 2
      for row in order[start..<end] {
        for entry in starts[row]..<starts[row + 1] { wins[classes[entry]] += masses[entry] * above }
      }
      below += tied
      start = end
    }
    return present.reduce(0) {
      $1 == index ? $0 : $0 + wins[$1] / (totals[index] * totals[$1])
    }
  }
}
