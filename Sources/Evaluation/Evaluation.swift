import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// How predicted class probabilities q compare with labels p, be they classes, distributions,
/// votes or candidate sets, and whoever made the predictions.
///
/// Every mean is weighted. A row of weight w and n votes weighs w n (n = 1 unless the labels are
/// counts); only `accuracy`, which decides once a row, weighs w. Rows of weight zero count for
/// nothing. Logarithms are natural. `crossEntropy = labelEntropy + klDivergence` and
/// `brier = labelImpurity + brierDivergence`: the first term is the floor that no prediction goes
/// under, so read them side by side, with `null` and `uniform` beside them.
///
/// Zeros: 0 log 0 = 0, and p > 0 where q = 0 makes cross entropy and divergence +infinity; nothing
/// is clipped and no epsilon is added. `infiniteRows` says how many rows did it.
///
/// Candidate sets are scored as uniform distributions over the candidates, which is another measure
/// than their own likelihood.
///
/// Sums are added along a fixed tree of row blocks: the same bits for any number of threads. Time
/// O(N C), and O(N log N) for `ece`; memory O(N) beside the labels and the predictions, which are
/// shared.
public struct Evaluation: Sendable {
  /// How many entries `topK` has where there are that many classes.
  public static let topKLimit = 5

  /// The labels that were compared with.
  public let labels: Labels
  /// The weights of the rows.
  public let weights: RowWeights
  /// The rows of positive weight; a row of frequency f counts as f.
  public let rows: Int
  /// W, the sum of weight times votes.
  public let totalWeight: Double
  /// `(1/W) sum_i w_i n_i (- sum_k p_ik log q_ik)`, in nats.
  public let crossEntropy: Double
  /// `(1/W) sum_i w_i n_i H(p_i)`, in nats.
  public let labelEntropy: Double
  /// `(1/W) sum_i w_i n_i KL(p_i, q_i)`, from the ratios p / q and not as a difference: exactly
  /// zero for a prediction equal to its label. In nats.
  public let klDivergence: Double
  /// The share of rows whose most probable class is the label's, weighted by row weight alone; the
  /// first class wins a tie, on both sides.
  public let accuracy: Double
  /// `(1/W) sum_i w_i n_i p_i[argmax q_i]`: the share of observations predicted right.
  public let expectedAccuracy: Double
  /// `(1/W) sum_i w_i n_i |p_i - q_i|^2`, the part of the Brier score a prediction can change.
  public let brierDivergence: Double
  /// `(1/W) sum_i w_i n_i (1 - |p_i|^2)`, the part of the Brier score that the labels alone decide.
  public let labelImpurity: Double
  /// Entry k - 1 is the share of observations among the k most probable classes, for k up to
  /// `topKLimit` and C. The first entry is `expectedAccuracy`.
  public let topK: [Double]
  /// The expected calibration error of the most probable class: 15 bins of equal mass, against the
  /// label distributions. `calibration()` has the bins, the bands and the debiased value.
  public let ece: Double
  /// How many rows have p > 0 where q = 0.
  public let infiniteRows: Int
  /// How many rows have several classes with the largest q.
  public let tiedPredictions: Int
  /// How many rows have several classes with the largest p.
  public let tiedLabels: Int
  /// The scores of each row, rows of weight zero included.
  public let rowScores: [RowScore]

  let pairs: DistributionPairs
  let masses: RowMasses

  /// Brier score expected over y ~ p, `E |e_y - q|^2 = |p - q|^2 + 1 - |p|^2`, between 0 and 2.
  public var brier: Double { brierDivergence + labelImpurity }
  /// N.
  public var rowCount: Int { labels.rowCount }
  /// C.
  public var classCount: Int { labels.classCount }

  /// Compares probabilities with labels.
  ///
  /// Throws `DatasetError.rowMismatch` unless predictions, labels and weights have the same rows,
  /// predictions and labels the same number of classes.
  public init(
    of probabilities: ClassProbabilities, against labels: Labels,
    weights: RowWeights = .uniform, threads: any Reducer = .one
  ) throws(DatasetError) {
    try self.init(
      checking: .probabilities(probabilities.values), labels: labels, weights: weights,
      threads: threads)
  }

  /// Compares N x C logarithms of probabilities with labels: cross entropy stays finite where a
  /// probability underflows, and is infinite only at a logarithm of -infinity.
  public init(
    ofLogProbabilities logProbabilities: BlockedMatrix, against labels: Labels,
    weights: RowWeights = .uniform, threads: any Reducer = .one
  ) throws(DatasetError) {
    try self.init(
      checking: .logProbabilities(logProbabilities), labels: labels, weights: weights,
      threads: threads)
  }

  /// Compares one distribution, predicted for every row, with labels: the mean label of training
  /// data, say. Its C entries are not negative and sum to one. Throws as `init(of:against:)`.
  public init(
    ofConstant distribution: [Double], against labels: Labels, weights: RowWeights = .uniform,
    threads: any Reducer = .one
  ) throws(DatasetError) {
    try self.init(
      checking: .constant(distribution), labels: labels, weights: weights, threads: threads)
  }

  private init(
    checking predictions: Predictions, labels: Labels, weights: RowWeights, threads: any Reducer
  ) throws(DatasetError) {
    try predictions.requireSameShape(as: labels)
    try weights.requireOne(forEachOf: labels)
    self.init(predictions: predictions, labels: labels, weights: weights, threads: threads)
  }

  init(predictions: Predictions, labels: Labels, weights: RowWeights, threads: any Reducer) {
    let pairs = DistributionPairs(labels: labels, predictions: predictions)
    let masses = RowMasses(of: labels, weights: weights)
    let limit = min(Self.topKLimit, labels.classCount)
    let blocks = pairs.mapBlocks(threads: threads) { block in
      (block.scores(), block.topMasses(count: limit, masses: masses.observations))
    }
    let scores = blocks.flatMap(\.0)
    let total = masses.observations.blockedSum()
    func mean(_ value: (RowScore) -> Double) -> Double {
      scores.blockedSum(weights: masses.observations) { value(scores[$0]) } / total
    }
    func count(_ isCounted: (RowScore) -> Bool) -> Int {
      RowMasses.count(
        scores.blockedSum(weights: masses.multiplicities) { isCounted(scores[$0]) ? 1 : 0 })
    }
    self.labels = labels
    self.weights = weights
    self.pairs = pairs
    self.masses = masses
    rowScores = scores
    rows = RowMasses.count(masses.multiplicities.blockedSum())
    totalWeight = total
    crossEntropy = mean(\.crossEntropy)
    labelEntropy = mean(\.labelEntropy)
    klDivergence = mean(\.klDivergence)
    accuracy =
      scores.blockedSum(weights: masses.rows) { scores[$0].isCorrect ? 1 : 0 }
      / masses.rows.blockedSum()
    expectedAccuracy = mean(\.expectedAccuracy)
    brierDivergence = mean(\.brierDivergence)
    labelImpurity = mean(\.labelImpurity)
    topK = SummationTree(blockCount: blocks.count)
      .sum(from: [Double](repeating: 0, count: limit)) { sum, places in
        for place in places { sum.add(blocks[place].1) }
      }.map { $0 / total }
    infiniteRows = count { $0.crossEntropy == .infinity }
    tiedPredictions = count(\.predictionIsTied)
    tiedLabels = count(\.labelIsTied)
    ece =
      ReliabilityDiagram(
        confidences: scores.map(\.confidence), outcomes: scores.map(\.expectedAccuracy),
        masses: masses, binCount: ReliabilityDiagram.defaultBinCount
      ).ece
  }
}
