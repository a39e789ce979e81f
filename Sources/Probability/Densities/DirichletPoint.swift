import RealModule

/// The derivatives of a Dirichlet likelihood for one example; see `Dirichlet` for the symbols.
struct DirichletPoint {
  private(set) var shares: [Double]
  private(set) var total = 0.0
  private(set) var value = 0.0
  private(set) var precisionScore = 0.0
  private var deficits: [Double]
  private var pulls: [Double]
  private var deficitSum = 0.0
  private var divergence = 0.0

  init(classCount: Int) {
    shares = [Double](repeating: 0, count: classCount)
    deficits = shares
    pulls = shares
  }

  /// Sets the example: the logits of a row.
  mutating func update(
    _ logits: TileExample, logPrecision: Double, _ responses: InnerProbabilities, _ row: Int
  ) {
    let classes = shares.count
    let sum = logits.exponentialSum(classes) { _ in true }
    total = Double.exp(logPrecision)
    (divergence, deficitSum) = (responses.deficits[row], 0)
    var remainders = PolyGamma.stirlingRemainder(total) - logPrecision / 2
    remainders -= Double(classes - 1) * PolyGamma.halfLogTwoPi
    for index in 0..<classes {
      let share = sum.share(of: logits[index])
      let (p, log) = (responses.probabilities.values[row, index], responses.logs[row, index])
      let logShare = (logits[index] - sum.top) - Double.log(sum.scaled)
      let alpha = total * share
      shares[index] = share
      deficits[index] = PolyGamma.scaledDeficit(alpha)
      deficitSum += deficits[index]
      remainders += Self.remainder(alpha, log: logPrecision + logShare)
      divergence += Logarithms.divergenceTerm(share, p, logs: (logShare, log))
      pulls[index] =
        share > 0 ? alpha * Logarithms.ratio(share, p, logs: (logShare, log)) : 0
    }
    value = remainders - total * divergence
    precisionScore = deficitSum - PolyGamma.scaledDeficit(total) - total * divergence
  }

  /// ∂ℓ/∂zₖ.
  @inline(__always)
  func score(_ unit: Int) -> Double {
    let pull = total * shares[unit] * divergence - pulls[unit]
    return pull + (deficits[unit] - shares[unit] * deficitSum)
  }

  /// The second-derivative term with mean zero over p, which the expected information therefore
  /// omits.
  func scoreTerm(_ i: Int, _ j: Int) -> Double {
    guard i < shares.count else { return j < shares.count ? score(j) : precisionScore }
    let cross = -shares[i] * score(j) - score(i) * shares[j]
    return i == j ? score(i) + cross : cross
  }

  /// log a / 2 minus Stirling's remainder; tends to log a as a tends to 0.
  private static func remainder(_ alpha: Double, log: Double) -> Double {
    guard alpha > 1e-290 else { return log + PolyGamma.halfLogTwoPi }
    return log / 2 - PolyGamma.stirlingRemainder(alpha)
  }
}
