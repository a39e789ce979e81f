extension Simplex {
  /// The basic variable that limits a step, the step length, and the bound that it reaches.
  struct Blocking {
    let row: Int
    let distance: Double
    let bound: Double
  }

  /// Of all variables that limit the step within the tolerance on bounds, the one that changes
  /// most: its pivot is numerically the most stable (Harris).
  func firmestBlocking(_ change: [Double], sign: Double) -> Blocking? {
    var limit = Double.infinity
    for row in basis.indices {
      guard let distance = distance(row, sign * change[row])?.distance else { continue }
      let slack = Self.boundTolerance / change[row].magnitude
      limit = Swift.min(limit, Swift.max(distance, 0) + slack)
    }
    var best: Blocking?
    for row in basis.indices {
      guard let candidate = distance(row, sign * change[row]), candidate.distance <= limit
      else { continue }
      if let best, change[row].magnitude <= change[best.row].magnitude { continue }
      best = candidate
    }
    return best
  }

  /// The variable that limits the step first; in a tie the lowest index, as Bland's rule requires.
  func firstBlocking(_ change: [Double], sign: Double) -> Blocking? {
    var best: Blocking?
    for row in basis.indices {
      guard let candidate = distance(row, sign * change[row]) else { continue }
      guard let current = best else {
        best = candidate
        continue
      }
      let difference = candidate.distance - current.distance
      if difference < -1e-12 || (difference <= 1e-12 && basis[row] < basis[current.row]) {
        best = candidate
      }
    }
    return best
  }

  /// The step at which the basic variable of a row, which decreases by `fall` per unit, reaches a
  /// bound; nil if it does not.
  private func distance(_ row: Int, _ fall: Double) -> Blocking? {
    guard fall.magnitude > Self.pivotTolerance else { return nil }
    let column = basis[row]
    let lower = column < 0 ? 0 : program.lower[column]
    let upper = column >= 0 ? program.upper[column] : isFirstPhase ? .infinity : 0
    let bound = fall > 0 ? lower : upper
    guard bound.isFinite else { return nil }
    let distance = Swift.max(0, (basicValues[row] - bound) / fall)
    return Blocking(row: row, distance: distance, bound: bound)
  }
}
