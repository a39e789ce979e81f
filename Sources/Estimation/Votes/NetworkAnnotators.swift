import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The annotators of a network that is trained on votes.
///
/// Generalised expectation maximisation of the marginal log-likelihood
///
///     Σᵢ wᵢ log Σₖ qₖ(xᵢ; θ) Π_votes T[annotator][k, vote] + Σ α log T - penalty(θ)
///
/// in rounds: a network is trained on the evidence that the confusion matrices T make of the votes,
/// then T is maximised given its predictions. The first T is that of the joint fit of softmax
/// regression. Training that stops early does not maximise, so that the value may fall; the rounds
/// end if T has settled.
package struct NetworkAnnotators: Sendable {
  /// The number of rounds after which T is taken as it is.
  package static let mostRounds = 10
  /// The proportion of expected votes that move between cells of T in the last round.
  package static let settledShare = 2e-3
  /// The most steps of expectation maximisation in T of a round.
  private static let mostSteps = 200
  /// λ of the first fit, of softmax regression: it exists whatever the votes are.
  private static let firstStrength = 1e-3

  private let likelihood: VoteLikelihood
  /// The rows of positive weight; the others and their votes are left out.
  private let usedRows: [Int]
  private let rowCount: Int
  /// The weights of the used rows.
  private let weights: [Double]
  private let interpretation: String
  private let nullLogLikelihood: Double
  private let checksum: Double?
  /// T, cell after cell, of the evidence of this round.
  private var table: [Double]
  /// T for the posteriors of this round.
  private var nextTable: [Double]
  /// The mean prediction of the classes over rows.
  private var shares: [Double] = []
  /// The posteriors of the rows, and the log-likelihood of the votes.
  private var posterior: [Double] = []
  private var logLikelihood = 0.0
  /// The number of rounds that ended.
  package private(set) var rounds = 0
  /// Whether T moved little in the last round.
  package private(set) var hasSettled = false

  /// The annotators at the start. Throws as the joint fit of softmax regression does.
  package init(
    _ data: Dataset, votes: Votes, pseudoCounts: PseudoCounts, options: FitOptions,
    observing observer: Observer?
  ) throws(DatasetError) {
    let first = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Evidence(),
      prior: GaussianPrior(.lambda(Self.firstStrength)), options: options
    ).fit(copy data, votes: votes, pseudoCounts: pseudoCounts, observing: observer)
    guard let joint = first.votes, let model = joint.aggregation.model else { throw .noRows }
    let used = (0..<data.rowCount).filter { data.weights[$0] > 0 }
    likelihood = VoteLikelihood(
      used.count == data.rowCount ? votes : votes.selecting(items: used), isOneCoin: false,
      pseudoCounts: pseudoCounts, reducer: options.threads)
    weights = used.map { data.weights[$0] }
    (usedRows, rowCount) = (used, data.rowCount)
    interpretation = joint.interpretation
    nullLogLikelihood = first.statistics.nullLogLikelihood
    checksum = first.statistics.dataChecksum
    table = model.table
    nextTable = model.table
  }

  private var classCount: Int { likelihood.classCount }
  private var totalWeight: Double { SummationTree.sum(ofRows: weights.count) { weights[$0] } }

  /// The data labelled by the evidence of their votes, for the next round.
  package mutating func labelling(_ data: Dataset) throws(DatasetError) -> Dataset {
    table = nextTable
    let logs = likelihood.logLikelihoods(under: table)
    do throws(LabelError) {
      let evidence = try ClassEvidence(logarithms: matrix(logs))
      return data.replacing(labels: .evidence(evidence), weights: data.weights)
    } catch {
      throw .label(error)
    }
  }

  /// Whether the rounds have ended: T has settled, or their number is reached.
  package var areDone: Bool { hasSettled || rounds == Self.mostRounds }

  /// Ends a round with the log-probabilities that the trained network gives all rows: T is
  /// maximised for these predictions.
  package mutating func advance(_ predictions: BlockedMatrix) {
    let logProbabilities =
      usedRows.count == rowCount ? predictions : predictions.selecting(rows: usedRows)
    rounds += 1
    let mass = totalWeight
    let probabilities = weights.indices.map { Softmax.probabilities(logProbabilities.row($0)) }
    shares = (0..<classCount).map { k in
      SummationTree.sum(ofRows: weights.count) { weights[$0] * probabilities[$0][k] } / mass
    }
    (posterior, logLikelihood) = posteriors(logProbabilities, under: table)
    let counts = likelihood.expectedCounts(weighted(posterior))
    nextTable = likelihood.parameters(of: weighted(posterior)).table
    for _ in 0..<Self.mostSteps {
      let next = likelihood.parameters(
        of: weighted(posteriors(logProbabilities, under: nextTable).rows)
      ).table
      let moved = movedShare(from: nextTable, to: next, counts)
      nextTable = next
      if moved < Self.settledShare / 1000 { break }
    }
    hasSettled = movedShare(from: table, to: nextTable, counts) < Self.settledShare
  }

  /// The posteriors of the rows, and the log-likelihood of the votes.
  private func posteriors(
    _ logProbabilities: BlockedMatrix, under table: [Double]
  ) -> (rows: [Double], logLikelihood: Double) {
    let classes = classCount
    let logs = likelihood.logLikelihoods(under: table)
    var (rows, total) = ([Double](repeating: 0, count: logs.count), 0.0)
    for row in weights.indices {
      let own = logProbabilities.row(row)
      let joint = (0..<classes).map { own[$0] + logs[row * classes + $0] }
      let value = Softmax.logSumExp(joint)
      total += weights[row] * value
      // Votes that are impossible for every class do not change the prediction.
      let shares = Softmax.probabilities(value > -.infinity ? joint : own)
      for k in 0..<classes { rows[row * classes + k] = shares[k] }
    }
    return (rows, total)
  }

  /// The proportion of the expected votes that are in other cells under another T.
  private func movedShare(
    from table: [Double], to nextTable: [Double], _ counts: [Double]
  ) -> Double {
    let classes = classCount
    let size = classes * classes
    var (moved, total) = (0.0, 0.0)
    for start in stride(from: 0, to: table.count, by: size) {
      for k in 0..<classes {
        let places = (0..<classes).map { start + $0 * classes + k }
        let mass = places.reduce(0) { $0 + counts[$1] }
        total += mass
        moved += mass * places.reduce(0) { $0 + (nextTable[$1] - table[$1]).magnitude } / 2
      }
    }
    return total > 0 ? moved / total : 0
  }

  /// The record of the network of the last round, with the annotators.
  package func completing(_ record: FitRecord) -> FitRecord {
    var result = record
    let aggregation = aggregation()
    result.votes = VoteRecord(aggregation)
    result.warnings += aggregation.warnings.map { .votes($0) }
    if !hasSettled { result.warnings.append(.annotatorsUnsettled(rounds: rounds)) }
    result.specification.reading =
      interpretation + " in \(rounds) \(rounds == 1 ? "round" : "rounds") of training"
    let density = likelihood.logDensity(of: table)
    var statistics = result.statistics
    statistics.logPosterior += density
    statistics.objective -= (statistics.logLikelihoodConstant + density) / statistics.totalWeight
    statistics.logLikelihoodConstant = 0
    // A network that leaves out validation rows describes the others.
    if (statistics.totalWeight - totalWeight).magnitude < 1e-9 * statistics.totalWeight {
      statistics.nullLogLikelihood = nullLogLikelihood
      statistics.dataChecksum = checksum
    }
    result.statistics = statistics
    return result
  }

  private func aggregation() -> Aggregation {
    let counts = likelihood.expectedCounts(weighted(posterior))
    return Aggregation(
      likelihood,
      VoteModel(
        classPrior: shares, table: table, expectedVotes: counts, logLikelihood: logLikelihood,
        value: logLikelihood + likelihood.logDensity(of: table),
        parameterCount: likelihood.votes.annotatorCount * classCount * (classCount - 1),
        gradient: 0, iterations: rounds, hasConverged: true, values: [],
        isSwitched: ClassMatching(counts: counts, classCount: classCount).isSwitched),
      posterior: posterior, uncertainty: nil)
  }

  private func weighted(_ posterior: [Double]) -> [Double] {
    posterior.indices.map { posterior[$0] * weights[$0 / classCount] }
  }

  /// A matrix of all rows; zeros in those that are not used.
  private func matrix(_ values: [Double]) -> BlockedMatrix {
    var result = BlockedMatrix(rowCount: rowCount, columnCount: classCount)
    for k in 0..<classCount {
      var column = [Double](repeating: 0, count: rowCount)
      for (place, row) in usedRows.enumerated() { column[row] = values[place * classCount + k] }
      result.setColumn(k, to: column)
    }
    return result
  }
}
