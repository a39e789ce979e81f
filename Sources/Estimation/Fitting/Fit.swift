import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// A fitted model, how it was reached and what it says of the data.
public struct Fit<M: Model, L: Likelihood, P: Prior>: Sendable {
  /// The classifier.
  public let classifier: ModelClassifier<M>
  /// What the labels were taken to be.
  public let likelihood: L
  /// The density of the weights.
  public let prior: P
  /// Where the solver stopped. For affine logits its point lacks the aliased columns.
  public let solution: Solution
  /// The solvers that ran, in order.
  public let solvers: [String]
  /// Work on samples and matrices before the solver, in passes over all rows.
  public let setUpPasses: Double
  /// What became of the fit.
  public let status: FitStatus
  /// Columns that are combinations of others, by position: their weights are zero and mean nothing.
  public let aliased: [ColumnDependencies.Aliased]
  /// The columns that took part, ascending.
  public let kept: [Int]
  /// Likelihood, cross entropy and the rest.
  public let statistics: FitStatistics
  /// What a user should know besides.
  public let warnings: [FitWarning]
  /// The kind of label the data had.
  public let labelKind: LabelKind
  /// How rows were weighted.
  public let weighting: FitRecord.Weighting
  /// How the fit was carried out.
  public let options: FitOptions
  /// The objective that was minimised. It holds the standardised features, responses and weights
  /// by reference: what standard errors are made of. The fit keeps them in memory.
  public let objective: NegativeLogPosterior<M, L, P>
  /// The weights of the rows that took part.
  public let rowWeights: RowWeights
  /// The rows of the data set that took part, ascending; nil when all did. Rows of weight zero do
  /// not.
  public let usedRows: [Int]?
  /// How a network was trained; nil for other models.
  public var training: TrainingRecord?
  /// The penalty on the information that was part of the objective.
  public internal(set) var informationPenalty = InformationPenalty.none
  /// The objective in double-double arithmetic, where doubles have too few digits and it carries the
  /// fit.
  package internal(set) var preciseObjective: PreciseObjective?
  /// What rounding does to the fit, where nothing carries it.
  package internal(set) var rounding: RoundingEstimate?

  /// Predicted class probabilities: N x C.
  ///
  /// Columns are found by name. Throws `DatasetError` where a column or level is missing.
  public func probabilities(
    for features: Features, offsets: BlockedMatrix? = nil
  ) throws(DatasetError) -> ClassProbabilities {
    try classifier.probabilities(for: features, offsets: offsets)
  }
}
