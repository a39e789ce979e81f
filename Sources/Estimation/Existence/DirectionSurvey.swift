import SurprisalLinearAlgebra

/// The differences of logits along a direction, relative to the size of their terms.
struct DirectionSurvey {
  /// Relative differences above this have a certain sign.
  let certain: Double
  /// Whether some difference is so close to zero that it may be due to rounding.
  private(set) var hasRoundedTies = false
  /// The largest relative difference that may be a tie.
  private(set) var largestTie = 0.0
  /// The smallest relative difference that is not a tie: certain, or apparent if ties are rounded.
  private(set) var smallestGap = Double.infinity
  /// The largest relative difference between two classes in the support.
  private(set) var largestSharedDifference = 0.0

  private let direction: [Double]
  private let constraints: LogitConstraints
  private let design: ExistenceDesign
  /// Length of each class's coefficients.
  private let lengths: [Double]
  /// A number for each class, equal for classes with the same coefficients.
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
        // If no ties are rounded, any certain gap suffices; otherwise it must exceed a wider
        // tolerance.
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

  /// Calls `body` with the relative difference for the classes whose logit may only decrease.
  func forEachInequality(_ body: (_ row: Int, _ class: Int, _ gap: Double) -> Void) {
    forEachPair { row, index, constraint, gap in
      if constraint == .atMost { body(row, index, gap) }
    }
  }

  /// Calls `body` for all pairs except those of classes with the same coefficients, which are
  /// always tied.
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
          // A row of zeros keeps all logits equal for any direction.
          if size > 0 { body(row, index, constraint, difference / size) }
        }
      }
    }
  }
}
