import SurprisalAnnotation
import SurprisalLinearAlgebra
import SurprisalProbability

/// The observed information of a joint fit: that of known classes, less the covariance of the score
/// given the votes (Louis, doi:10.1111/j.2517-6161.1982.tb01203.x).
extension JointObjective {
  /// Sums over rows.
  struct Sums: PartialSum {
    /// Minus the variance of the score in the log odds.
    var own: SymmetricMatrix
    /// Minus its covariance with the score in θ, a row a log odds.
    var cross: [Double]

    mutating func add(_ other: Sums) {
      own.add(other.own)
      cross.add(other.cross)
    }

    func appendNumbers(to numbers: inout [Double]) {
      own.appendNumbers(to: &numbers)
      cross.appendNumbers(to: &numbers)
    }

    mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
      own.takeNumbers(from: &numbers)
      cross.takeNumbers(from: &numbers)
    }
  }

  /// A derivative of the log-likelihood of a row's votes if its class were `k`.
  typealias Term = (place: Int, value: Double, k: Int)

  /// The score of a row's votes in the log odds, for every class; places may occur twice.
  func terms(ofRow row: Int, shares: [Double]) -> [Term] {
    let classCount = data.classCount
    var result: [Term] = []
    for (cell, weight) in data.votes.votes.cells(ofItem: row) {
      let first = cell / classCount * classCount
      for k in 0..<classCount {
        let entry = cell * classCount + k
        guard let distribution = rows[first + k],
          parameters.table[entry] >= 0 || entry == distribution.reference
        else { continue }
        for (other, place) in zip(distribution.entries, distribution.places) {
          result.append((place, weight * ((other == entry ? 1 : 0) - shares[other]), k))
        }
      }
    }
    return result
  }

  /// An estimate of the multiplications for the information.
  var work: Int {
    let size = data.classCount * (data.classCount - 1)
    return (0..<data.rowCount).reduce(dimension.multipliedSaturating(by: dimension)) { sum, row in
      let terms = data.votes.votes.voteCount(ofItem: row).multipliedSaturating(by: size)
      return sum.addingSaturating(terms.multipliedSaturating(by: terms))
    }
  }

  /// The information in the log odds if the classes of all rows were known.
  func completeInformation(_ state: JointState<P>) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: parameters.count)
    let shares = shares(state.table)
    for row in rows.compactMap({ $0 }) {
      let total = expected(row, state.counts)
      for (entry, place) in zip(row.entries, row.places) {
        result[place, place] += total * shares[entry]
        for (other, column) in zip(row.entries, row.places) where column <= place {
          result[place, column] -= total * shares[entry] * shares[other]
        }
      }
    }
    return result
  }

  /// The information lost because the classes are unknown, with a negative sign.
  func sums(_ state: JointState<P>) -> Sums {
    let shares = shares(state.table)
    let plain = data.plain
    let zero = Sums(
      own: SymmetricMatrix(dimension: parameters.count),
      cross: [Double](repeating: 0, count: parameters.count * thetaCount))
    return plain.threads.reduce(plain.tree, from: zero) { sum, places in
      for block in plain.blocks[places] {
        for row in plain.features.block(block).rows {
          add(row, terms(ofRow: row, shares: shares), state, to: &sum)
        }
      }
    }
  }

  private func add(_ row: Int, _ terms: [Term], _ state: JointState<P>, to sum: inout Sums) {
    let (classes, weight) = (data.classCount, data.plain.weights[row])
    let posterior = Array(state.posterior[row * classes..<(row + 1) * classes])
    guard !posterior.contains(1), !terms.isEmpty else { return }
    for term in terms {
      let size = weight * posterior[term.k] * term.value
      for other in terms where other.place <= term.place {
        let factor = (other.k == term.k ? 1 : 0) - posterior[other.k]
        sum.own[term.place, other.place] -= size * factor * other.value
      }
    }
    let features = data.plain.features.row(row)
    var slopes = [Double](repeating: 0, count: classes)
    for term in terms {
      let size = weight * posterior[term.k] * term.value
      let start = term.place * thetaCount
      for k in 0..<classes { slopes[k] = -size * ((k == term.k ? 1 : 0) - posterior[k]) }
      for (k, slope) in slopes.enumerated() {
        let layout = data.plain.layout(of: k)
        for (column, value) in zip(layout.weights, features) {
          sum.cross[start + column] += slope * value
        }
        if let constant = layout.constant { sum.cross[start + constant] += slope }
      }
    }
  }
}

/// The correction of the information of the coefficients, and of the score of each row, for the
/// estimation of the annotators: `I_θη I_ηη⁻¹`.
package struct AnnotatorCoupling: Sendable {
  /// The number of coefficients, in the coordinates of the fit.
  let thetaCount: Int
  /// `I_ηη⁻¹ I_ηθ`, a row a log odds.
  let solutions: [Double]
  /// `I_θη I_ηη⁻¹ I_ηθ`.
  package let correction: SymmetricMatrix
  /// The score of a row in the log odds.
  let scores: @Sendable (Int) -> [(place: Int, value: Double)]

  /// The coupling at a maximum; nil if the votes do not determine the annotators even with known
  /// coefficients.
  init?<P: Prior>(_ joint: JointObjective<P>, _ state: JointState<P>) {
    let (size, count) = (joint.thetaCount, joint.parameters.count)
    let sums = joint.sums(state)
    var own = joint.completeInformation(state)
    own.add(sums.own)
    guard let factor = Cholesky(own, tolerance: 1e-9) else { return nil }
    let columns = joint.data.plain.threads.map(count: size) { column in
      factor.solve((0..<count).map { sums.cross[$0 * size + column] })
    }
    var correction = SymmetricMatrix(dimension: size)
    var solutions = [Double](repeating: 0, count: count * size)
    for (column, solution) in columns.enumerated() {
      for (place, value) in solution.enumerated() {
        solutions[place * size + column] = value
        for row in column..<size {
          correction[row, column] += sums.cross[place * size + row] * value
        }
      }
    }
    thetaCount = size
    self.solutions = solutions
    self.correction = correction
    let shares = joint.shares(state.table)
    scores = { row in
      let first = row * joint.data.classCount
      return joint.terms(ofRow: row, shares: shares).map { term in
        (term.place, state.posterior[first + term.k] * term.value)
      }
    }
  }

  /// Subtracts from the weighted score of a row in θ what that in the log odds explains of it.
  func adjust(_ score: inout [Double], ofRow row: Int, weight: Double) {
    for (place, value) in scores(row) {
      let start = place * thetaCount
      for column in 0..<thetaCount {
        score[column] -= weight * value * solutions[start + column]
      }
    }
  }
}
