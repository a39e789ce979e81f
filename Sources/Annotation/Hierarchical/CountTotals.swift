/// For each class the expected number of annotators with n votes on items of the class, n = 0, 1,
/// ...: of all votes, and of those for each label.
///
/// These sums determine the marginal likelihood of the common matrix and the concentration.
struct CountTotals: Sendable {
  /// By class and label, `k * classCount + label`.
  var cells: [[Double]]
  /// By class.
  var rows: [[Double]]

  init(classCount: Int) {
    cells = Array(repeating: [], count: classCount * classCount)
    rows = Array(repeating: [], count: classCount)
  }

  /// Adds a distribution to a histogram.
  static func add(_ counts: CountDistribution, to sums: inout [Double]) {
    let end = counts.first + counts.masses.count
    while sums.count < end { sums.append(0) }
    for (offset, mass) in counts.masses.enumerated() { sums[counts.first + offset] += mass }
  }

  mutating func add(_ other: CountTotals) {
    func add(_ part: [Double], to sums: inout [Double]) {
      while sums.count < part.count { sums.append(0) }
      for (count, mass) in part.enumerated() { sums[count] += mass }
    }
    for index in cells.indices { add(other.cells[index], to: &cells[index]) }
    for index in rows.indices { add(other.rows[index], to: &rows[index]) }
  }

  /// The expected number of annotators with more than n votes, n = 0, 1, ...: the weights of
  /// `log(κ m + n)` in the sum of the logarithms of rising factorials.
  var tails: CountTotals {
    func tail(_ sums: [Double]) -> [Double] {
      var (result, total) = (sums, 0.0)
      for place in sums.indices.reversed() {
        total += sums[place]
        result[place] = total
      }
      return Array(result.dropFirst())
    }
    var result = self
    result.cells = cells.map(tail)
    result.rows = rows.map(tail)
    return result
  }
}
