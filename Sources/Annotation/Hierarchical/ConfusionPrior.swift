import RealModule

/// The common confusion matrix m and the concentration κ of annotators around it: row k of the
/// matrix of each annotator is drawn from a Dirichlet distribution with exponents `κ m_k`.
///
/// The state is kept as the dispersion `1 / κ`, so that infinite concentration is a number: then
/// all annotators have the same matrix.
struct ConfusionPrior: Sendable, Equatable {
  /// `m[k * classCount + label]`.
  var rows: [Double]
  /// `1 / κ`.
  var dispersion: Double

  let classCount: Int

  /// Whether the probability of the votes depends on the concentration.
  private(set) var isDetermined = true

  /// At the larger end the concentration is infinite.
  private static let range = VoteHierarchy.concentrations
  private static let leastShare = 1e-300

  /// The concentration κ.
  var concentration: Double { dispersion > 0 ? 1 / dispersion : .infinity }

  init(rows: [Double], dispersion: Double, classCount: Int) {
    (self.rows, self.dispersion, self.classCount) = (rows, dispersion, classCount)
  }

  /// The starting point: rows from expected votes.
  init(_ tails: CountTotals, classCount: Int) {
    self.classCount = classCount
    rows = []
    dispersion = 0
    for k in 0..<classCount {
      let masses = (0..<classCount).map { tails.cells[k * classCount + $0].reduce(0, +) }
      let total = masses.reduce(0, +)
      rows += masses.map {
        total > 0 ? max($0 / total, Self.leastShare) : 1 / Double(classCount)
      }
    }
  }

  /// The mean over the classes of annotators of the logarithm of the probability of their votes:
  /// `Σ [Σ_v log Γ(κ m_v + n_v) / Γ(κ m_v) - log Γ(κ + n) / Γ(κ)]`, in which κ cancels if it is
  /// infinite.
  func value(_ tails: CountTotals) -> Double {
    var sum = 0.0
    for (cell, weights) in tails.cells.enumerated() {
      for (n, weight) in weights.enumerated() where weight > 0 {
        sum += weight * Double.log(rows[cell] + Double(n) * dispersion)
      }
    }
    for weights in tails.rows {
      for (n, weight) in weights.enumerated() where weight > 0 {
        sum -= weight * Double.log(onePlus: Double(n) * dispersion)
      }
    }
    return sum
  }

  /// The derivative of the value in `log κ`, by `n / (κ m + n)`, whose differences keep their
  /// digits at large κ.
  func slope(_ tails: CountTotals) -> Double {
    var sum = 0.0
    for (cell, weights) in tails.cells.enumerated() {
      for (n, weight) in weights.enumerated() where n > 0 && weight > 0 {
        sum -= weight * (Double(n) * dispersion / (rows[cell] + Double(n) * dispersion))
      }
    }
    for weights in tails.rows {
      for (n, weight) in weights.enumerated() where n > 0 && weight > 0 {
        sum += weight * (Double(n) * dispersion / (1 + Double(n) * dispersion))
      }
    }
    return sum
  }

  // MARK: Rows

  /// Maximises over the rows at the given concentration, class by class; the value is concave.
  mutating func fitRows(_ tails: CountTotals) {
    for k in 0..<classCount { fitRow(k, tails) }
  }

  /// Newton's method on the simplex; a step out of it is replaced by one of expectation
  /// maximisation, `m_v ∝ m_v h_v` with `h_v` the derivative.
  private mutating func fitRow(_ k: Int, _ tails: CountTotals) {
    let cells = k * classCount..<(k + 1) * classCount
    let total = cells.reduce(0) { $0 + tails.cells[$1].reduce(0, +) }
    guard total > 0 else {
      for cell in cells { rows[cell] = 1 / Double(classCount) }
      return
    }
    for _ in 0..<Self.mostSteps {
      let (slopes, curves) = derivatives(cells, tails)
      // A label without votes has no derivative: its share is zero.
      let free = cells.indices.filter { slopes[$0 - cells.lowerBound] > 0 }.map {
        $0 - cells.lowerBound
      }
      let (sum, weight) = free.reduce((0.0, 0.0)) {
        ($0.0 + slopes[$1] / curves[$1], $0.1 + 1 / curves[$1])
      }
      let level = sum / weight
      var next = slopes.indices.map { rows[cells.lowerBound + $0] * slopes[$0] }
      let newton = free.map { rows[cells.lowerBound + $0] + (level - slopes[$0]) / curves[$0] }
      if newton.allSatisfy({ $0 > 0 && $0.isFinite }) {
        for (place, share) in zip(free, newton) { next[place] = share }
      }
      let whole = next.reduce(0, +)
      var change = 0.0
      for (place, share) in next.enumerated() {
        let share = max(share / whole, Self.leastShare)
        change = max(change, (share - rows[cells.lowerBound + place]).magnitude / share)
        rows[cells.lowerBound + place] = share
      }
      if change < 1e-14 { return }
    }
  }

  private static let mostSteps = 60

  /// First and second derivatives in the shares of a row.
  private func derivatives(
    _ cells: Range<Int>, _ tails: CountTotals
  ) -> (slopes: [Double], curves: [Double]) {
    var (slopes, curves) = (
      [Double](repeating: 0, count: classCount), [Double](repeating: 0, count: classCount)
    )
    for (place, cell) in cells.enumerated() {
      for (n, weight) in tails.cells[cell].enumerated() where weight > 0 {
        let part = 1 / (rows[cell] + Double(n) * dispersion)
        slopes[place] += weight * part
        curves[place] -= weight * part * part
      }
    }
    return (slopes, curves)
  }

  // MARK: Concentration

  /// The best rows and concentration; from the concentration given, or (`isGlobal`) the best of
  /// a range. If no annotator has two votes on items of a class it is not determined, and infinite.
  mutating func fit(_ tails: CountTotals, isGlobal: Bool) {
    isDetermined = tails.rows.contains { $0.dropFirst().contains { $0 > 1e-12 } }
    guard isDetermined else {
      dispersion = 0
      fitRows(tails)
      return
    }
    var start = dispersion > 0 ? -Double.log(dispersion) : Double.log(Self.range.upperBound)
    if isGlobal {
      var best = -Double.infinity
      for power in -1...16 {
        let candidate = self.fitted(tails, at: 1.15 * Double(power))
        let value = candidate.value(tails)
        if value > best { (best, start) = (value, 1.15 * Double(power)) }
      }
    }
    climb(tails, from: start)
  }

  /// The best rows at `log κ`.
  private func fitted(_ tails: CountTotals, at logarithm: Double) -> ConfusionPrior {
    var result = self
    result.dispersion = Double.exp(-logarithm)
    result.fitRows(tails)
    return result
  }

  /// Brackets the zero of the slope that lies uphill, and finds it by regula falsi with halving.
  private mutating func climb(_ tails: CountTotals, from start: Double) {
    let (low, high) = (Double.log(Self.range.lowerBound), Double.log(Self.range.upperBound))
    func slope(_ place: Double) -> Double { fitted(tails, at: place).slope(tails) }
    var (left, right) = (start, start)
    let first = slope(start)
    var (leftSlope, rightSlope) = (first, first)
    var width = 0.05
    while leftSlope < 0, left > low {
      (right, rightSlope) = (left, leftSlope)
      left = max(low, left - width)
      leftSlope = slope(left)
      width *= 2
    }
    width = 0.05
    while rightSlope > 0, right < high {
      (left, leftSlope) = (right, rightSlope)
      right = min(high, right + width)
      rightSlope = slope(right)
      width *= 2
    }
    if leftSlope <= 0 { return settle(tails, at: left) }
    if rightSlope >= 0 { return settle(tails, at: right >= high ? .infinity : right) }
    var side = 0
    for _ in 0..<100 where right - left > 1e-13 * max(1, left.magnitude) {
      let inner = (left * rightSlope - right * leftSlope) / (rightSlope - leftSlope)
      let place = inner > left && inner < right ? inner : (left + right) / 2
      let found = slope(place)
      if found == 0 { return settle(tails, at: place) }
      if found > 0 {
        if side > 0 { rightSlope /= 2 }
        (left, leftSlope, side) = (place, found, 1)
      } else {
        if side < 0 { leftSlope /= 2 }
        (right, rightSlope, side) = (place, found, -1)
      }
    }
    settle(tails, at: (left + right) / 2)
  }

  private mutating func settle(_ tails: CountTotals, at logarithm: Double) {
    dispersion = logarithm.isFinite ? Double.exp(-logarithm) : 0
    fitRows(tails)
  }

  // MARK: Tables

  /// `Σ_{j < n} log(m_v + j / κ)` for n = 0, 1, ..., `count`.
  func rising(cell: Int, count: Int) -> [Double] {
    sums(count) { Double.log(rows[cell] + Double($0) * dispersion) }
  }

  /// `Σ_{j < n} log(1 + j / κ)` for n = 0, 1, ..., `count`.
  func rising(count: Int) -> [Double] {
    sums(count) { Double.log(onePlus: Double($0) * dispersion) }
  }

  private func sums(_ count: Int, _ term: (Int) -> Double) -> [Double] {
    var (result, sum) = ([0.0], 0.0)
    result.reserveCapacity(count + 1)
    for n in 0..<count {
      sum += term(n)
      result.append(sum)
    }
    return result
  }
}
