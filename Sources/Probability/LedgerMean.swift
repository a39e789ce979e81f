/// Ledgers of rows on their way to weighted means.
struct LedgerMean {
  private var totalWeight = 0.0
  private var totalMass = 0.0
  private var crossEntropy = 0.0
  private var labelEntropy = 0.0
  private var divergence = 0.0
  private var lines = LabelReading.Kind.allCases.map { _ in Line() }

  private struct Line {
    var value = 0.0
    var constant = 0.0
    var difference: Double? = 0
    var reason: String?
  }

  /// `observations` is the number of votes of a row: entropies are means over votes, log-likelihoods
  /// over rows.
  mutating func add(_ ledger: Ledger, row: Int, weight: Double, observations: Double) {
    totalWeight += weight
    let mass = weight * observations
    totalMass += mass
    crossEntropy += mass * ledger.crossEntropy
    labelEntropy += mass * ledger.labelEntropy
    divergence += mass * ledger.divergence
    for (index, reading) in ledger.readings.enumerated() where lines[index].reason == nil {
      guard let value = reading.logLikelihood, let constant = reading.constant else {
        let isGeneral =
          reading.kind == .fractionalResponse || reading.reason?.hasPrefix("needs") ?? false
        lines[index].reason = reading.reason.map { isGeneral ? $0 : "\($0) (row \(row + 1))" }
        continue
      }
      lines[index].value += weight * value
      lines[index].constant += weight * constant
      lines[index].difference =
        lines[index].difference.flatMap { sum in reading.difference.map { sum + weight * $0 } }
    }
  }

  /// The means; those of no row are zeros.
  var ledger: Ledger {
    let scale = totalWeight > 0 ? 1 / totalWeight : 0
    let readings = zip(LabelReading.Kind.allCases, lines).map { kind, line in
      let isMissing = line.reason != nil
      return LabelReading(
        kind, logLikelihood: isMissing ? nil : line.value * scale,
        constant: isMissing ? nil : line.constant * scale,
        difference: isMissing ? nil : line.difference.map { $0 * scale }, reason: line.reason)
    }
    let perVote = totalMass > 0 ? 1 / totalMass : 0
    return Ledger(
      crossEntropy: crossEntropy * perVote, labelEntropy: labelEntropy * perVote,
      divergence: divergence * perVote, readings: readings, totalWeight: totalMass,
      rowWeight: totalWeight)
  }
}
