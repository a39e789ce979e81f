/// Ledgers of rows on their way to weighted means.
struct LedgerMean {
  private var totalWeight = 0.0
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

  mutating func add(_ ledger: Ledger, row: Int, weight: Double) {
    totalWeight += weight
    crossEntropy += weight * ledger.crossEntropy
    labelEntropy += weight * ledger.labelEntropy
    divergence += weight * ledger.divergence
    for (index, reading) in ledger.readings.enumerated() where lines[index].reason == nil {
      guard let value = reading.logLikelihood, let constant = reading.constant else {
        lines[index].reason = reading.reason.map { "\($0) (row \(row + 1))" }
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
    return Ledger(
      crossEntropy: crossEntropy * scale, labelEntropy: labelEntropy * scale,
      divergence: divergence * scale, readings: readings, totalWeight: totalWeight)
  }
}
