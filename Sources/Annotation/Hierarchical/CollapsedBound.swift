import RealModule
import SurprisalLinearAlgebra

/// A lower bound of the marginal log-likelihood of votes when the confusion matrices of annotators
/// are drawn around a common one, and are integrated out.
///
/// Row k of the matrix of annotator a is drawn from a Dirichlet distribution with exponents
/// `κ m_k`. For given classes z the votes then have the probability
///
///     p(votes | z) = Π_a Π_k [Π_v Γ(κ m_kv + n_akv) / Γ(κ m_kv)] / [Γ(κ + n_ak) / Γ(κ)]
///
/// with n_akv the votes of the annotator for v on items of class k. For independent posteriors q of
/// the classes of items Jensen's inequality gives
///
///     log p(votes) ≥ Σ_i H(q_i) + Σ_i Σ_k q_ik log π_k + E_q log p(votes | z)
///
/// The counts under q are sums of independent terms, whose distributions are computed exactly, so
/// the bound is too. (Replacing the counts by their means, or the matrices by a factorised
/// posterior, loses the variance of the counts, and with it most of the differences of annotators
/// that have few votes: the estimated concentration is then infinite.) Collapsed variational Bayes:
/// Teh, Newman and Welling, Advances in Neural Information Processing Systems 19 (2006). π, m and κ
/// maximise the bound for given q.
struct CollapsedBound: Sendable {
  let votes: Votes
  let gold: [Int32]?
  var reducer: any Reducer
  private let groups: AnnotatorGroups
  /// Items with votes.
  private let isVoted: [Bool]
  private let votedCount: Double

  /// Posteriors of the classes, and the π, m and κ that maximise the bound for them.
  struct State: Sendable {
    /// Item by item.
    var posterior: [Double]
    /// The mean posterior of the items with votes: π.
    var classPrior: [Double]
    var prior: ConfusionPrior
    /// The bound.
    var value: Double
  }

  init(_ votes: Votes, gold: [Int32]?, reducer: any Reducer) {
    self.votes = votes
    self.gold = gold
    self.reducer = reducer
    groups = AnnotatorGroups(votes)
    isVoted = (0..<votes.itemCount).map { !votes.range(ofItem: $0).isEmpty }
    votedCount = Double(votes.votedItemCount)
  }

  var classCount: Int { votes.classCount }

  /// Ranges of annotators, of which each has its own sums: their number does not depend on that of
  /// threads, and is small because sums are as long as an annotator has votes.
  private func mapAnnotators<Result: Sendable>(
    _ body: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let count = votes.annotatorCount
    let parts = min(Self.mostParts, count)
    return reducer.map(count: parts) {
      body($0 * count / parts..<($0 + 1) * count / parts)
    }
  }

  static let mostParts = 16

  // MARK: Value

  /// The best π, m and κ for posteriors, and the bound. The search starts from `guess`; without it,
  /// the whole range of concentrations is searched.
  func state(of posterior: [Double], guess: ConfusionPrior?) -> State {
    let tails = totals(of: posterior).tails
    var prior = guess ?? ConfusionPrior(tails, classCount: classCount)
    prior.fit(tails, isGlobal: guess == nil)
    let (classPrior, entropy) = classes(of: posterior)
    return State(
      posterior: posterior, classPrior: classPrior, prior: prior,
      value: entropy + prior.value(tails))
  }

  /// π, and `Σ H(q_i) + Σ q log π`.
  func classes(of posterior: [Double]) -> (prior: [Double], value: Double) {
    var masses = [Double](repeating: 0, count: classCount)
    for item in 0..<votes.itemCount where isVoted[item] {
      for k in 0..<classCount { masses[k] += posterior[item * classCount + k] }
    }
    let prior = masses.map { $0 / votedCount }
    let logs = prior.map { Double.log($0) }
    let value = SummationTree.sum(ofRows: votes.itemCount) { item in
      guard isVoted[item] else { return 0 }
      return (0..<classCount).reduce(0) { sum, k in
        let share = posterior[item * classCount + k]
        return share > 0 ? sum + share * (logs[k] - Double.log(share)) : sum
      }
    }
    return (prior, value)
  }

  func totals(of posterior: [Double]) -> CountTotals {
    let parts = mapAnnotators { annotators in
      var sums = CountTotals(classCount: classCount)
      var counts = CountDistribution()
      for annotator in annotators {
        for list in groups.counts(ofAnnotator: annotator) where !list.terms.isEmpty {
          for k in 0..<classCount {
            counts.reset()
            for term in list.terms {
              counts.add(term.votes, share: posterior[term.item * classCount + k])
            }
            if let label = list.label {
              CountTotals.add(counts, to: &sums.cells[k * classCount + label])
            } else {
              CountTotals.add(counts, to: &sums.rows[k])
            }
          }
        }
      }
      return sums
    }
    return parts.reduce(into: CountTotals(classCount: classCount)) { $0.add($1) }
  }

  // MARK: Step

  /// The logarithms of the evidence of each item, the largest of each 0: the derivative of the
  /// bound in the posteriors of the item, without that of its entropy and of the prior.
  func logEvidence(at state: State) -> [Double] {
    let messages = messages(at: state)
    var result = [Double](repeating: 0, count: votes.itemCount * classCount)
    for item in 0..<votes.itemCount {
      let start = item * classCount
      for vote in votes.range(ofItem: item) {
        for k in 0..<classCount { result[start + k] += messages[vote * classCount + k] }
      }
      let most = result[start..<start + classCount].max() ?? 0
      for k in 0..<classCount { result[start + k] -= most }
    }
    return result
  }

  /// The posterior for evidence: proportional to prior times evidence, certain for known classes.
  /// It is uniform for items without votes, so that these change nothing, or (`keepsSilent`) the
  /// prior.
  func posterior(
    _ logEvidence: [Double], prior: [Double], keepsSilent: Bool = false
  ) -> [Double] {
    var result = logEvidence
    for item in 0..<votes.itemCount {
      let start = item * classCount
      if !isVoted[item], !keepsSilent {
        for k in 0..<classCount { result[start + k] = 1 / Double(classCount) }
        continue
      }
      if let known = gold?[item], known >= 0 {
        for k in 0..<classCount { result[start + k] = k == Int(known) ? 1 : 0 }
        continue
      }
      let logs = (0..<classCount).map { Double.log(prior[$0]) + logEvidence[start + $0] }
      let most = logs.max() ?? 0
      let sum = logs.reduce(0) { $0 + Double.exp($1 - most) }
      for k in 0..<classCount { result[start + k] = Double.exp(logs[k] - most) / sum }
    }
    return result
  }

  /// For each vote and class, the part of the derivative that belongs to it.
  private func messages(at state: State) -> [Double] {
    let rows = state.prior.rising(count: groups.most.all)
    let cells = state.prior.rows.indices.map {
      state.prior.rising(cell: $0, count: groups.most.labels[$0 % classCount])
    }
    return [Double](unsafeUninitializedCapacity: votes.count * classCount) { buffer, count in
      buffer.initialize(repeating: 0)
      // Each position belongs to a vote, and each vote to one annotator.
      let target = VoteLikelihood.Storage(buffer)
      _ = mapAnnotators { annotators in
        var work = LeaveOneOut()
        for annotator in annotators {
          for list in groups.counts(ofAnnotator: annotator) where !list.terms.isEmpty {
            for k in 0..<classCount {
              let table = list.label.map { cells[k * classCount + $0] } ?? rows
              let sign = list.label == nil ? -1.0 : 1.0
              work.run(list, share: { state.posterior[$0 * classCount + k] }, table: table) {
                target.row($0.place, classCount)[k] += sign * $1
              }
            }
          }
        }
        return 0
      }
      count = votes.count * classCount
    }
  }
}
