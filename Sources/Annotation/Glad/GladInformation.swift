import RealModule
import SurprisalLinearAlgebra

/// Standard errors of abilities and shares of classes, from the observed information of the log
/// density at a maximum: that of votes with known classes and difficulties, minus the variance of
/// their score given the votes (Louis, doi:10.1111/j.2517-6161.1982.tb01203.x).
///
/// If the matrix is too large, each ability is treated alone, as if the others and π were known.
struct GladInformation {
  private let likelihood: GladLikelihood
  private let tables: GladTables
  private let curvatures: [Double]

  init(_ likelihood: GladLikelihood, at point: [Double]) {
    self.likelihood = likelihood
    tables = GladTables(likelihood, at: point)
    curvatures = likelihood.curvatures(at: point)
  }

  private var votes: Votes { likelihood.votes }
  private var classCount: Int { votes.classCount }
  private var dimension: Int { likelihood.dimension }
  private var classStart: Int { likelihood.classStart }

  /// Whether the share of a class is not at an end of its range, where it has no standard error:
  /// the expected number of items, of the class and of all others, is larger than this.
  private func isInside(_ share: Double) -> Bool {
    likelihood.votedItems * min(share, 1 - share) > 1e-6
  }

  /// The score of the votes on an item, for each annotator and for each class and difficulty,
  /// without its mean; and the variances that belong to it.
  private struct Score {
    /// The annotators of the votes, each once.
    var annotators: [Int] = []
    /// The posterior of the states: those of the classes with votes, then of all others.
    var states: ArraySlice<Double>
    /// By annotator and state.
    var scores: [Double] = []

    func covariance(_ a: Int, _ c: Int) -> Double {
      let size = states.count
      var sum = 0.0
      for state in 0..<size where states[state] > 0 {
        sum += states[state] * scores[a * size + state] * scores[c * size + state]
      }
      return sum
    }

    /// The mean score of an annotator over the states of a row, times its probability.
    func sum(_ a: Int, row: Int) -> Double {
      let (size, count) = (states.count, GladTables.count)
      return (row * count..<(row + 1) * count).reduce(0) {
        states[$1] > 0 ? $0 + states[$1] * scores[a * size + $1] : $0
      }
    }
  }

  private func score(of item: Int, _ state: GladItem) -> Score {
    let (count, size) = (GladTables.count, state.rowCount * GladTables.count)
    var result = Score(states: state.joint[..<size])
    for (cell, weight) in votes.cells(ofItem: item) {
      let (annotator, label) = cell.quotientAndRemainder(dividingBy: classCount)
      var place = result.annotators.firstIndex(of: annotator) ?? result.annotators.count
      if place == result.annotators.count {
        result.annotators.append(annotator)
        result.scores.append(contentsOf: repeatElement(0, count: size))
      }
      place *= size
      for state in 0..<size {
        let q = state % count
        result.scores[place + state] -=
          weight * GladLikelihood.eases[q] * tables.right[annotator * count + q]
      }
      for q in 0..<count {
        result.scores[place + state.places[label] * count + q] += weight * GladLikelihood.eases[q]
      }
    }
    for start in stride(from: 0, to: result.scores.count, by: size) {
      let mean = (0..<size).reduce(0) { $0 + result.states[$1] * result.scores[start + $1] }
      for state in 0..<size { result.scores[start + state] -= mean }
    }
    return result
  }

  /// The approximate number of multiplications for the whole matrix.
  private var work: Int {
    (0..<votes.itemCount).reduce(
      dimension.multipliedSaturating(by: dimension).multipliedSaturating(by: dimension)
    ) {
      let size = votes.voteCount(ofItem: $1)
      return $0.addingSaturating(
        size.multipliedSaturating(by: size).multipliedSaturating(
          by: min(classCount, size + 1) * GladTables.count))
    }
  }

  /// The standard errors of abilities, and the rest; nil if the information is not positive
  /// definite.
  func errors() -> (abilities: [Double], uncertainty: VoteUncertainty)? {
    dimension <= VoteUncertainty.mostParameters && work <= VoteUncertainty.mostWork
      ? jointErrors() : separateErrors()
  }

  // MARK: All parameters

  private func jointErrors() -> (abilities: [Double], uncertainty: VoteUncertainty)? {
    guard let covariance = Cholesky(information(), tolerance: 1e-12)?.inverse else { return nil }
    let abilities = (0..<classStart).map { covariance[$0, $0].squareRoot() }
    let prior = (0..<classCount).map { k -> Double in
      guard isInside(tables.classPrior[k]) else { return .nan }
      let slopes = (0..<classCount).map {
        tables.classPrior[k] * (($0 == k ? 1 : 0) - tables.classPrior[$0])
      }
      var variance = 0.0
      for i in slopes.indices {
        for j in slopes.indices {
          variance += slopes[i] * slopes[j] * covariance[classStart + i, classStart + j]
        }
      }
      return variance.squareRoot()
    }
    return (abilities, uncertainty(.joint, abilities, prior))
  }

  /// The sum of the logarithms of shares is not determined and has any information; so have shares
  /// at an end.
  private func information() -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: dimension)
    for annotator in 0..<classStart { result[annotator, annotator] = curvatures[annotator] }
    let prior = tables.classPrior
    for k in 0..<classCount {
      for j in 0...k {
        result[classStart + k, classStart + j] +=
          likelihood.votedItems * (prior[k] * ((j == k ? 1 : 0) - prior[j]) + 1)
      }
      if !isInside(prior[k]) { result[classStart + k, classStart + k] += 1 }
    }
    var state = GladItem(likelihood, tables)
    for item in 0..<votes.itemCount where !votes.range(ofItem: item).isEmpty {
      state.move(to: item)
      let (score, posterior) = (
        score(of: item, state), (0..<classCount).map { state.posterior(ofClass: $0) }
      )
      for (a, annotator) in score.annotators.enumerated() {
        for (c, other) in score.annotators.enumerated() where other <= annotator {
          result[annotator, other] -= score.covariance(a, c)
        }
        let rest = score.sum(a, row: state.voted.count)
        let mass = state.mass(ofRow: state.voted.count)
        for k in 0..<classCount {
          result[classStart + k, annotator] -=
            state.places[k] >= 0
            ? score.sum(a, row: state.places[k]) : mass > 0 ? rest * posterior[k] / mass : 0
        }
      }
      for k in 0..<classCount {
        for j in 0...k {
          result[classStart + k, classStart + j] -=
            posterior[k] * ((j == k ? 1 : 0) - posterior[j])
        }
      }
    }
    return result
  }

  // MARK: Each ability alone

  func separateErrors() -> (abilities: [Double], uncertainty: VoteUncertainty)? {
    let parts = likelihood.mapRuns(of: votes.itemCount) { items in
      var (result, state) = ([(annotator: Int, variance: Double)](), GladItem(likelihood, tables))
      for item in items where !votes.range(ofItem: item).isEmpty {
        state.move(to: item)
        let score = score(of: item, state)
        for (a, annotator) in score.annotators.enumerated() {
          result.append((annotator, score.covariance(a, a)))
        }
      }
      return result
    }
    var information = Array(curvatures[..<classStart])
    for part in parts { for entry in part { information[entry.annotator] -= entry.variance } }
    guard information.allSatisfy({ $0 > 0 }) else { return nil }
    let abilities = information.map { (1 / $0).squareRoot() }
    return (
      abilities, uncertainty(.rows, abilities, [Double](repeating: .nan, count: classCount))
    )
  }

  /// The errors of accuracies and of the entries of confusion matrices, by the delta method.
  private func uncertainty(
    _ kind: VoteUncertainty.Kind, _ abilities: [Double], _ prior: [Double]
  ) -> VoteUncertainty {
    let count = GladTables.count
    let accuracies = abilities.enumerated().map { annotator, error -> Double in
      guard votes.voteCount(ofAnnotator: annotator) > 0 else { return .nan }
      return error
        * (0..<count).reduce(0) {
          let right = tables.right[annotator * count + $1]
          return $0
            + GladLikelihood.shares[$1] * GladLikelihood.eases[$1] * right * (1 - right)
        }
    }
    return VoteUncertainty(
      kind: kind, classPrior: prior,
      table: accuracies.flatMap { error in
        (0..<classCount * classCount).map {
          $0 / classCount == $0 % classCount ? error : error / Double(classCount - 1)
        }
      }, accuracy: accuracies)
  }
}
