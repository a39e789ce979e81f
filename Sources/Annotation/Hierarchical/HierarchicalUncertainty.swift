import SurprisalLinearAlgebra

extension CollapsedBound {
  /// The posterior means of the matrices at the expected counts,
  /// `(κ m_kv + n_akv) / (κ + n_ak)`: annotator by annotator, label by label.
  func table(_ counts: [Double], _ prior: ConfusionPrior) -> [Double] {
    let size = classCount * classCount
    var result = counts
    for start in stride(from: 0, to: counts.count, by: size) {
      for k in 0..<classCount {
        let entries = (0..<classCount).map { start + $0 * classCount + k }
        let total = entries.reduce(0) { $0 + counts[$1] }
        for (label, entry) in entries.enumerated() {
          result[entry] =
            (prior.rows[k * classCount + label] + prior.dispersion * counts[entry])
            / (1 + prior.dispersion * total)
        }
      }
    }
    return result
  }

  /// Standard deviations of the posterior of the matrices: those of Dirichlet distributions with
  /// the exponents `κ m_k + n_ak`, and what the unknown classes of the annotator's own votes add
  /// through the expected counts, by the delta method.
  ///
  /// The prior of the classes, m and κ are taken as known. nil where κ is infinite.
  func uncertainty(
    _ table: [Double], _ counts: [Double], posterior: [Double], _ state: State
  ) -> VoteUncertainty? {
    guard state.prior.dispersion > 0 else { return nil }
    let size = classCount * classCount
    var (variances, accuracies) = (table, [Double](repeating: 0, count: votes.annotatorCount))
    for annotator in accuracies.indices {
      for k in 0..<classCount {
        let entries = (0..<classCount).map { annotator * size + $0 * classCount + k }
        let weight = state.prior.concentration + entries.reduce(0) { $0 + counts[$1] }
        for (label, entry) in entries.enumerated() {
          variances[entry] = table[entry] * (1 - table[entry]) / (weight + 1)
          if label == k {
            accuracies[annotator] += state.classPrior[k] * state.classPrior[k] * variances[entry]
          }
        }
      }
    }
    addClasses(to: &variances, &accuracies, table, counts, posterior, state)
    return VoteUncertainty(
      kind: .posterior, classPrior: [Double](repeating: .nan, count: classCount),
      table: variances.map { $0.squareRoot() }, accuracy: accuracies.map { $0.squareRoot() })
  }

  /// Adds the variance of expected counts, vote by vote: votes of one annotator on one item as
  /// those on different items.
  private func addClasses(
    to variances: inout [Double], _ accuracies: inout [Double], _ table: [Double],
    _ counts: [Double], _ posterior: [Double], _ state: State
  ) {
    let size = classCount * classCount
    let totals = stride(from: 0, to: counts.count, by: size).flatMap { start in
      (0..<classCount).map { k in
        stride(from: start + k, to: start + size, by: classCount).reduce(0) { $0 + counts[$1] }
      }
    }
    for item in 0..<votes.itemCount {
      let shares = posterior[item * classCount..<(item + 1) * classCount]
      for (cell, votes) in votes.cells(ofItem: item) {
        let (annotator, vote) = (cell / classCount, cell % classCount)
        var (mean, square) = (0.0, 0.0)
        for (k, share) in shares.enumerated() {
          let weight = state.prior.concentration + totals[annotator * classCount + k]
          for label in 0..<classCount {
            let entry = annotator * size + label * classCount + k
            let slope = votes * ((label == vote ? 1 : 0) - table[entry]) / weight
            variances[entry] += share * (1 - share) * slope * slope
            if label == k {
              mean += share * state.classPrior[k] * slope
              square += share * (state.classPrior[k] * slope) * (state.classPrior[k] * slope)
            }
          }
        }
        accuracies[annotator] += square - mean * mean
      }
    }
  }
}
