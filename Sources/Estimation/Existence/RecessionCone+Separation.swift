import SurprisalLinearAlgebra

extension RecessionCone {
  /// A direction that separates what either of two directions does, checked on every row. The
  /// second one may increase logits that decrease along the first, so it is scaled by a
  /// sufficiently small power of two.
  func combine(
    _ first: VerifiedDirection, _ second: VerifiedDirection, _ constraints: LogitConstraints
  ) -> VerifiedDirection? {
    var limit = 1.0
    let count = classCount
    design.forEachLogitBlock(of: first.direction + second.direction, classCount: 2 * count) {
      rows, units, stride in
      for (place, row) in rows.enumerated() {
        guard let leader = constraints.leaders[row] else { continue }
        for index in 0..<count where constraints[row, class: index] == .atMost {
          guard first.constraints[row, class: index] == .free else { continue }
          let gain = units[leader * stride + place] - units[index * stride + place]
          let loss =
            units[(count + index) * stride + place] - units[(count + leader) * stride + place]
          if loss > 0 { limit = min(limit, gain / loss / 2) }
        }
      }
    }
    guard limit > 0 else { return nil }
    let factor = Double(sign: .plus, exponent: limit.exponent, significand: 1)
    var sum = first.direction
    sum.add(factor, times: second.direction)
    guard let found = verify(snap(sum), constraints) ?? verify(sum, constraints),
      found.constraints == second.constraints
    else { return nil }
    return found
  }

  /// The separation that a direction gives.
  func separation(
    along found: VerifiedDirection, from constraints: LogitConstraints, isExhaustive: Bool
  ) -> Separation {
    Separation(
      kind: found.constraints.hasInequalities || constraints.hasSharedRows ? .quasi : .complete,
      direction: design.parameters(of: found.direction, classCount: classCount),
      isRigorous: found.isRigorous, isExhaustive: isExhaustive,
      separatedRowCount: found.constraints.freedRowCount(since: constraints),
      rowCount: constraints.activeRowCount, classCount: classCount,
      groups: finiteGroups(found.constraints), columnCount: design.featureCount)
  }

  /// For each coefficient the groups of classes with finite differences.
  ///
  /// A difference is finite if and only if all directions that keep the remaining logits equal
  /// leave it unchanged. One random direction represents all of them; a second one guards against
  /// coincidences.
  func finiteGroups(_ rest: LogitConstraints) -> [[Int]] {
    let apart = Array(0..<classCount)
    var result = [[Int]](
      repeating: apart.map { _ in 0 },
      count: design.featureCount + (design.includesIntercept ? 1 : 0))
    let isAllApart = !rest.hasInequalities && !rest.hasSharedRows
    let space = isAllApart ? nil : DirectionSpace(self, rest)
    let patterns = [1, 2].map { pattern(seed: $0) }
    let directions = space.map { space in patterns.map { space.project($0) } }
    for place in 0..<design.columnCount {
      let column = place < design.independent.count ? design.independent[place] : result.count - 1
      guard let directions else {
        result[column] = apart
        continue
      }
      result[column] = apart.map { index in
        apart.first { other in
          directions.allSatisfy { direction in
            let difference =
              direction[index * design.columnCount + place]
              - direction[other * design.columnCount + place]
            return difference.magnitude <= 1e-7 * direction.infinityNorm
          }
        } ?? index
      }
    }
    return result
  }

  /// Pseudo-random numbers in [1, 2), the same ones every time.
  private func pattern(seed: UInt64) -> [Double] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    return (0..<parameterCount).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 1 + Double(state >> 11) / 9_007_199_254_740_992
    }
  }
}
