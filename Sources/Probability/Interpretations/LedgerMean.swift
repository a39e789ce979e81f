/// Accumulates the ledgers of rows into weighted means.
struct LedgerMean {
  private var totalWeight = 0.0
  private var totalVoteWeight = 0.0
  private var crossEntropy = 0.0
  private var labelEntropy = 0.0
  private var divergence = 0.0
  private var lines = LabelInterpretation.Kind.allCases.map { _ in Line() }

  private struct Line {
    var value = 0.0
    var constant = 0.0
    var difference: Double? = 0
    var reason: String?
  }

  /// Adds the ledger of a row of `labels` and its prediction. A row of counts provides its votes, a
  /// row of candidates its set, a row of evidence its evidence.
  mutating func add(
    row: Int, of labels: Labels, _ prediction: [Double], _ weight: Double,
    _ assumptions: Ledger.Assumptions
  ) {
    var own = assumptions
    if case .counts(let counts) = labels { own.votes = counts.totals[row] }
    if case .candidates(let sets) = labels { own.candidates = sets.members(ofRow: row) }
    if case .evidence(let given) = labels { own.logEvidence = given.logEvidence(ofRow: row) }
    let entry = LedgerEntry(
      label: labels.distribution(ofRow: row), prediction: prediction, own)
    add(
      Ledger(entry), row: row, weight: weight, observations: labels.multiplicity(ofRow: row))
  }

  /// Adds the ledger of a row. `observations` is its number of votes: entropies are means over
  /// votes, log-likelihoods over rows.
  mutating func add(_ ledger: Ledger, row: Int, weight: Double, observations: Double) {
    totalWeight += weight
    let voteWeight = weight * observations
    totalVoteWeight += voteWeight
    crossEntropy += voteWeight * ledger.crossEntropy
    labelEntropy += voteWeight * ledger.labelEntropy
    divergence += voteWeight * ledger.divergence
    for (index, interpretation) in ledger.interpretations.enumerated()
    where lines[index].reason == nil {
      guard let value = interpretation.logLikelihood, let constant = interpretation.constant else {
        let isGeneral =
          interpretation.kind == .fractionalResponse
          || interpretation.reason?.hasPrefix("needs") ?? false
        lines[index].reason = interpretation.reason.map {
          isGeneral ? $0 : "\($0) (row \(row + 1))"
        }
        continue
      }
      lines[index].value += weight * value
      lines[index].constant += weight * constant
      lines[index].difference =
        lines[index].difference.flatMap { sum in interpretation.difference.map { sum + weight * $0 }
        }
    }
  }

  /// The weighted means; zeros if no row was added.
  var ledger: Ledger {
    let scale = totalWeight > 0 ? 1 / totalWeight : 0
    let interpretations = zip(LabelInterpretation.Kind.allCases, lines).map { kind, line in
      let isMissing = line.reason != nil
      return LabelInterpretation(
        kind, logLikelihood: isMissing ? nil : line.value * scale,
        constant: isMissing ? nil : line.constant * scale,
        difference: isMissing ? nil : line.difference.map { $0 * scale }, reason: line.reason)
    }
    let perVote = totalVoteWeight > 0 ? 1 / totalVoteWeight : 0
    return Ledger(
      crossEntropy: crossEntropy * perVote, labelEntropy: labelEntropy * perVote,
      divergence: divergence * perVote, interpretations: interpretations,
      totalWeight: totalVoteWeight,
      rowWeight: totalWeight)
  }
}
