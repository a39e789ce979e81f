import RealModule
import SurprisalKernels

/// The posterior of class and difficulty of one item; its memory serves for any number of items.
///
/// Classes that nobody voted for have the same posterior of the difficulty, and are kept together.
struct GladItem {
  private let likelihood: GladLikelihood
  private let tables: GladTables
  /// The classes with votes, and the place of each class in their list; -1 for others.
  private(set) var voted: [Int] = []
  private(set) var places: [Int]
  /// By row, the sums of abilities and of weights over the votes for its class.
  private var odds: [(ability: Double, weight: Double)] = []
  /// The posterior of class and difficulty: of the classes with votes in their order, then of all
  /// others together; `GladTables.count` numbers each.
  private(set) var joint: [Double]
  /// The posterior of the difficulty.
  private(set) var difficulty: [Double]
  /// The class if it is known and not ignored, otherwise -1.
  private var known = -1
  /// The log-likelihood of the votes, with the logarithm of the prior if the class is known.
  private(set) var logLikelihood = 0.0

  private static let count = GladTables.count

  init(_ likelihood: GladLikelihood, _ tables: GladTables) {
    self.likelihood = likelihood
    self.tables = tables
    places = [Int](repeating: -1, count: likelihood.votes.classCount)
    joint = [Double](repeating: 0, count: (likelihood.votes.classCount + 1) * Self.count)
    difficulty = [Double](repeating: 0, count: Self.count)
  }

  /// The number of rows of `joint`.
  var rowCount: Int { voted.count + 1 }

  /// Goes to an item.
  mutating func move(to item: Int) {
    known = likelihood.gold.map { Int($0[item]) } ?? -1
    add(votesOf: item)
    addPriors(tables.logPrior, rest: Double.log(unvotedPrior))
    exponentiate()
  }

  /// The log evidence of an item for each class, the largest 0: the log-likelihood of its votes,
  /// the difficulties summed out.
  mutating func logEvidence(of item: Int) -> [Double] {
    known = -1
    add(votesOf: item)
    addPriors(nil, rest: voted.count < places.count ? 0 : -.infinity)
    exponentiate()
    let logs = (0...voted.count).map { Double.log(mass(ofRow: $0)) }
    let most = logs.max() ?? 0
    return places.map { (logs[$0 < 0 ? voted.count : $0]) - most }
  }

  /// The posterior of a class.
  func posterior(ofClass k: Int) -> Double {
    if known >= 0 { return k == known ? 1 : 0 }
    if places[k] >= 0 { return mass(ofRow: places[k]) }
    let rest = unvotedPrior
    return rest > 0 ? mass(ofRow: voted.count) * tables.classPrior[k] / rest : 0
  }

  /// The sum of a row of `joint`.
  func mass(ofRow row: Int) -> Double {
    joint[row * Self.count..<(row + 1) * Self.count].reduce(0, +)
  }

  private var unvotedPrior: Double {
    places.indices.reduce(0) { places[$1] < 0 ? $0 + tables.classPrior[$1] : $0 }
  }

  /// Logarithms of the probability of the votes, row by row.
  private mutating func add(votesOf item: Int) {
    let (votes, count) = (likelihood.votes, Self.count)
    for k in voted { places[k] = -1 }
    voted.removeAll(keepingCapacity: true)
    odds.removeAll(keepingCapacity: true)
    for q in 0..<count { difficulty[q] = 0 }
    for vote in votes.range(ofItem: item) {
      let (annotator, label) = Int(votes.cells[vote]).quotientAndRemainder(
        dividingBy: votes.classCount)
      if places[label] < 0 {
        places[label] = voted.count
        voted.append(label)
        odds.append((0, 0))
      }
      let weight = votes.weights?[vote] ?? 1
      odds[places[label]].ability += weight * tables.abilities[annotator]
      odds[places[label]].weight += weight
      Self.add(weight, tables.logWrong, from: annotator * count, to: &difficulty)
    }
    for (row, odds) in odds.enumerated() {
      for q in 0..<count {
        joint[row * count + q] =
          odds.ability * GladLikelihood.eases[q] + odds.weight * tables.logWrongClasses
      }
    }
  }

  /// Adds a multiple of a row of a table.
  @inline(__always)
  private static func add(
    _ weight: Double, _ table: [Double], from start: Int, to sums: inout [Double]
  ) {
    table.withUnsafeBufferPointer { table in
      sums.withUnsafeMutableBufferPointer { sums in
        for q in 0..<count { sums[q] += weight * table[start &+ q] }
      }
    }
  }

  /// Adds the logarithms of the priors of class and difficulty, and what is common to all classes;
  /// those of classes are 0 if nil, and `rest` is that of all classes without votes.
  private mutating func addPriors(_ priors: [Double]?, rest: Double) {
    let count = Self.count
    func prior(_ k: Int) -> Double { priors?[k] ?? 0 }
    for (place, k) in voted.enumerated() {
      let log = known < 0 || known == k ? prior(k) : -.infinity
      for q in 0..<count {
        joint[place * count + q] += difficulty[q] + GladTables.logShares[q] + log
      }
    }
    let other = known < 0 ? rest : places[known] < 0 ? prior(known) : -.infinity
    for q in 0..<count {
      joint[voted.count * count + q] = difficulty[q] + GladTables.logShares[q] + other
    }
  }

  /// Turns logarithms into probabilities.
  private mutating func exponentiate() {
    logLikelihood = min(Self.exponentiate(&joint, rowCount, &difficulty), 0)
  }

  /// Turns logarithms into probabilities, and sums them over rows; returns the logarithm of the sum
  /// of exponentials.
  private static func exponentiate(
    _ joint: inout [Double], _ rows: Int, _ sums: inout [Double]
  ) -> Double {
    joint.withUnsafeMutableBufferPointer { joint in
      sums.withUnsafeMutableBufferPointer { sums in
        var (most, total) = (-Double.infinity, 0.0)
        for place in 0..<rows * count { most = max(most, joint[place]) }
        for place in 0..<rows * count { joint[place] -= most }
        surprisal_exp(rows * count, joint.baseAddress, joint.baseAddress)
        for place in 0..<rows * count { total += joint[place] }
        for q in 0..<count { sums[q] = 0 }
        for row in 0..<rows {
          for q in 0..<count {
            joint[row * count + q] /= total
            sums[q] += joint[row * count + q]
          }
        }
        return most + Double.log(total)
      }
    }
  }
}
