import RealModule

/// The estimates for an annotator.
public struct AnnotatorSummary: Sendable, Equatable {
  /// A remarkable property.
  public enum Flag: String, Sendable, CaseIterable {
    /// The votes carry next to no information on the class.
    case spammer
    /// Correct less often than by chance: the votes are informative, but under other names.
    case adversary
    /// Several votes, all for one class.
    case oneAnswer = "one answer"
    /// A single vote.
    case oneVote = "one vote"
  }

  /// The name.
  public let name: String
  /// The number of votes.
  public let votes: Int
  /// The probability of a correct vote: under the model, over the prior of the classes of the
  /// annotator's items. For the method `glad` the mean over the annotator's votes. Without a model,
  /// or for one common matrix, the expected share of correct votes.
  public let accuracy: Double
  /// Its standard error; NaN if there is none.
  public let accuracyError: Double
  /// `P(vote | class)`, class by class; NaN for a class of none of the annotator's items.
  public let confusion: [Double]
  /// Their standard errors; NaN if there is none.
  public let confusionErrors: [Double]
  /// The mutual information of vote and class, in nats.
  public let information: Double
  /// The remarkable properties.
  public let flags: [Flag]

  /// An annotator is a spammer if the information is below this share of the entropy of the
  /// classes.
  public static let spammerShare = 0.02
}

extension Aggregation {
  /// The estimates for each annotator, in their order.
  public var annotators: [AnnotatorSummary] {
    let prior = classPrior
    return votes.annotatorNames.indices.map { summary(ofAnnotator: $0, prior) }
  }

  /// The prior of the classes: of the model, or the mean label.
  public var classPrior: [Double] {
    if let model { return model.classPrior }
    var sums = [Double](repeating: 0, count: votes.classCount)
    for item in 0..<votes.itemCount where votes.voteCount(ofItem: item) > 0 {
      let row = labels[item * votes.classCount..<(item + 1) * votes.classCount]
      for (k, label) in row.enumerated() { sums[k] += label }
    }
    let total = sums.reduce(0, +)
    return sums.map { $0 / total }
  }

  private func summary(ofAnnotator annotator: Int, _ prior: [Double]) -> AnnotatorSummary {
    let classCount = votes.classCount
    let size = classCount * classCount
    let expected = Array(expectedVotes[annotator * size..<(annotator + 1) * size])
    let hasOwnTable = model != nil && options.method != .pooled
    let table =
      hasOwnTable ? model.map { Array($0.table[annotator * size..<(annotator + 1) * size]) } : nil
    var confusion = [Double](repeating: .nan, count: size)
    var (right, total, seenPrior, seenRight) = (0.0, 0.0, 0.0, 0.0)
    for k in 0..<classCount {
      let mass = (0..<classCount).reduce(0) { $0 + expected[$1 * classCount + k] }
      total += mass
      right += expected[k * classCount + k]
      guard mass > 0 || (table != nil && isKnown(class: k)) else { continue }
      for label in 0..<classCount {
        confusion[k * classCount + label] =
          table?[label * classCount + k] ?? expected[label * classCount + k] / mass
      }
      seenPrior += prior[k]
      seenRight += prior[k] * confusion[k * classCount + k]
    }
    let accuracy = hasOwnTable && seenPrior > 0 ? seenRight / seenPrior : right / total
    let voteCount = votes.voteCount(ofAnnotator: annotator)
    let information = Self.information(confusion, prior)
    let errors = hasOwnTable ? uncertainty : nil
    return AnnotatorSummary(
      name: votes.annotatorNames[annotator], votes: voteCount, accuracy: accuracy,
      accuracyError: errors?.accuracy[annotator] ?? .nan, confusion: confusion,
      confusionErrors: (0..<size).map { entry in
        let place = annotator * size + entry % classCount * classCount + entry / classCount
        return errors?.table[place] ?? .nan
      },
      information: information,
      flags: flags(
        annotator, voteCount, information,
        isAdverse: Self.isAdverse(confusion, prior), entropy: Self.entropy(prior)))
  }

  /// Whether the row of a class is determined even without votes of the annotator on items of the
  /// class.
  private func isKnown(class k: Int) -> Bool {
    [.oneCoin, .hierarchical, .glad].contains(options.method)
      || options.pseudoCounts.diagonal + options.pseudoCounts.offDiagonal > 0
  }

  private func flags(
    _ annotator: Int, _ voteCount: Int, _ information: Double, isAdverse: Bool, entropy: Double
  ) -> [AnnotatorSummary.Flag] {
    if voteCount == 0 { return [] }
    if voteCount == 1 { return [.oneVote] }
    let answers = (0..<votes.classCount).count {
      votes.cellCounts[annotator * votes.classCount + $0] > 0
    }
    if answers == 1 { return [.oneAnswer] }
    if information < AnnotatorSummary.spammerShare * entropy { return [.spammer] }
    return isAdverse ? [.adversary] : []
  }

  private static func entropy(_ prior: [Double]) -> Double {
    prior.reduce(0) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
  }

  /// The mutual information of class and vote over the classes with a known row.
  static func information(_ confusion: [Double], _ prior: [Double]) -> Double {
    let (known, weights, mean) = mixture(confusion, prior)
    var result = 0.0
    for (k, weight) in zip(known, weights) {
      for label in prior.indices {
        let share = confusion[k * prior.count + label]
        if share > 0 { result += weight * share * Double.log(share / mean[label]) }
      }
    }
    return max(0, result)
  }

  /// Whether the annotator is correct less often than votes independent of the class.
  private static func isAdverse(_ confusion: [Double], _ prior: [Double]) -> Bool {
    let (known, weights, mean) = mixture(confusion, prior)
    let right = zip(known, weights).reduce(0) {
      $0 + $1.1 * confusion[$1.0 * prior.count + $1.0]
    }
    return right < zip(known, weights).reduce(0) { $0 + $1.1 * mean[$1.0] }
  }

  /// The classes with a known row, their prior restricted to these, and the mean vote.
  private static func mixture(
    _ confusion: [Double], _ prior: [Double]
  ) -> (known: [Int], weights: [Double], mean: [Double]) {
    let known = prior.indices.filter { !confusion[$0 * prior.count].isNaN && prior[$0] > 0 }
    let total = known.reduce(0) { $0 + prior[$1] }
    let weights = known.map { prior[$0] / total }
    var mean = [Double](repeating: 0, count: prior.count)
    for (k, weight) in zip(known, weights) {
      for label in prior.indices { mean[label] += weight * confusion[k * prior.count + label] }
    }
    return (known, weights, mean)
  }
}
