import RealModule

/// The derivatives of a Dirichlet-multinomial likelihood for one example; see
/// `DirichletMultinomial` for the symbols.
struct DirichletMultinomialPoint {
  private(set) var shares: [Double]
  private(set) var dispersion = 0.0
  private(set) var value = 0.0
  private(set) var dispersionScore = 0.0
  /// B and X of each class, their sums, and X₀.
  private var kept: [Double]
  private var spread: [Double]
  private var keptSum = 0.0
  private var spreadSum = 0.0
  private var whole = LogRisingFactorial(share: 1, logShare: 0, dispersion: 0, count: 0)

  init(classCount: Int) {
    shares = [Double](repeating: 0, count: classCount)
    kept = shares
    spread = shares
  }

  /// Sets the example: the logits of a row, then the log dispersion.
  mutating func update(_ units: TileExample, _ responses: ClassCounts, _ row: Int) {
    let classes = shares.count
    let sum = units.exponentialSum(classes) { _ in true }
    let logScaled = Double.log(sum.scaled)
    dispersion = Double.exp(min(max(units[classes], -300), 300))
    whole = LogRisingFactorial(
      share: 1, logShare: 0, dispersion: dispersion, count: responses.totals[row])
    (value, dispersionScore, keptSum, spreadSum) = (-whole.log, -whole.lost, 0, 0)
    for index in 0..<classes {
      shares[index] = sum.share(of: units[index])
      let sums = LogRisingFactorial(
        share: shares[index], logShare: (units[index] - sum.top) - logScaled,
        dispersion: dispersion, count: responses.values[row, index])
      value += sums.log
      dispersionScore += sums.lost
      (kept[index], spread[index]) = (sums.kept, sums.spread)
      keptSum += sums.kept
      spreadSum += sums.spread
    }
  }

  /// ∂ℓ/∂zₖ.
  @inline(__always)
  func score(_ unit: Int) -> Double { kept[unit] - shares[unit] * keptSum }

  /// The entry of units i >= j, the last of which is the log dispersion.
  func information(_ i: Int, _ j: Int) -> Double {
    guard i < shares.count else {
      return j < shares.count ? spread[j] - shares[j] * spreadSum : whole.spread - spreadSum
    }
    let (q, p) = (shares[i], shares[j])
    let cross = spread[i] * p + q * spread[j] - q * p * spreadSum
    return i == j ? keptSum * q * (1 - q) - spread[i] + cross : cross - keptSum * q * p
  }

  /// Replaces the sums behind `information` by their expectations under the model. Complexity: O(C
  /// n).
  mutating func takeExpectations(votes: Double) {
    keptSum = whole.kept
    spreadSum = 0
    for index in shares.indices {
      spread[index] = expectedSpread(of: index, votes: votes)
      spreadSum += spread[index]
    }
  }

  /// The mean of Σ_{j < m} f (1 - f) if m, the votes for a class, is beta-binomial.
  ///
  /// Each probability is computed from the previous one, up to a constant factor that is divided
  /// out at the end.
  private func expectedSpread(of index: Int, votes: Double) -> Double {
    let share = shares[index]
    var other = 0.0
    for (place, value) in shares.enumerated() where place != index { other += value }
    guard other > 0 else { return whole.spread }
    var (votesFor, probability, total, sum, mean) = (0.0, 1.0, 1.0, 0.0, 0.0)
    while votesFor < votes {
      let gained = votesFor * dispersion
      if gained > 0 { sum += share / (share + gained) * (gained / (share + gained)) }
      let odds = (share + gained) / (other + (votes - votesFor - 1) * dispersion)
      probability *= min(odds, 1e90) * ((votes - votesFor) / (votesFor + 1))
      votesFor += 1
      total += probability
      mean += probability * sum
      if total > 1e200 {
        probability *= 1e-200
        total *= 1e-200
        mean *= 1e-200
      }
    }
    return mean / total
  }
}
