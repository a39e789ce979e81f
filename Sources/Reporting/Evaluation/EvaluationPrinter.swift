import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

/// An evaluation as text and as JSON, compared with the null and the uniform prediction.
public struct EvaluationPrinter: Sendable {
  /// Tables besides the main one.
  public enum Part: String, Sendable, CaseIterable {
    /// One line per class.
    case classes
    /// Labels against predicted classes.
    case confusion
    /// The bins of the reliability diagram.
    case reliability
    /// The reliability diagram in text characters.
    case plot
  }

  /// Scores and calibration of one prediction.
  struct Scored: Sendable {
    let evaluation: Evaluation
    let calibration: Calibration
  }

  /// The options of printing and computation.
  public struct Options: Sendable {
    /// The classes.
    public var classNames: [String]
    /// The number k of top-k accuracy.
    public var topK = 3
    /// Whether the six label-distribution measures are printed.
    public var includesLabelDistribution = false
    /// Whether the classes are ordered.
    public var isOrdered = false
    /// The number of bins of the reliability diagrams.
    public var binCount = ReliabilityDiagram.defaultBinCount
    /// The coverage of bands.
    public var level = 0.95
    /// The clusters of rows, for standard errors.
    public var clusters: Clusters?
    /// Tables of the text besides the main one. JSON always has those of classes and bins.
    public var parts: Set<Part> = []
    /// Whether the text may use colours.
    public var hasColor = false
    /// Further remarks, in sentences.
    public var notes: [String] = []
    /// The fit, if these are its training rows: its parameters absorbed a part of the noise of the
    /// votes.
    public var fit: FitStatistics?

    /// Creates options for predictions of these classes.
    public init(classNames: [String]) { self.classNames = classNames }
  }

  let predictions: Scored
  let null: Scored
  let uniform: Scored
  let options: Options
  let topK: Int
  let errors: StandardErrors
  let measures: LabelDistributionMeasures
  /// The score of labels that are evidence or candidate sets; nil for others.
  let evidence: EvidenceScore?
  /// A remark if a constant prediction is better: by the log-likelihood if labels are evidence or
  /// candidate sets, otherwise by the divergence.
  var baselineRemark: String? {
    guard let evidence else {
      return evaluation.klDivergence > null.evaluation.klDivergence
        ? "the predictions are worse than the mean label of these rows" : nil
    }
    return evidence.logLikelihood < evidence.null
      ? "the predictions are less likely than the best constant prediction for these rows" : nil
  }
  /// The noise of the votes; nil if not available.
  let noise: LabelNoise?
  let discrimination: Discrimination
  let confusion: ConfusionMatrix
  /// The calibration intercepts and slope; nil if not available.
  let line: CalibrationLine?
  let spiegelhalter: SpiegelhalterTest?

  var evaluation: Evaluation { predictions.evaluation }
  var calibration: Calibration { predictions.calibration }

  /// Creates a printer. Complexity: O(C N log N) for the reliability of each class.
  ///
  /// Throws `DatasetError`: `.rowMismatch` unless there is one cluster per row and one name per
  /// class, `.argument` for an option outside its domain.
  public init(_ evaluation: Evaluation, options: Options) throws(DatasetError) {
    func scored(_ item: Evaluation) -> Scored {
      Scored(
        evaluation: item,
        calibration: item.calibration(binCount: options.binCount, level: options.level))
    }
    try evaluation.requireNames(options.classNames)
    try DatasetError.require("classes of the top-k accuracy", options.topK, atLeast: 1)
    try DatasetError.require("bins", options.binCount, atLeast: 1)
    try DatasetError.requireLevel(options.level)
    predictions = scored(evaluation)
    null = scored(evaluation.null)
    uniform = scored(evaluation.uniform)
    self.options = options
    topK = min(options.topK, evaluation.classCount)
    errors = try evaluation.standardErrors(clusters: options.clusters?.indices)
    measures = evaluation.labelDistributionMeasures()
    evidence = evaluation.evidenceScore()
    noise = try evaluation.labelNoise(
      fit: options.fit, clusters: options.clusters?.indices)
    discrimination = evaluation.discrimination()
    confusion = evaluation.confusionMatrix()
    line = try evaluation.calibrationLine(clusters: options.clusters?.indices)
    spiegelhalter = evaluation.spiegelhalterTest()
  }

  /// 1 - KL / KL of the null model; nil if the latter is zero, or one of them is infinite.
  var explainedShare: Double? {
    let floor = null.evaluation.klDivergence
    guard floor > 1e-14, evaluation.klDivergence.isFinite else { return nil }
    return 1 - evaluation.klDivergence / floor
  }

  /// As above, with the noise of the votes subtracted from both; nil if it is not available.
  var correctedShare: Double? {
    noise?.explainedShare(nullDivergence: null.evaluation.klDivergence)
  }

  /// Remarks that the reader of these numbers needs.
  var notes: [String] {
    var result = options.notes
    if case .candidates = evaluation.labels {
      result.append(
        "candidate sets are scored as if each candidate were equally likely; that is not the "
          + "likelihood of the sets")
    }
    if case .evidence = evaluation.labels {
      result.append(
        "evidence is divided by its sum and scored like a belief, but for the log-likelihood of "
          + "the evidence")
    }
    if options.fit != nil, noise == nil,
      [.classes, .counts].contains(evaluation.labels.kind)
    {
      result.append(
        "these are the rows of the fit: what it misses cannot be told from the noise of the votes; "
          + "score other rows")
    }
    return result
  }
}

extension Evaluation {
  /// The noise of the votes and the misfit. If these are the training rows of a fit, `fit`
  /// determines how much noise its parameters absorbed.
  func labelNoise(
    fit: FitStatistics?, clusters: [Int]?
  ) throws(DatasetError) -> LabelNoise? {
    if let fit, fit.labelNoise == nil { return nil }
    guard var noise = try labelNoise(clusters: clusters) else { return nil }
    guard let known = fit?.labelNoise else { return noise }
    noise.expected = known.expected
    noise.misfit = known.misfit
    noise.test = known.test
    return noise
  }
}
