import SurprisalLinearAlgebra

/// A direction that satisfies the constraints of every row, and the classes it frees.
struct VerifiedDirection {
  let direction: [Double]
  /// Whether all signs and ties are certain beyond rounding.
  let isRigorous: Bool
  /// The constraints after freeing every class whose logit decreases.
  let constraints: LogitConstraints
}

extension RecessionCone {
  /// The largest relative difference of two logits that are treated as equal.
  static let tieTolerance = 1e-11
  /// The smallest relative difference that is treated as different if others are equal only up to
  /// rounding.
  static let gapTolerance = 1e-8

  /// Checks a direction on every row against `constraints`; nil unless it satisfies all of them and
  /// some logit decreases.
  ///
  /// Differences of logits are compared with `|x_i| (|B_k| + |B_j|)`. A difference beyond `2 (E +
  /// 2)` roundings of that is certain. Classes with the same coefficients certainly have equal
  /// logits. If those two cases cover everything, the direction is rigorous; otherwise ties and
  /// gaps must be separated by the two tolerances above.
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

  /// Treats small differences as ties, projects the direction so that they are ties, and checks it.
  ///
  /// The last step of a fit approximates a separating direction, with an error from the finite
  /// coefficients that still change; several thresholds are tried.
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

  /// Makes coefficients of a column equal if they differ only by rounding, and zero if they differ
  /// from zero only by rounding: ties between classes are then exact.
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
