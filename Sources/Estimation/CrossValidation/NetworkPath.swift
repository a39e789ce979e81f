import SurprisalDatasets
import SurprisalEvaluation
import SurprisalModels
import SurprisalProbability

/// Networks, one for each strength of a Gaussian prior, each trained from the start with the same
/// seed.
///
/// If training holds out rows, they are taken from the given rows.
public struct NetworkPath<L: Likelihood>: PathEstimator {
  /// The architecture.
  public var network: MultilayerPerceptron
  /// The likelihood of the labels.
  public var likelihood: L
  /// The number of networks that are averaged.
  public var members: Int
  /// The seed; threads are provided by the caller.
  public var options: FitOptions
  /// The training options for some rows, and which of these are held out.
  public var training: @Sendable (Dataset) -> (TrainingOptions, Validation)

  /// Creates networks under a likelihood.
  public init(
    _ network: MultilayerPerceptron, likelihood: L, members: Int = 1, options: FitOptions,
    training: @escaping @Sendable (Dataset) -> (TrainingOptions, Validation)
  ) {
    self.network = network
    self.likelihood = likelihood
    self.members = members
    self.options = options
    self.options.threads = .one
    self.training = training
  }

  public func check(_ data: Dataset) throws(DatasetError) {
    try data.requireResponses(to: likelihood)
  }

  public func path(
    _ strengths: [Double], on data: consuming Dataset, groups: [Int]?,
    continuing: @escaping @Sendable () -> Bool, finishing: @Sendable () -> Void
  ) throws(DatasetError) -> [PathPoint<NetworkClassifier>] {
    let (data, groups) = try (consume data).arrangedForTraining(
      likelihood, groups: groups, threads: options.threads)
    var result: [PathPoint<NetworkClassifier>] = []
    for strength in strengths {
      let fit =
        strength > 0
        ? try fit(GaussianPrior(.lambda(strength)), data, groups, continuing)
        : try fit(FlatPrior(), data, groups, continuing)
      finishing()
      result.append(PathPoint(classifier: fit.classifier, isConverged: fit.record.isFinished))
    }
    return result
  }

  private func fit<P: Prior>(
    _ prior: P, _ data: Dataset, _ groups: [Int]?, _ continuing: @escaping @Sendable () -> Bool
  ) throws(DatasetError) -> NetworkFit {
    let (training, validation) = training(data)
    return try MaximumLikelihood(network, likelihood: likelihood, prior: prior, options: options)
      .fitEnsemble(
        of: members, to: data, training: training, validation: validation, groups: groups,
        observing: { _ in continuing() })
  }
}

extension NetworkClassifier: HeldOutClassifier {
  /// The loss of the network. For an ensemble: the cross entropy of the averaged probabilities if
  /// that is the training loss, otherwise the mean loss of the members.
  public func loss(of data: Dataset) throws(DatasetError) -> (mean: Double, weight: Double) {
    guard members.count > 1 else { return try members[0].loss(of: data) }
    if likelihood.equalsMinusCrossEntropy {
      let evaluation = try evaluation(on: data.droppingZeroWeights())
      return (evaluation.crossEntropy, evaluation.totalWeight)
    }
    var (sum, weight) = (0.0, 0.0)
    for member in members {
      let loss = try member.loss(of: data)
      (sum, weight) = (sum + loss.mean, loss.weight)
    }
    return (sum / Double(members.count), weight)
  }
}
