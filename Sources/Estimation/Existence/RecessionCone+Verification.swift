import SurprisalLinearAlgebra

/// A direction that satisfies the constraints of every row, and what it sets free.
struct VerifiedDirection {
  let direction: [Double]
  /// Whether all signs and ties are certain beyond rounding.
  let isRigorous: Bool
  /// The constraints with every class set free whose logit decreases.
  let constraints: LogitConstraints
}

extension RecessionCone {
  /// Relative difference up to which two logits count as equal.
  static let tieTolerance = 1e-11
  /// Relative difference from which on they count as different if others are equal only up to
  /// rounding.
  static let gapTolerance = 1e-8

  /// Checks a direction on every row, for all that `constraints` asks; nil unless it holds
  /// everywhere and some logit decreases.
  ///
  /// Differences of logits are compared with `|x_i| (|B_k| + |B_j|)`. A difference beyond
  /// `2 (E + 2)` roundings of that is certain. Classes with the same coefficients certainly have
  /// equal logits. If those two cases cover everything the direction is rigorous; otherwise ties
  /// and gaps must keep clear of each other by the two tolerances above.
  func verify(_ direction: [Double], _ constraints: LogitConstraints) -> VerifiedDirection? {
    let survey = DirectionSurvey(direction, constraints, design)
    guard survey.isConsistent else { return nil }
    let threshold = survey.hasRoundedTies ? Self.gapTolerance : survey.certain
    if survey.hasRoundedTies {
      guard survey.largestTie <= Self.tieTolerance, survey.smallestGap >= Self.gapTolerance else {
        return nil
      }
    }
    var rest = constraints
    var hasFreed = false
    survey.forEachInequality { row, index, gap in
      guard gap > threshold else { return }
      rest.free(row: row, class: index)
      hasFreed = true
    }
    guard hasFreed else { return nil }
    return VerifiedDirection(
      direction: direction, isRigorous: !survey.hasRoundedTies, constraints: rest)
  }

  /// Takes small differences for ties, moves the direction to where they are ties, and checks it.
  ///
  /// The last step of a fit points along a separating direction up to what the finite coefficients
  /// still change; several sizes of that are tried.
  func round(_ guess: [Double], _ constraints: LogitConstraints) -> VerifiedDirection? {
    var tried: LogitConstraints?
    let survey = DirectionSurvey(guess, constraints, design)
    for tolerance in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8] {
      var ties = constraints
      var hasGap = false
      var isPossible = survey.largestSharedDifference <= tolerance
      survey.forEachInequality { row, index, gap in
        if gap < -tolerance { isPossible = false }
        guard gap > tolerance else { return }
        ties.free(row: row, class: index)
        hasGap = true
      }
      guard isPossible, hasGap, ties != tried else { continue }
      tried = ties
      let space = DirectionSpace(self, ties)
      if let found = verify(snap(space.project(guess)), constraints) { return found }
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
