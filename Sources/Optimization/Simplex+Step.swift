import SurprisalLinearAlgebra

extension Simplex {
  /// The entering variable, and the sign of its change.
  struct Entering {
    let column: Int
    let reducedCost: Double
    var sign: Double { reducedCost < 0 ? 1 : -1 }
  }

  enum StepOutcome { case done, unbounded, imprecise }

  /// The shortest step that counts as progress.
  private static let shortestStep = 1e-12

  /// Whether there were so many degenerate steps that Bland's rule is needed to rule out cycling.
  private var usesBlandsRule: Bool { idleSteps > 100 + 2 * basis.count }

  /// The variable with the largest decrease of the objective relative to its length, or under
  /// Bland's rule the first that decreases it.
  func entering() -> Entering? {
    var best: Entering?
    var bestScore = Self.costTolerance
    for column in program.costs.indices where !isBasic[column] {
      let (lower, upper) = (program.lower[column], program.upper[column])
      guard lower < upper else { continue }
      let cost = isFirstPhase ? 0 : program.costs[column]
      let reduced = cost - program.product(ofColumn: column, with: multipliers)
      let score = reduced.magnitude / program.lengths[column]
      guard score > bestScore else { continue }
      let canMove = reduced < 0 ? values[column] < upper : values[column] > lower
      guard canMove else { continue }
      best = Entering(column: column, reducedCost: reduced)
      if usesBlandsRule { break }
      bestScore = score
    }
    return best
  }

  /// Moves the entering variable as far as possible.
  mutating func step(_ entering: Entering) -> StepOutcome {
    let change = basicChange(of: entering.column)
    let column = entering.column
    let ownRange = program.upper[column] - program.lower[column]
    let blocking =
      usesBlandsRule
      ? firstBlocking(change, sign: entering.sign)
      : firmestBlocking(change, sign: entering.sign)
    guard let blocking, blocking.distance < ownRange else {
      guard ownRange.isFinite else { return .unbounded }
      move(entering, change, by: ownRange)
      values[column] = entering.sign > 0 ? program.upper[column] : program.lower[column]
      return .done
    }
    guard change[blocking.row].magnitude > 1e-7 * change.infinityNorm || stepsSinceInversion == 0
    else { return .imprecise }
    move(entering, change, by: blocking.distance)
    exchange(entering, blocking, change)
    return .done
  }

  /// The decrease of the basic variables per unit of a column: B⁻¹ a.
  private func basicChange(of column: Int) -> [Double] {
    inverse.map { program.product(ofColumn: column, with: $0) }
  }

  private mutating func move(_ entering: Entering, _ change: [Double], by distance: Double) {
    iterations += 1
    idleSteps = distance > Self.shortestStep ? 0 : idleSteps + 1
    basicValues.add(-entering.sign * distance, times: change)
  }

  private mutating func exchange(_ entering: Entering, _ blocking: Blocking, _ change: [Double]) {
    let row = blocking.row
    let leaving = basis[row]
    if leaving >= 0 {
      isBasic[leaving] = false
      values[leaving] = blocking.bound
    }
    basis[row] = entering.column
    isBasic[entering.column] = true
    basicValues[row] = values[entering.column] + entering.sign * blocking.distance
    var pivotRow = inverse[row]
    pivotRow.scale(by: 1 / change[row])
    inverse[row] = pivotRow
    for other in inverse.indices where other != row && change[other] != 0 {
      inverse[other].add(-change[other], times: pivotRow)
    }
    multipliers.add(entering.reducedCost, times: pivotRow)
    stepsSinceInversion += 1
  }
}
