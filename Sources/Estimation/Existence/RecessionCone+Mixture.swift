import SurprisalLinearAlgebra
import SurprisalProbability

/// Likelihoods `Σ log Σₖ qₖ tₖ` with q = softmax(z), each row having some vectors t >= 0: candidate
/// sets, whose t is 1 for the members, and noisy labels, whose t is a column of the confusion
/// matrix.
///
/// Along a direction a row keeps the classes whose logit grows fastest, its top classes A, and the
/// mixture tends to the mean of t over A. For all coefficients, that limit is at least the mixture
/// if and only if A contains every class whose t is larger than that of some class of A. If this
/// holds for all rows and some mixture increases, every point is exceeded: there is no maximum. The
/// condition is sufficient but not necessary, since these likelihoods are not concave.
extension RecessionCone {
  /// Decides whether the maximum exists; `terms` has the vectors t of each row, which may be
  /// estimated. For the other parameters see `search`.
  package func searchMixture(
    _ terms: [[[Double]]], areEstimated: Bool = false, directions: [[Double]] = [],
    fitted: ClassProbabilities? = nil, workLimit: Double = Self.defaultWorkLimit
  ) -> Existence {
    let active = terms.enumerated().map { row, terms in
      weights.map { $0[row] > 0 } ?? true
        ? terms.filter { term in term.contains { $0 != term[0] } } : []
    }
    if active.allSatisfy(\.isEmpty) { return .attained(.fullSupport) }
    let known = LogitConstraints(known: active, classCount: classCount)
    for guess in guesses(directions, known) {
      if let found = mixtureSeparation(along: guess, active) { return .separated(found) }
    }
    var constraints = LogitConstraints(completing: active, by: fitted, classCount: classCount)
    for _ in 0..<Self.completionLimit {
      guard
        case .separated(let found) = search(from: constraints, directions, nil, workLimit)
      else { break }
      let direction = design.direction(of: found.direction, classCount: classCount)
      if let found = mixtureSeparation(along: direction, active) { return .separated(found) }
      guard let top = TopClasses(direction, self),
        constraints.equalize(active, where: { !top.isUpper($0, $1) })
      else { break }
    }
    if isDecided(by: known, workLimit) { return .attained(.knownClasses) }
    if let fitted, !areEstimated, isAboveAllLimits(active, fitted: fitted) {
      return .attained(.aboveAllLimits)
    }
    return .undecided(.notConcave)
  }

  /// The number of attempts in which undecided rows of a completion are required to keep all their
  /// best classes.
  private static let completionLimit = 8

  /// Whether rows with a known class make the likelihood tend to minus infinity along every
  /// direction; the other rows are bounded and cannot compensate.
  private func isDecided(by known: LogitConstraints, _ workLimit: Double) -> Bool {
    guard known.hasInequalities, parameterCount <= Self.largestParameterCount else { return false }
    let space = DirectionSpace(self, known)
    guard space.isClear, space.rank == (classCount - 1) * design.columnCount,
      case .attained = search(from: known, [], nil, workLimit)
    else { return false }
    return true
  }

  /// The separation by a direction, if no row decreases along it and some row increases.
  private func mixtureSeparation(
    along direction: [Double], _ terms: [[[Double]]]
  ) -> Separation? {
    guard let top = TopClasses(direction, self), top.isRigorous || design.hasComparableRows
    else { return nil }
    var (separated, isComplete, gains) = (0, true, false)
    for (row, terms) in terms.enumerated() where !terms.isEmpty {
      if top.flags[row].contains(false) { separated += 1 }
      for term in terms {
        guard top.isUpper(row, term) else { return nil }
        let best = term.reduce(0, max)
        let kept = (0..<classCount).filter { top.flags[row][$0] }
        if kept.contains(where: { term[$0] < best }) { isComplete = false }
        let least = kept.map { term[$0] }.reduce(.infinity, min)
        let largest = kept.map { term[$0] }.reduce(0, max)
        let rest = (0..<classCount).filter { !top.flags[row][$0] }.map { term[$0] }
        if let smallest = rest.min(), smallest < largest || rest.contains(where: { $0 < least }) {
          gains = true
        }
      }
    }
    guard gains else { return nil }
    let rest = LogitConstraints(
      rowCount: terms.count, classCount: classCount
    ) { row in terms[row].isEmpty ? nil : top.flags[row].map { $0 ? .equal : .free } }
    return Separation(
      kind: isComplete ? .complete : .quasi,
      direction: design.parameters(of: direction, classCount: classCount),
      isRigorous: top.isRigorous, isExhaustive: false, separatedRowCount: separated,
      rowCount: terms.count { !$0.isEmpty }, classCount: classCount, groups: finiteGroups(rest),
      columnCount: design.featureCount)
  }
}

/// The classes of each row whose logit grows fastest along a direction.
private struct TopClasses {
  /// Row by row, class by class.
  private(set) var flags: [[Bool]] = []
  /// Whether all sums that were treated as equal are certainly equal.
  private(set) var isRigorous = true

  /// Nil if rounding leaves the top classes undecided.
  init?(_ direction: [Double], _ cone: RecessionCone) {
    let (design, classes) = (cone.design, cone.classCount)
    let width = design.columnCount
    let rows = (0..<classes).map { Array(direction[$0 * width..<($0 + 1) * width]) }
    let lengths = rows.map(\.euclideanNorm)
    var flags: [[Bool]] = []
    var (isRigorous, isClear) = (true, true)
    design.forEachLogitBlock(of: direction, classCount: classes) { block, units, stride in
      for (place, row) in block.enumerated() {
        let values = (0..<classes).map { units[$0 * stride + place] }
        let top = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
        flags.append(
          values.indices.map { index in
            if rows[index] == rows[top] { return true }
            let size = design.rowLengths[row] * (lengths[index] + lengths[top])
            let gap = size > 0 ? (values[top] - values[index]) / size : 0
            if gap > RecessionCone.gapTolerance { return false }
            isRigorous = isRigorous && size == 0
            isClear = isClear && gap <= RecessionCone.tieTolerance
            return true
          })
      }
    }
    guard isClear else { return nil }
    (self.flags, self.isRigorous) = (flags, isRigorous)
  }

  /// Whether the top classes of the row include every class whose t is larger than that of one of
  /// them.
  func isUpper(_ row: Int, _ term: [Double]) -> Bool {
    let kept = term.indices.filter { flags[row][$0] }.map { term[$0] }.reduce(.infinity, min)
    return term.indices.allSatisfy { flags[row][$0] || term[$0] <= kept }
  }
}

extension LogitConstraints {
  /// Constraints of the rows in which exactly one class has a positive t; other rows are ignored.
  fileprivate init(known terms: [[[Double]]], classCount: Int) {
    self.init(rowCount: terms.count, classCount: classCount) { row in
      let known = terms[row].compactMap { term -> Int? in
        let positive = term.indices.filter { term[$0] > 0 }
        return positive.count == 1 ? positive[0] : nil
      }
      guard !known.isEmpty else { return nil }
      return (0..<classCount).map { known.contains($0) ? .equal : .atMost }
    }
  }

  /// The constraints if each row belongs to the class with the largest t, in a tie the most
  /// probable: classes with a smaller t must not exceed it, others with the same t may.
  fileprivate init(
    completing terms: [[[Double]]], by fitted: ClassProbabilities?, classCount: Int
  ) {
    self.init(rowCount: terms.count, classCount: classCount) { row in
      guard !terms[row].isEmpty else { return nil }
      var result = [Constraint](repeating: .free, count: classCount)
      for term in terms[row] {
        let best = term.reduce(0, max)
        for index in term.indices where term[index] < best && result[index] != .equal {
          result[index] = .atMost
        }
        let leader = term.indices.filter { term[$0] == best }.max { first, second in
          (fitted?.values[row, first] ?? 0, second) < (fitted?.values[row, second] ?? 0, first)
        }
        if let leader { result[leader] = .equal }
      }
      return result
    }
  }

  /// Requires equal logits for the classes with the largest t of some rows; false if nothing
  /// changes.
  fileprivate mutating func equalize(
    _ terms: [[[Double]]], where isOpen: (Int, [Double]) -> Bool
  ) -> Bool {
    var hasChanged = false
    for (row, terms) in terms.enumerated() {
      for term in terms where isOpen(row, term) {
        let best = term.reduce(0, max)
        for index in term.indices where term[index] == best && self[row, class: index] != .equal {
          set(.equal, row: row, class: index)
          hasChanged = true
        }
      }
    }
    return hasChanged
  }
}
