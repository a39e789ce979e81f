import RealModule
import SurprisalAnnotation
import SurprisalLinearAlgebra
import SurprisalOptimization
import SurprisalProbability

/// The marginal likelihood of votes as a function of coefficients and annotators: θ, then the log
/// odds of each row of a confusion matrix against its largest entry.
///
/// Entries that are not free keep the value they have in `base`.
struct JointObjective<P: Prior>: ExplicitCurvatureObjective {
  let data: JointData<P>
  let base: [Double]
  let parameters: VoteParameters
  /// Rows of confusion matrices with free entries: annotator after annotator, class after class.
  let rows: [Row?]

  /// The free entries of `P(vote | class)` for one annotator and class.
  struct Row: Sendable {
    /// Places in the table.
    var entries: [Int]
    /// Places among the parameters, after θ.
    var places: [Int]
    var reference: Int
  }

  /// An objective with the free entries that a table and its expected votes have; see
  /// `VoteParameters`.
  init(_ data: JointData<P>, table: [Double], counts: [Double], least: Double) {
    self.data = data
    base = table
    let parameters = VoteParameters(
      data.votes, at: VoteLikelihood.Parameters(table: table), counts: counts, least: least)
    self.parameters = parameters
    let classCount = data.classCount
    rows = (0..<table.count / classCount).map { index in
      let start = index / classCount * classCount * classCount + index % classCount
      let entries = (0..<classCount).map { start + $0 * classCount }
      let free = entries.filter { parameters.table[$0] >= 0 }
      let held = entries.filter { parameters.table[$0] < 0 }
      guard !free.isEmpty, let first = held.first else { return nil }
      let reference = held.reduce(first) { table[$1] > table[$0] ? $1 : $0 }
      return Row(
        entries: free, places: free.map { parameters.table[$0] }, reference: reference)
    }
  }

  var thetaCount: Int { data.plain.dimension }
  var dimension: Int { thetaCount + parameters.count }

  /// The point with these coefficients and the probabilities `base`.
  func point(theta: [Double]) -> [Double] {
    var result = theta + [Double](repeating: 0, count: parameters.count)
    for row in rows.compactMap({ $0 }) {
      for (entry, place) in zip(row.entries, row.places) {
        result[thetaCount + place] = Double.log(base[entry]) - Double.log(base[row.reference])
      }
    }
    return result
  }

  /// The probabilities of votes at a point.
  func table(at point: [Double]) -> [Double] {
    var result = base
    for row in rows.compactMap({ $0 }) {
      let odds = row.places.map { point[thetaCount + $0] }
      let top = odds.reduce(0, max)
      let terms = odds.map { Double.exp($0 - top) }
      let own = Double.exp(-top)
      let scale = mass(of: row) / terms.reduce(own, +)
      result[row.reference] = own * scale
      for (entry, term) in zip(row.entries, terms) { result[entry] = term * scale }
    }
    return result
  }

  func state(at point: [Double]) -> JointState<P>? {
    data.state(theta: Array(point[..<thetaCount]), table: table(at: point))
  }

  /// The sum of the free entries of a row and their reference.
  private func mass(of row: Row) -> Double {
    row.entries.reduce(base[row.reference]) { $0 + base[$1] }
  }

  /// The shares of the free entries of a row and the reference, in place of their probabilities.
  func shares(_ table: [Double]) -> [Double] {
    var result = table
    for row in rows.compactMap({ $0 }) {
      let mass = mass(of: row)
      for entry in row.entries + [row.reference] { result[entry] /= mass }
    }
    return result
  }

  /// The expected votes of an entry, with those before the data.
  func expected(_ entry: Int, _ counts: [Double]) -> Double {
    let classCount = data.classCount
    return counts[entry]
      + data.votes.pseudoCount(label: entry / classCount % classCount, class: entry % classCount)
  }

  /// The expected votes of a row of a confusion matrix: those of its free entries and the
  /// reference.
  func expected(_ row: Row, _ counts: [Double]) -> Double {
    row.entries.reduce(expected(row.reference, counts)) { $0 + expected($1, counts) }
  }

  func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    gradient = [Double](repeating: 0, count: dimension)
    guard let state = state(at: point) else { return .infinity }
    gradient.replaceSubrange(..<thetaCount, with: state.gradient)
    let shares = shares(state.table)
    for row in rows.compactMap({ $0 }) {
      let total = expected(row, state.counts)
      for (entry, place) in zip(row.entries, row.places) {
        gradient[thetaCount + place] =
          (total * shares[entry] - expected(entry, state.counts)) / data.plain.totalWeight
      }
    }
    return state.value
  }

  func hessian(at point: [Double]) -> SymmetricMatrix? { matrix(at: point, isObserved: true) }

  /// Positive semi-definite: the curvature if the classes of all rows were known.
  func curvature(at point: [Double]) -> SymmetricMatrix { matrix(at: point, isObserved: false) }

  private func matrix(at point: [Double], isObserved: Bool) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: dimension)
    guard let state = state(at: point) else {
      for index in 0..<dimension { result[index, index] = 1 }
      return result
    }
    let theta =
      (isObserved ? state.objective.hessian(at: state.theta) : nil)
      ?? state.objective.curvature(at: state.theta)
    for row in 0..<thetaCount {
      for column in 0...row { result[row, column] = theta[row, column] }
    }
    var own = completeInformation(state)
    if isObserved {
      let sums = sums(state)
      own.add(sums.own)
      for place in 0..<parameters.count {
        for column in 0..<thetaCount {
          result[thetaCount + place, column] =
            sums.cross[place * thetaCount + column] / data.plain.totalWeight
        }
      }
    }
    for row in 0..<parameters.count {
      for column in 0...row {
        result[thetaCount + row, thetaCount + column] = own[row, column] / data.plain.totalWeight
      }
    }
    return result
  }
}
