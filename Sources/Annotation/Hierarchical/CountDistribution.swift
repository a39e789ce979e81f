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

  /// The array of the masses before, which is used again.
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
    let count = masses.count
    other.removeAll(keepingCapacity: true)
    other.append(contentsOf: repeatElement(0, count: count + whole + (part > 0 ? 1 : 0)))
    other.withUnsafeMutableBufferPointer { other in
      masses.withUnsafeBufferPointer { masses in
        for place in 0..<count { other[place] = rest * masses[place] }
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
    // Of masses above one half the mass of a sum s follows from that of s + votes here.
    let skipped = share > 0.5 ? max(0, votes - first) : 0
    let kept = max(1, count - skipped)
    rest.first = share > 0.5 ? max(0, first - votes) : first
    rest.masses.removeAll(keepingCapacity: true)
    rest.masses.append(contentsOf: repeatElement(0, count: kept))
    rest.masses.withUnsafeMutableBufferPointer { rest in
      masses.withUnsafeBufferPointer { masses in
        if share <= 0.5 {
          let scale = 1 / (1 - share)
          for place in 0..<count {
            let before = place >= votes ? rest[place - votes] : 0
            rest[place] = max(0, (masses[place] - share * before) * scale)
          }
        } else {
          let scale = 1 / share
          for place in stride(from: count - 1, through: skipped, by: -1) {
            let after = place + votes < count ? rest[place + votes - skipped] : 0
            rest[place - skipped] = max(0, (masses[place] - (1 - share) * after) * scale)
          }
        }
      }
    }
  }

  /// The mean of the increase of `table` by `votes` more: `E[f(n + votes) - f(n)]`.
  func meanIncrease(of table: [Double], by votes: Double) -> Double {
    let whole = Int(votes)
    let part = votes - Double(whole)
    // Beyond the table there are only sums whose probability is rounding.
    let end = min(masses.count, table.count - first - whole - (part > 0 ? 1 : 0))
    return table.withUnsafeBufferPointer { table in
      masses.withUnsafeBufferPointer { masses in
        var sum = 0.0
        for place in 0..<max(0, end) {
          let count = first + place
          var increase = table[count + whole] - table[count]
          if part > 0 { increase += part * (table[count + whole + 1] - table[count + whole]) }
          sum += masses[place] * increase
        }
        return sum
      }
    }
  }
}
