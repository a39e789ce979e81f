import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The comparison of strengths of a Gaussian prior on held-out rows.
public struct PriorChoice: Sendable, Equatable {
  /// The λ of each candidate that was tried, ascending.
  public var strengths: [Double]
  /// The mean of `measure` over the held-out rows for each candidate, in nats.
  public var divergences: [Double]
  /// The number of held-out rows; all rows, held out in turn, if there are few.
  public var rowCount: Int
  /// What the candidates are compared by.
  public var measure = HeldMeasure.divergence

  /// The chosen λ: the largest whose divergence exceeds the smallest by at most `tolerance` of it,
  /// but the weakest candidate if the divergences of all others exceed its own by more than
  /// `weakestTolerance` of it.
  ///
  /// If the features determine the class, the weakest prior is better by a multiple; otherwise the
  /// divergences of few held-out rows differ by chance, and a stronger prior is safer.
  public var strength: Double

  /// The proportion of the smallest divergence by which that of a stronger prior may exceed it.
  public static let tolerance = 0.01
  /// The proportion of its divergence by which the weakest prior must be better.
  public static let weakestTolerance = 0.1

  /// The default candidates. The first only keeps the logits of rows whose class is certain from
  /// growing without bound; the others smooth labels that are uncertain.
  public static let standard = [1e-5, 1e-4, 1e-3, 1e-2]
  /// The largest product of rows and parameters for which strengths are compared: above it each
  /// training takes long, and the rows themselves restrict the weights.
  public static let mostWork = 1_000_000_000
}

extension MaximumLikelihood where Family == MultilayerPerceptron, P == GaussianPrior {
  /// Trains networks under Gaussian priors of `strengths` (λ > 0, ascending, at least two), and
  /// compares them on the rows that `validation` holds out.
  ///
  /// The first is trained under the second strength, the others under stronger ones until the
  /// divergence rises. The weakest strength is tried if the second is better than stronger ones.
  ///
  /// nil if it holds out none, if rows times parameters exceed `PriorChoice.mostWork`, or if the
  /// observer stopped a training. Throws as `fit` does, and `.argument` for fewer strengths.
  public func priorChoice(
    among strengths: [Double] = PriorChoice.standard, on data: Dataset,
    training: TrainingOptions, validation: Validation, groups: [Int]? = nil,
    observing observer: TrainingObserver? = nil
  ) throws(DatasetError) -> PriorChoice? {
    try DatasetError.require("strengths", strengths.count, atLeast: 2)
    let (data, groups) = try data.arrangedForTraining(
      likelihood, groups: groups, threads: options.threads)
    let parameters = family.model(
      featureCount: data.features.columnCount, classCount: data.classCount
    ).parameterCount
    guard data.rowCount.multipliedSaturating(by: parameters) <= PriorChoice.mostWork else {
      return nil
    }
    let (rows, other) = try validation.split(data, groups: groups, seed: options.seed)
    guard let held = other else { return nil }
    let folds = try validation.furtherFolds(of: data, groups: groups, seed: options.seed)
    func divergence(_ strength: Double) throws(DatasetError) -> Double? {
      var estimator = self
      estimator.prior = GaussianPrior(.lambda(strength))
      let trained = try estimator.fit(
        rows, training, held: held, further: folds, resuming: nil, member: (0, 1)
      ) { step in
        observer?(step.withoutState) ?? true
      }
      if case .notConverged(.cancelled) = trained.fit.status { return nil }
      return trained.divergence ?? .infinity
    }
    guard let first = try divergence(strengths[1]) else { return nil }
    var (chosen, least) = (strengths[1], first)
    var tried = [(strength: chosen, divergence: first)]
    for strength in strengths.dropFirst(2) {
      guard let next = try divergence(strength) else { return nil }
      tried.append((strength, next))
      guard next <= least * (1 + PriorChoice.tolerance) else { break }
      (chosen, least) = (strength, min(least, next))
    }
    if chosen == strengths[1] {
      guard let weakest = try divergence(strengths[0]) else { return nil }
      tried.insert((strengths[0], weakest), at: 0)
      if first > weakest * (1 + PriorChoice.weakestTolerance) { chosen = strengths[0] }
    }
    return PriorChoice(
      strengths: tried.map(\.strength), divergences: tried.map(\.divergence),
      rowCount: held.givenRowCount + folds.reduce(0) { $0 + $1.held.givenRowCount },
      measure: HeldMeasure(held.labels.kind), strength: chosen)
  }
}

extension TrainingProgress {
  /// The same progress without a state for a checkpoint.
  var withoutState: TrainingProgress {
    TrainingProgress(
      history: history, epochs: epochs, validationEntropy: validationEntropy, member: member,
      state: nil, divergence: divergence)
  }
}
