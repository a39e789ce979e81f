/// For each term of a count, the mean increase of a function of the others' sum by the term.
struct LeaveOneOut {
  private var whole = CountDistribution()
  private var rest = CountDistribution()

  /// Calls `body` with each term and `E[f(n + votes) - f(n)]`, n the sum of the other terms.
  /// `share` is the probability of the term of an item, `table` has f(0), f(1), ...
  mutating func run(
    _ list: AnnotatorGroups.Terms, share: (Int) -> Double, table: [Double],
    _ body: (AnnotatorGroups.Term, Double) -> Void
  ) {
    guard list.areWhole else {
      return split(list.terms[...], CountDistribution(), share, table, body)
    }
    whole.reset()
    for term in list.terms { whole.add(term.votes, share: share(term.item)) }
    for term in list.terms {
      whole.remove(Int(term.votes), share: share(term.item), into: &rest)
      body(term, rest.meanIncrease(of: table, by: term.votes))
    }
  }

  /// Halves the terms until one is left, and adds the others to the count: for numbers of votes
  /// that are not whole, whose terms cannot be taken out of a sum without loss.
  private func split(
    _ terms: ArraySlice<AnnotatorGroups.Term>, _ others: CountDistribution,
    _ share: (Int) -> Double, _ table: [Double], _ body: (AnnotatorGroups.Term, Double) -> Void
  ) {
    guard terms.count > 1 else {
      for term in terms { body(term, others.meanIncrease(of: table, by: term.votes)) }
      return
    }
    let middle = terms.startIndex + terms.count / 2
    for (kept, added) in [
      (terms[..<middle], terms[middle...]), (terms[middle...], terms[..<middle]),
    ] {
      var sum = others
      for term in added { sum.add(term.votes, share: share(term.item)) }
      split(kept, sum, share, table, body)
    }
  }
}
