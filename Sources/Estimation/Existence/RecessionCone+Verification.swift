import SurprisalLinearAlgebra

/// A direction that keeps every class with a share on a par in every row, and what falls behind.
struct VerifiedDirection {
  let direction: [Double]
  /// Whether all signs and ties are certain beyond rounding.
  let isRigorous: Bool
  /// The standings with all that falls behind set free.
  let standings: ClassStandings
}

extension RecessionCone {
  /// Relative difference up to which two logits that rounding may have parted are on a par.
  static let tieTolerance = 1e-11
  /// Relative difference from which on they are not, when others are on a par only up to rounding.
  static let gapTolerance = 1e-8

  /// Checks a direction on every row, for all that `standings` asks; nil unless it holds everywhere
  /// and something falls behind.
  ///
  /// Differences of logits are compared with `|x_i| (|B_k| + |B_j|)`. A difference beyond
  /// `2 (E + 2)` roundings of that is certain. Classes with the same coefficients are certainly on
  /// a par. If those two cases cover everything the direction is rigorous; otherwise ties and gaps
  /// must keep clear of each other by the two tolerances above.
  func verify(_ direction: [Double], _ standings: ClassStandings) -> VerifiedDirection? {
    let survey = DirectionSurvey(direction, standings, design)
    guard survey.isConsistent else { return nil }
    let threshold = survey.hasRoundedTies ? Self.gapTolerance : survey.certain
    if survey.hasRoundedTies {
      guard survey.largestTie <= Self.tieTolerance, survey.smallestGap >= Self.gapTolerance else {
        return nil
      }
    }
    var rest = standings
    var hasFreed = false
    survey.forEachExclusion { row, index, gap in
      guard gap > threshold else { return }
      rest.free(row: row, class: index)
      hasFreed = true
    }
    guard hasFreed else { return nil }
    return VerifiedDirection(
      direction: direction, isRigorous: !survey.hasRoundedTies, standings: rest)
  }

  /// Takes small differences for ties, moves the direction to where they are ties, and checks it.
  ///
  /// The last step of a fit points along a separating direction up to what the finite coefficients
  /// still change; several sizes of that are tried.
  func round(_ guess: [Double], _ standings: ClassStandings) -> VerifiedDirection? {
    var tried: ClassStandings?
    let survey = DirectionSurvey(guess, standings, design)
    for tolerance in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8] {
      var ties = standings
      var hasGap = false
      var isPossible = survey.largestSharedDifference <= tolerance
      survey.forEachExclusion { row, index, gap in
        if gap < -tolerance { isPossible = false }
        guard gap > tolerance else { return }
        ties.free(row: row, class: index)
        hasGap = true
      }
      guard isPossible, hasGap, ties != tried else { continue }
      tried = ties
      let space = DirectionSpace(design, ties, threads)
      if let found = verify(snap(space.project(guess)), standings) { return found }
    }
    return nil
  }

  /// Makes coefficients of a column the same where rounding alone parts them, and zero where it
  /// alone keeps them from zero: ties between classes are exact then.
  func snap(_ direction: [Double]) -> [Double] {
    let tolerance = 1e-11 * direction.infinityNorm
    var result = direction
    for column in 0..<design.columnCount {
      let places = (0..<classCount).map { $0 * design.columnCount + column }
      var last: Double?
      for place in places.sorted(by: { result[$0] < result[$1] }) {
        let value = result[place].magnitude <= tolerance ? 0 : result[place]
        if let last, (value - last).magnitude <= tolerance {
          result[place] = last
          continue
        }
        result[place] = value
        last = value
      }
    }
    return result
  }
}
