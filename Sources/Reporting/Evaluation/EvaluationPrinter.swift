import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

/// An evaluation as text and as JSON, with the null and the uniform prediction beside it.
public struct EvaluationPrinter: Sendable {
  /// Tables beside the main one.
  public enum Part: String, Sendable, CaseIterable {
    /// A line for each class.
    case classes
    /// Labels against predicted classes.
    case confusion
    /// The bins of the reliability diagram.
    case reliability
    /// The reliability diagram in characters.
    case plot
  }

  /// What is printed, and how it is computed.
  public struct Options: Sendable {
    /// The classes.
    public var classNames: [String]
    /// How many classes count as a hit in top-k.
    public var topK = 3
    /// Whether the six label-distribution measures are printed.
    public var includesLabelDistribution = false
    /// Whether the classes stand in an order that means something.
    public var isOrdered = false
    /// How many bins the reliability diagrams have.
    public var binCount = ReliabilityDiagram.defaultBinCount
    /// The coverage of bands.
    public var level = 0.95
    /// Which rows belong together, for standard errors.
    public var clusters: Clusters?
    /// Tables of the text beside the main one. JSON has those of classes and bins always.
    public var parts: Set<Part> = []
    /// Whether the text may have colours.
    public var hasColor = false
    /// Further remarks, in sentences.
    public var notes: [String] = []
    /// The fit, if these are the rows it was made from: it took a share of the noise of the votes.
    public var fit: FitStatistics?

    /// Options for predictions of these classes.
    public init(classNames: [String]) { self.classNames = classNames }
  }

  /// Scores and calibration of one prediction.
  struct Scored: Sendable {
    let evaluation: Evaluation
    let calibration: Calibration
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
  /// The noise of the votes; nil if it is not known.
  let noise: LabelNoise?
  let discrimination: Discrimination
  let confusion: ConfusionMatrix
  /// What a recalibration would change; nil if there is none.
  let line: CalibrationLine?
  let spiegelhalter: SpiegelhalterTest?

  var evaluation: Evaluation { predictions.evaluation }
  var calibration: Calibration { predictions.calibration }

  /// A printer. Complexity: O(C N log N) for the reliability of each class.
  ///
  /// Throws `DatasetError.rowMismatch` unless there is one cluster a row.
  public init(_ evaluation: Evaluation, options: Options) throws(DatasetError) {
    func scored(_ item: Evaluation) -> Scored {
      Scored(
        evaluation: item,
        calibration: item.calibration(binCount: options.binCount, level: options.level))
    }
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

  /// 1 - KL / KL of the null model; nil where that leaves nothing to explain, or one is infinite.
  var explainedShare: Double? {
    let floor = null.evaluation.klDivergence
    guard floor > 1e-14, evaluation.klDivergence.isFinite else { return nil }
    return 1 - evaluation.klDivergence / floor
  }

  /// The same with the noise of the votes taken out of both sides; nil if that is not known.
  var correctedShare: Double? {
    noise?.explainedShare(nullDivergence: null.evaluation.klDivergence)
  }

  /// What a reader has to know of these numbers.
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
  /// The noise of the votes and the misfit. `fit` is the fit of these very rows, if they are its
  /// own; it says what its parameters took of the noise.
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
