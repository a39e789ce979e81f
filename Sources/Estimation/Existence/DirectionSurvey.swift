import SurprisalLinearAlgebra

/// The differences of logits along a direction, relative to the size of their terms.
struct DirectionSurvey {
  /// Relative differences above this have a certain sign.
  let certain: Double
  /// Whether some difference is so near zero that rounding may have made it.
  private(set) var hasRoundedTies = false
  /// The largest relative difference that may be a tie.
  private(set) var largestTie = 0.0
  /// The smallest relative difference that is certainly none, or looks like none.
  private(set) var smallestGap = Double.infinity
  /// The largest relative difference between classes that both have a share.
  private(set) var largestSharedDifference = 0.0

  private let direction: [Double]
  private let constraints: LogitConstraints
  private let design: ExistenceDesign
  /// Length of each class's coefficients.
  private let lengths: [Double]
  /// Classes with the same coefficients have the same number.
  private let identities: [Int]

  /// Whether all constraints hold up to rounding.
  var isConsistent: Bool { largestTie <= RecessionCone.tieTolerance }

  init(_ direction: [Double], _ constraints: LogitConstraints, _ design: ExistenceDesign) {
    self.direction = direction
    self.constraints = constraints
    self.design = design
    let unit = design.isSingle ? Double(Float.ulpOfOne) : .ulpOfOne
    certain = 2 * Double(design.columnCount + 2) * unit
    let rows = (0..<constraints.classCount).map { index in
      Array(direction[index * design.columnCount..<(index + 1) * design.columnCount])
    }
    lengths = rows.map(\.euclideanNorm)
    var firsts: [[Double]: Int] = [:]
    identities = rows.enumerated().map { index, row in
      if let first = firsts[row] { return first }
      firsts[row] = index
      return index
    }
    collect()
  }

  private mutating func collect() {
    var largestTie = 0.0
    var smallestGap = Double.infinity
    var largestShared = 0.0
    var hasRoundedTies = false
    forEachPair { _, _, constraint, gap in
      if constraint == .equal {
        largestShared = Swift.max(largestShared, gap.magnitude)
        largestTie = Swift.max(largestTie, gap.magnitude)
        hasRoundedTies = true
      } else if gap > certain {
        // Without rounded ties any certain gap will do; with them it must be a wide one.
        if gap > RecessionCone.tieTolerance { smallestGap = Swift.min(smallestGap, gap) }
      } else {
        largestTie = Swift.max(largestTie, -gap)
        hasRoundedTies = true
      }
    }
    self.largestTie = largestTie
    self.smallestGap = smallestGap
    largestSharedDifference = largestShared
    self.hasRoundedTies = hasRoundedTies
  }

  /// Visits, with the relative difference, the classes whose logit may only decrease.
  func forEachInequality(_ body: (_ row: Int, _ class: Int, _ gap: Double) -> Void) {
    forEachPair { row, index, constraint, gap in
      if constraint == .atMost { body(row, index, gap) }
    }
  }

  /// Visits all pairs but those of classes with the same coefficients: nothing parts these.
  private func forEachPair(_ body: (Int, Int, LogitConstraints.Constraint, Double) -> Void) {
    let classCount = constraints.classCount
    design.forEachLogitBlock(of: direction, classCount: classCount) { rows, units, stride in
      for (place, row) in rows.enumerated() {
        guard let leader = constraints.leaders[row] else { continue }
        for index in 0..<classCount where identities[index] != identities[leader] {
          let constraint = constraints[row, class: index]
          guard constraint != .free else { continue }
          let difference = units[leader * stride + place] - units[index * stride + place]
          let size = design.rowLengths[row] * (lengths[leader] + lengths[index])
          // A row of zeros keeps all logits equal, whatever the direction.
          if size > 0 { body(row, index, constraint, difference / size) }
        }
      }
    }
  }
}
