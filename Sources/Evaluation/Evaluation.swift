import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// A comparison of predicted class probabilities q with labels p: classes, distributions, votes,
/// candidate sets or evidence. The source of the predictions does not matter.
///
/// Every mean is weighted. A row of weight w and n votes has weight w n (n = 1 unless the labels
/// are counts); only `accuracy`, one decision per row, uses w. Rows of weight zero are ignored.
/// Logarithms are natural. `crossEntropy = labelEntropy + klDivergence` and `brier = labelImpurity
/// + brierDivergence`: the first term is the minimum over all predictions. Compare the values with
/// those of `null` and `uniform`.
///
/// Zeros: 0 log 0 = 0, and p > 0 with q = 0 makes cross entropy and divergence +infinity; nothing
/// is clipped and no epsilon is added. `infiniteRows` counts such rows.
///
/// Candidate sets are scored as uniform distributions over the candidates, which differs from their
/// likelihood; evidence is scored as its normalised distribution, see `evidenceScore()`.
///
/// Sums are reduced along a fixed tree of row blocks: the same bits for any number of threads,
/// which also compute the measures that are methods. Time O(N C), and O(N log N) for `ece`; memory
/// O(N) besides the labels and the predictions, which are shared.
public struct Evaluation: Sendable {
  /// The length of `topK` if there are at least as many classes.
  public static let topKLimit = 5

  /// The labels.
  public let labels: Labels
  /// The weights of the rows.
  public let weights: RowWeights
  /// The number of rows of positive weight; a row of frequency f counts as f.
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
  /// The weighted proportion of rows whose predicted class is the label's class, with row weights
  /// only; ties go to the first class, for predictions and labels.
  public let accuracy: Double
  /// `(1/W) sum_i w_i n_i p_i[argmax q_i]`: the proportion of observations predicted correctly.
  public let expectedAccuracy: Double
  /// `(1/W) sum_i w_i n_i |p_i - q_i|^2`, the part of the Brier score that depends on predictions.
  public let brierDivergence: Double
  /// `(1/W) sum_i w_i n_i (1 - |p_i|^2)`, the part of the Brier score that depends on labels only.
  public let labelImpurity: Double
  /// Entry k - 1 is the proportion of observations whose class is among the k most probable ones,
  /// for k up to `topKLimit` and C. The first entry is `expectedAccuracy`.
  public let topK: [Double]
  /// The expected calibration error of the most probable class: 15 bins of equal mass, compared
  /// with the label distributions. `calibration()` has the bins, the bands and the debiased value.
  public let ece: Double
  /// The number of rows with p > 0 and q = 0 for some class.
  public let infiniteRows: Int
  /// The number of rows in which several classes have the largest q.
  public let tiedPredictions: Int
  /// The number of rows in which several classes have the largest p.
  public let tiedLabels: Int
  /// The scores of each row, rows of weight zero included.
  public let rowScores: [RowScore]

  let pairs: DistributionPairs
  let masses: RowMasses

  /// The expected Brier score over y ~ p, `E |e_y - q|^2 = |p - q|^2 + 1 - |p|^2`, between 0 and 2.
  public var brier: Double { brierDivergence + labelImpurity }
  /// The number of rows, N.
  public var rowCount: Int { labels.rowCount }
  /// The number of classes, C.
  public var classCount: Int { labels.classCount }

  /// Compares probabilities with labels.
  ///
  /// Throws `DatasetError`: `.rowMismatch` unless predictions, labels and weights have the same
  /// rows, predictions and labels the same number of classes; `.weight` or `.frequency` for a
  /// number that is not a valid weight.
  public init(
    of probabilities: ClassProbabilities, against labels: Labels,
    weights: RowWeights = .uniform, threads: any Reducer = .one
  ) throws(DatasetError) {
    try self.init(
      checking: .probabilities(probabilities.values), labels: labels, weights: weights,
      threads: threads)
  }

  /// Compares N x C logarithms of probabilities with labels: the cross entropy stays finite if a
  /// probability underflows, and is infinite only if a logarithm is -infinity.
  public init(
    ofLogProbabilities logProbabilities: BlockedMatrix, against labels: Labels,
    weights: RowWeights = .uniform, threads: any Reducer = .one
  ) throws(DatasetError) {
    try self.init(
      checking: .logProbabilities(logProbabilities), labels: labels, weights: weights,
      threads: threads)
  }

  /// Compares log-probabilities that are computed block by block with labels, with the results of a
  /// matrix of them to the bit. Memory O(N) besides the labels; time some ten computations of each
  /// prediction for all measures.
  ///
  /// Throws what the computation throws, with the numbers of the rows, and as `init(of:against:)`.
  public init(
    ofBlockwise predictions: BlockwisePredictions, against labels: Labels,
    weights: RowWeights = .uniform, threads: any Reducer = .one
  ) throws(DatasetError) {
    let predictions = Predictions.computed(predictions)
    try predictions.requireSameShape(as: labels)
    if case .computed(let source) = predictions { try source.requireAll(threads: threads) }
    try self.init(checking: predictions, labels: labels, weights: weights, threads: threads)
  }

  /// Compares one distribution, predicted for every row, with labels; for example the mean label of
  /// the training data. Its C entries are not negative and sum to one. Throws as
  /// `init(of:against:)`.
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
    let pairs = DistributionPairs(labels: labels, predictions: predictions, threads: threads)
    let masses = RowMasses(of: labels, weights: weights)
    let limit = min(Self.topKLimit, labels.classCount)
    let blocks = pairs.mapBlocks { block in
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
