/// The distribution of a sum of independent terms, each a number of votes or zero: of the votes
/// that an annotator cast on items of a class, if the classes of items are independent.
///
/// For equal terms of one vote it is the Poisson binomial distribution. Masses below 1e-22 at both
/// ends are dropped, so that work follows the spread of the sum and not its range.
struct CountDistribution {
  /// The sum to which the first mass belongs.
  private(set) var first = 0
  /// The masses, of successive sums.
  private(set) var masses: [Double] = [1]

  /// Memory of the masses before.
  private var other: [Double] = []

  private static let least = 1e-22

  /// Sets the sum to zero.
  mutating func reset() {
    first = 0
    masses.removeAll(keepingCapacity: true)
    masses.append(1)
  }

  /// Adds a term: `votes` with probability `share`.
  ///
  /// A number that is not whole is rounded down or up at random, so that its mean is kept.
  mutating func add(_ votes: Double, share: Double) {
    guard share > 0 else { return }
    let whole = Int(votes)
    let part = votes - Double(whole)
    if share >= 1, part == 0 {
      first += whole
      return
    }
    let (rest, low, high) = (1 - share, share * (1 - part), share * part)
    other.removeAll(keepingCapacity: true)
    for mass in masses { other.append(rest * mass) }
    for _ in 0..<whole + (part > 0 ? 1 : 0) { other.append(0) }
    let count = masses.count
    other.withUnsafeMutableBufferPointer { other in
      masses.withUnsafeBufferPointer { masses in
        for place in 0..<count { other[place + whole] += low * masses[place] }
        if part > 0 {
          for place in 0..<count { other[place + whole + 1] += high * masses[place] }
        }
      }
    }
    swap(&masses, &other)
    trim()
  }

  private mutating func trim() {
    while masses.count > 1, (masses.last ?? 1) < Self.least { masses.removeLast() }
    var leading = 0
    while leading < masses.count - 1, masses[leading] < Self.least { leading += 1 }
    if leading > 0 {
      masses.removeFirst(leading)
      first += leading
    }
  }

  /// Writes the distribution without a term of `votes`, a whole number, with probability `share`
  /// that is part of it, to `rest`; its masses start at the same sum, or `votes` below.
  ///
  /// Solved from the end at which the recurrence does not amplify errors.
  func remove(_ votes: Int, share: Double, into rest: inout CountDistribution) {
    let count = masses.count
    rest.masses.removeAll(keepingCapacity: true)
    if share <= 0.5 {
      rest.first = first
      let scale = 1 / (1 - share)
      for place in 0..<count {
        let before = place >= votes ? rest.masses[place - votes] : 0
        rest.masses.append(max(0, (masses[place] - share * before) * scale))
      }
      return
    }
    // The mass of a sum s follows from that of s + votes here.
    let skipped = max(0, votes - first)
    rest.first = max(0, first - votes)
    let kept = max(1, count - skipped)
    for _ in 0..<kept { rest.masses.append(0) }
    for place in stride(from: count - 1, through: skipped, by: -1) {
      let after = place + votes < count ? rest.masses[place + votes - skipped] : 0
      rest.masses[place - skipped] = max(0, (masses[place] - (1 - share) * after) / share)
    }
  }

  /// The mean of the increase of `table` by `votes` more: `E[f(n + votes) - f(n)]`.
  func meanIncrease(of table: ArraySlice<Double>, by votes: Double) -> Double {
    let whole = Int(votes)
    let part = votes - Double(whole)
    return table.withUnsafeBufferPointer { table in
      var sum = 0.0
      for (offset, mass) in masses.enumerated() {
        let count = first + offset
        // Beyond the table there are only sums whose probability is rounding.
        guard mass > 0, count + whole + (part > 0 ? 1 : 0) < table.count else { continue }
        var increase = table[count + whole] - table[count]
        if part > 0 { increase += part * (table[count + whole + 1] - table[count + whole]) }
        sum += mass * increase
      }
      return sum
    }
  }
}
