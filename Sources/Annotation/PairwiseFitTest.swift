import SurprisalDatasets
import SurprisalLinearAlgebra

/// Tests whether pairs of annotators agree as often as a model of votes predicts.
///
/// For two annotators with n items in common the model predicts `n Σ_k π_k Σ_v T^a[k, v] T^b[k, v]`
/// agreements. The statistic is the sum over pairs of squared deviations divided by their binomial
/// variances; its distribution is that of votes drawn from the model for the same items and
/// annotators, with the model fitted again to each draw (parametric bootstrap). The statistic is
/// large if votes depend on each other given the class, for example if some items are harder than
/// others.
public struct PairwiseFitTest: Sendable, Equatable {
  /// The statistic of the votes.
  public let statistic: Double
  /// The mean of the statistic over the draws.
  public let expected: Double
  /// The number of draws.
  public let draws: Int
  /// The share of draws, counting the observed votes as one, with a statistic at least as large.
  public let pValue: Double
  /// The number of pairs of annotators with items in common.
  public let pairCount: Int
  /// The share of agreements among all pairs of votes on an item, observed and predicted by the
  /// model.
  public let agreement: (observed: Double, expected: Double)

  public static func == (first: PairwiseFitTest, second: PairwiseFitTest) -> Bool {
    first.statistic == second.statistic && first.expected == second.expected
      && first.pValue == second.pValue
  }

  /// Tests a model of votes; nil without a model or without a pair of votes. Precondition: there is
  /// at least one draw.
  public init?(_ aggregation: Aggregation, draws: Int, seed: UInt64, reducer: any Reducer) {
    precondition(draws > 0, "at least one draw")
    guard let model = aggregation.model else { return nil }
    let votes = aggregation.votes
    guard let observed = Self.comparison(votes, model) else { return nil }
    let options = aggregation.options.withoutSearch
    let values = reducer.map(count: draws) { draw -> Double in
      var generator = SplitMix64(seed: seed &+ UInt64(draw + 1) &* 0xD1B5_4A32_D192_ED03)
      let drawn = votes.drawn(from: model, using: &generator)
      let fit = Aggregation(
        drawn, options: options, checked: aggregation.gold, reducer: ThreadCount.one)
      return fit.model.flatMap { Self.comparison(drawn, $0)?.statistic } ?? 0
    }
    statistic = observed.statistic
    pairCount = observed.pairs
    agreement = (observed.agreements / observed.total, observed.expected / observed.total)
    self.draws = draws
    expected = values.reduce(0, +) / Double(draws)
    pValue = Double(1 + values.count { $0 >= observed.statistic }) / Double(draws + 1)
  }

  private struct Comparison {
    var (statistic, agreements, expected, total) = (0.0, 0.0, 0.0, 0.0)
    var pairs = 0
  }

  private static func comparison(_ votes: Votes, _ model: VoteModel) -> Comparison? {
    var counts: [Int: (items: Double, agreements: Double)] = [:]
    for item in 0..<votes.itemCount {
      let range = votes.range(ofItem: item)
      for first in range {
        for second in first + 1..<range.upperBound {
          let (a, b) = (Int(votes.cells[first]), Int(votes.cells[second]))
          let (low, high) = (min(a, b) / votes.classCount, max(a, b) / votes.classCount)
          if low == high { continue }
          let isAgreed = a % votes.classCount == b % votes.classCount
          counts[low * votes.annotatorCount + high, default: (0, 0)].items += 1
          if isAgreed { counts[low * votes.annotatorCount + high, default: (0, 0)].agreements += 1 }
        }
      }
    }
    var result = Comparison()
    for (pair, count) in counts.sorted(by: { $0.key < $1.key }) {
      let chance = model.agreement(
        pair / votes.annotatorCount, pair % votes.annotatorCount, classCount: votes.classCount)
      result.agreements += count.agreements
      result.expected += count.items * chance
      result.total += count.items
      result.pairs += 1
      // If the model predicts a pair with certainty, it is correct for the fitted votes up to
      // rounding.
      let variance = max(count.items * chance * (1 - chance), 1e-3)
      let deviation = count.agreements - count.items * chance
      result.statistic += deviation * deviation / variance
    }
    return result.pairs > 0 ? result : nil
  }
}

extension VoteModel {
  /// The probability that two annotators agree.
  fileprivate func agreement(_ a: Int, _ b: Int, classCount: Int) -> Double {
    let size = classCount * classCount
    let isPooled = table.count == size
    let (first, second) = (isPooled ? 0 : a * size, isPooled ? 0 : b * size)
    var result = 0.0
    for label in 0..<classCount {
      for k in 0..<classCount {
        let entry = label * classCount + k
        result += classPrior[k] * table[first + entry] * table[second + entry]
      }
    }
    return result
  }
}

extension Votes {
  /// Votes of the same annotators on the same items, drawn from a model.
  fileprivate func drawn(from model: VoteModel, using generator: inout SplitMix64) -> Votes {
    var labels: [Int32] = []
    let size = classCount * classCount
    let isPooled = model.table.count == size
    for item in 0..<itemCount {
      let k = generator.index(of: classCount) { model.classPrior[$0] }
      for vote in range(ofItem: item) {
        let start = isPooled ? 0 : Int(cells[vote]) / classCount * size
        labels.append(
          Int32(generator.index(of: classCount) { model.table[start + $0 * classCount + k] }))
      }
    }
    return relabelled(labels)
  }
}

extension RandomNumberGenerator {
  /// One of `count` indices, drawn with these probabilities, whose sum is 1 up to rounding.
  fileprivate mutating func index(of count: Int, _ probability: (Int) -> Double) -> Int {
    var rest = Double(next() >> 11) * 0x1p-53
    var last = 0
    for index in 0..<count {
      let share = probability(index)
      if share > 0 { last = index }
      rest -= share
      if rest < 0 { break }
    }
    return last
  }
}
