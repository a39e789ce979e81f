import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The comparison of strengths of a Gaussian prior on held-out rows.
public struct PriorChoice: Sendable, Equatable {
  /// The λ of each candidate.
  public var strengths: [Double]
  /// The mean divergence of the held-out rows for each candidate, in nats.
  public var divergences: [Double]
  /// The number of held-out rows; all rows, held out in turn, if there are few.
  public var rowCount: Int

  /// The largest λ whose divergence exceeds the smallest one by at most `tolerance` of it.
  ///
  /// If the features determine the class, a weak prior is better by a multiple; otherwise the
  /// divergences of few held-out rows differ by chance, and the stronger prior is safer.
  public var strength: Double {
    let most = (divergences.min() ?? 0) * (1 + Self.tolerance)
    return zip(strengths, divergences).filter { $0.1 <= most }.map(\.0).max() ?? strengths[0]
  }

  /// The proportion of the smallest divergence by which that of a stronger prior may exceed it.
  public static let tolerance = 0.1

  /// The default candidates. The first only keeps the logits of rows whose class is certain from
  /// growing without bound; the second smooths labels that are uncertain.
  public static let standard = [1e-5, 1e-4]
  /// The largest product of rows and parameters for which strengths are compared: above it each
  /// training takes long, and the rows themselves restrict the weights.
  public static let mostWork = 1_000_000_000
}

extension MaximumLikelihood where Family == MultilayerPerceptron, P == GaussianPrior {
  /// Trains a network under a Gaussian prior of each of `strengths` (λ > 0), and compares all on
  /// the rows that `validation` holds out.
  ///
  /// nil if it holds out none, if rows times parameters exceed `PriorChoice.mostWork`, or if the
  /// observer stopped a training. Throws as `fit` does.
  public func priorChoice(
    among strengths: [Double] = PriorChoice.standard, on data: Dataset,
    training: TrainingOptions, validation: Validation, groups: [Int]? = nil,
    observing observer: TrainingObserver? = nil
  ) throws(DatasetError) -> PriorChoice? {
    let parameters = family.model(
      featureCount: data.features.columnCount, classCount: data.classCount
    ).parameterCount
    guard data.rowCount.multipliedSaturating(by: parameters) <= PriorChoice.mostWork else {
      return nil
    }
    let (rows, other) = try validation.split(data, groups: groups, seed: options.seed)
    guard let held = other else { return nil }
    let folds = try validation.furtherFolds(of: data, groups: groups, seed: options.seed)
    var result = PriorChoice(
      strengths: strengths, divergences: [],
      rowCount: held.rowCount + folds.reduce(0) { $0 + $1.held.rowCount })
    for strength in strengths {
      var estimator = self
      estimator.prior = GaussianPrior(.lambda(strength))
      let trained = try estimator.fit(
        rows, training, held: held, further: folds, resuming: nil, member: (0, 1)
      ) { step in
        observer?(step.withoutState) ?? true
      }
      if case .notConverged(.cancelled) = trained.fit.status { return nil }
      result.divergences.append(trained.divergence ?? .infinity)
    }
    return result
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
