import SurprisalLinearAlgebra

/// The differences of logits along a direction, relative to the size of their terms.
struct DirectionSurvey {
  /// Relative differences above this have a certain sign.
  let certain: Double
  /// Whether something is on a par, or nearly, that rounding may have parted.
  private(set) var hasRoundedTies = false
  /// The largest relative difference that may be a tie.
  private(set) var largestTie = 0.0
  /// The smallest relative difference that is certainly none, or looks like none.
  private(set) var smallestGap = Double.infinity
  /// The largest relative difference between classes that both have a share.
  private(set) var largestSharedDifference = 0.0

  private let direction: [Double]
  private let standings: ClassStandings
  private let design: ExistenceDesign
  /// Length of each class's coefficients.
  private let lengths: [Double]
  /// Classes with the same coefficients have the same number.
  private let identities: [Int]

  /// Whether no class that must not overtake does so clearly, and all that must keep up do.
  var isConsistent: Bool { largestTie <= RecessionCone.tieTolerance }

  init(_ direction: [Double], _ standings: ClassStandings, _ design: ExistenceDesign) {
    self.direction = direction
    self.standings = standings
    self.design = design
    certain = 2 * Double(design.columnCount + 2) * .ulpOfOne
    let rows = (0..<standings.classCount).map { index in
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
    forEachPair { _, _, standing, gap in
      if standing == .supported {
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

  /// Visits, with the relative difference, the classes that must not overtake.
  func forEachExclusion(_ body: (_ row: Int, _ class: Int, _ gap: Double) -> Void) {
    forEachPair { row, index, standing, gap in
      if standing == .excluded { body(row, index, gap) }
    }
  }

  /// Visits all pairs but those of classes with the same coefficients: nothing parts these.
  private func forEachPair(_ body: (Int, Int, ClassStandings.Standing, Double) -> Void) {
    let classCount = standings.classCount
    design.forEachLogitBlock(of: direction, classCount: classCount) { rows, units, stride in
      for (place, row) in rows.enumerated() {
        guard let leader = standings.leaders[row] else { continue }
        for index in 0..<classCount where identities[index] != identities[leader] {
          let standing = standings[row, class: index]
          guard standing != .free else { continue }
          let difference = units[leader * stride + place] - units[index * stride + place]
          let size = design.rowLengths[row] * (lengths[leader] + lengths[index])
          // A row of zeros keeps every class on a par, whatever the direction.
          if size > 0 { body(row, index, standing, difference / size) }
        }
      }
    }
  }
}
