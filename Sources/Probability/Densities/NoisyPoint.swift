import RealModule
import SurprisalLinearAlgebra

/// The derivatives of the noisy-label likelihood for one example; see `NoisyLabel` for the symbols.
struct NoisyPoint {
  private let classCount: Int
  private let isEstimated: Bool
  /// T and its logarithms, row by row.
  private var confusion: [Double]
  private var logConfusion: [Double]
  private var shares: [Double]
  /// r[k | y] at k C + y, log π_y, and R.
  private var given: [Double]
  private var logReports: [Double]
  private var blame: [Double]

  init(classCount: Int, confusion: Confusion) {
    self.classCount = classCount
    shares = [Double](repeating: 0, count: classCount)
    logReports = shares
    blame = shares
    given = [Double](repeating: 0, count: classCount * classCount)
    logConfusion = given
    switch confusion {
    case .known(let matrix):
      isEstimated = false
      self.confusion = (0..<classCount).flatMap { matrix.values.row($0) }
      logConfusion = self.confusion.map { Double.log($0) }
    case .estimated:
      isEstimated = true
      self.confusion = given
    }
  }

  /// The unit of t[row, column], column ≠ row.
  private func unit(_ row: Int, _ column: Int) -> Int {
    classCount + row * (classCount - 1) + (column < row ? column : column - 1)
  }

  /// Sets the example: the units of a row.
  mutating func update(_ units: TileExample) {
    if isEstimated { readConfusion(units) }
    let sum = units.exponentialSum(classCount) { _ in true }
    let logScaled = Double.log(sum.scaled)
    // Next to a logit of 1e16 the logarithms of T would be lost.
    let shift = sum.top.magnitude > Tile.largestUnshifted ? sum.top : 0
    for index in 0..<classCount { shares[index] = sum.share(of: units[index]) }
    for report in 0..<classCount {
      var top = -Double.infinity
      for index in 0..<classCount {
        top = max(top, units[index] - shift + logConfusion[index * classCount + report])
      }
      var scaled = 0.0
      for index in 0..<classCount where top > -.infinity {
        let log = units[index] - shift + logConfusion[index * classCount + report]
        let term = Double.exp(log - top)
        given[index * classCount + report] = term
        scaled += term
      }
      for index in 0..<classCount where top > -.infinity {
        given[index * classCount + report] /= scaled
      }
      logReports[report] = (top - (sum.top - shift)) + (Double.log(scaled) - logScaled)
      if top == -.infinity { logReports[report] = -.infinity }
    }
  }

  /// Returns ℓ for the probabilities `share` of the reports, and stores R for the calls that
  /// follow.
  mutating func report(_ share: (Int) -> Double) -> Double {
    var value = 0.0
    for index in 0..<classCount { blame[index] = 0 }
    for report in 0..<classCount {
      let p = share(report)
      guard p > 0 else { continue }
      value += p * logReports[report]
      for index in 0..<classCount { blame[index] += p * given[index * classCount + report] }
    }
    return value
  }

  /// Writes the weighted score, after `report`.
  func writeScore(into units: TileExample, weight: Double, _ share: (Int) -> Double) {
    for index in 0..<classCount { units[index] = weight * (blame[index] - shares[index]) }
    guard isEstimated else { return }
    for row in 0..<classCount {
      for column in 0..<classCount where column != row {
        let entry = row * classCount + column
        units[unit(row, column)] =
          weight * (share(column) * given[entry] - confusion[entry] * blame[row])
      }
    }
  }

  /// Adds Cov(q) + Σₖ Rₖ Cov(T[k, ·]), after `report`.
  func addComplete(to sum: inout PackedMatrix) {
    for i in 0..<classCount {
      for j in 0..<i { sum[i, j] -= shares[i] * shares[j] }
      sum[i, i] += shares[i] * (1 - shares[i])
    }
    guard isEstimated else { return }
    for row in 0..<classCount {
      for a in 0..<classCount where a != row {
        let first = confusion[row * classCount + a]
        for b in 0..<a where b != row {
          sum[unit(row, a), unit(row, b)] -= blame[row] * first * confusion[row * classCount + b]
        }
        sum[unit(row, a), unit(row, a)] += blame[row] * first * (1 - first)
      }
    }
  }

  /// Multiplies a direction by what `addComplete` adds, after `report`.
  func multiplyComplete(_ t: TileExample, weight: Double) {
    var mean = 0.0
    for index in 0..<classCount { mean += shares[index] * t[index] }
    for index in 0..<classCount { t[index] = weight * shares[index] * (t[index] - mean) }
    for row in 0..<classCount {
      var mean = 0.0
      for column in 0..<classCount where column != row {
        mean += confusion[row * classCount + column] * t[unit(row, column)]
      }
      for column in 0..<classCount where column != row {
        let scale = weight * blame[row] * confusion[row * classCount + column]
        t[unit(row, column)] = scale * (t[unit(row, column)] - mean)
      }
    }
  }

  /// Multiplies a direction by what `addExpected` adds for a known matrix: with g_y = r[· | y] - q,
  /// Σ_y π_y g_y (g_y · t).
  mutating func multiplyExpected(_ t: TileExample, weight: Double) {
    var mean = 0.0
    for index in 0..<classCount {
      mean += shares[index] * t[index]
      blame[index] = 0
    }
    for report in 0..<classCount {
      var slope = -mean
      for index in 0..<classCount { slope += given[index * classCount + report] * t[index] }
      slope *= weight * Double.exp(logReports[report])
      for index in 0..<classCount {
        blame[index] += slope * (given[index * classCount + report] - shares[index])
      }
    }
    for index in 0..<classCount { t[index] = blame[index] }
  }

  /// Subtracts Σ_y p_y Cov_{r[· | y]}(J[y, ·]).
  func subtractMissing(from sum: inout PackedMatrix, _ share: (Int) -> Double) {
    for report in 0..<classCount {
      let p = share(report)
      guard p > 0 else { continue }
      let mean = direction(of: report)
      sum.addSquare(of: mean, factor: p)
      for index in 0..<classCount {
        let given = given[index * classCount + report]
        subtractSquare(of: index, report: report, factor: p * given, from: &sum)
      }
    }
  }

  /// Adds Σ_y π_y g_y g_yᵀ.
  func addExpected(to sum: inout PackedMatrix) {
    for report in 0..<classCount {
      var score = direction(of: report)
      for index in 0..<classCount { score[index] -= shares[index] }
      sum.addSquare(of: score, factor: Double.exp(logReports[report]))
    }
  }

  /// Σₖ r[k | y] J[y, k]: the score of the report y without -q.
  private func direction(of report: Int) -> [Double] {
    let count = classCount + (isEstimated ? classCount * (classCount - 1) : 0)
    var result = [Double](repeating: 0, count: count)
    for row in 0..<classCount {
      let given = given[row * classCount + report]
      result[row] = given
      guard isEstimated else { continue }
      for column in 0..<classCount where column != row {
        let indicator = column == report ? 1.0 : 0
        result[unit(row, column)] = given * (indicator - confusion[row * classCount + column])
      }
    }
    return result
  }

  /// Subtracts a multiple of J Jᵀ, J the sparse vector of one class and report.
  private func subtractSquare(
    of row: Int, report: Int, factor: Double, from sum: inout PackedMatrix
  ) {
    sum[row, row] -= factor
    guard isEstimated else { return }
    for a in 0..<classCount where a != row {
      let first = (a == report ? 1.0 : 0) - confusion[row * classCount + a]
      sum[unit(row, a), row] -= factor * first
      for b in 0...a where b != row {
        let second = (b == report ? 1.0 : 0) - confusion[row * classCount + b]
        sum[unit(row, a), unit(row, b)] -= factor * first * second
      }
    }
  }

  private mutating func readConfusion(_ units: TileExample) {
    for row in 0..<classCount {
      var (top, scaled) = (0.0, 0.0)
      for column in 0..<classCount where column != row {
        top = max(top, units[unit(row, column)])
      }
      for column in 0..<classCount {
        let logit = column == row ? 0 : units[unit(row, column)]
        scaled += Double.exp(logit - top)
      }
      for column in 0..<classCount {
        let logit = column == row ? 0 : units[unit(row, column)]
        let log = (logit - top) - Double.log(scaled)
        logConfusion[row * classCount + column] = log
        confusion[row * classCount + column] = Double.exp(log)
      }
    }
  }
}
