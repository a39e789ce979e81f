import RealModule

/// What a point makes of a vote on an item of each difficulty, and of the classes.
struct GladTables: Sendable {
  /// `σ(α_a exp(b_q))`, annotator by annotator.
  let right: [Double]
  /// The logarithm of the probability of a vote for a certain wrong class, in the same order.
  let logWrong: [Double]
  let abilities: [Double]
  let logPrior: [Double]
  let classPrior: [Double]
  /// `log(C - 1)`.
  let logWrongClasses: Double

  /// The number of difficulties.
  static let count = GladLikelihood.eases.count
  static let logShares = GladLikelihood.shares.map { Double.log($0) }

  init(_ likelihood: GladLikelihood, at point: [Double]) {
    let logWrongClasses = Double.log(Double(likelihood.votes.classCount - 1))
    let abilities = Array(point[..<likelihood.classStart])
    let parts = likelihood.mapRuns(of: abilities.count) { annotators in
      var (right, logWrong) = ([Double](), [Double]())
      right.reserveCapacity(annotators.count * Self.count)
      logWrong.reserveCapacity(annotators.count * Self.count)
      for annotator in annotators {
        for ease in GladLikelihood.eases {
          let x = abilities[annotator] * ease
          let small = Double.exp(-x.magnitude)
          right.append(x >= 0 ? 1 / (1 + small) : small / (1 + small))
          logWrong.append(-max(x, 0) - Double.log(onePlus: small) - logWrongClasses)
        }
      }
      return (right, logWrong)
    }
    right = parts.flatMap(\.0)
    logWrong = parts.flatMap(\.1)
    self.abilities = abilities
    self.logWrongClasses = logWrongClasses
    logPrior = likelihood.logPrior(at: point)
    classPrior = likelihood.classPrior(at: point)
  }
}
