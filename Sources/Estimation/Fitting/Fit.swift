import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// A fitted model, the solver's result and the statistics of the fit.
public struct Fit<M: Model, L: Likelihood, P: Prior>: Sendable {
  /// The classifier.
  public let classifier: ModelClassifier<M>
  /// The likelihood of the labels.
  public let likelihood: L
  /// The prior on the weights.
  public let prior: P
  /// The result of the solver. For affine logits its point omits the aliased columns.
  public let solution: Solution
  /// The solvers that ran, in order.
  public let solvers: [String]
  /// The work before the solver, on samples and matrices, in passes over all rows.
  public let setUpPasses: Double
  /// The status of the fit.
  public let status: FitStatus
  /// Columns that are linear combinations of others, by position: their weights are zero by
  /// convention.
  public let aliased: [ColumnDependencies.Aliased]
  /// The columns included in the fit, ascending.
  public let kept: [Int]
  /// Likelihood, cross entropy and other statistics.
  public internal(set) var statistics: FitStatistics
  /// Warnings for the user.
  public let warnings: [FitWarning]
  /// The kind of label of the data.
  public let labelKind: LabelKind
  /// The kind of row weights.
  public let weighting: FitRecord.Weighting
  /// The options of the fit.
  public let options: FitOptions
  /// The objective that was minimised. It references the standardised features, responses and
  /// weights, which standard errors need, and keeps them in memory.
  public let objective: NegativeLogPosterior<M, L, P>
  /// The weights of the rows used in the fit; for a network those of merged rows.
  public let rowWeights: RowWeights
  /// The rows of the data set used in the fit, ascending; nil if all were. Rows of weight zero are
  /// not used. Nil for a network, which is trained on merged rows.
  public let usedRows: [Int]?
  /// The training record of a network; nil for other models.
  public var training: TrainingRecord?
  /// The penalty on the information that was part of the objective.
  public internal(set) var informationPenalty = InformationPenalty.none
  /// The annotators of a joint fit of features and votes; nil for other fits.
  public internal(set) var votes: JointVotes?
  /// The objective in double-double arithmetic, if the fit was refined with it.
  package internal(set) var preciseObjective: PreciseObjective?
  /// The effect of rounding on the fit, if it was not refined in double-double arithmetic.
  package internal(set) var rounding: RoundingEstimate?

  /// Predicted class probabilities: N x C.
  ///
  /// Columns are matched by name. Throws `DatasetError` if a column or level is missing.
  public func probabilities(
    for features: Features, offsets: BlockedMatrix? = nil
  ) throws(DatasetError) -> ClassProbabilities {
    try classifier.probabilities(for: features, offsets: offsets)
  }
}
