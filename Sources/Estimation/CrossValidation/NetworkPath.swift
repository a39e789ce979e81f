import SurprisalDatasets
import SurprisalEvaluation
import SurprisalModels
import SurprisalProbability

/// Networks, one for each strength of a Gaussian prior, each trained anew from the same seed.
///
/// Training that holds rows out does so within the rows it is given.
public struct NetworkPath<L: Likelihood>: PathEstimator {
  /// The layers.
  public var network: MultilayerPerceptron
  /// What the labels are.
  public var likelihood: L
  /// How many networks are averaged.
  public var members: Int
  /// The seed; the threads are those of the caller.
  public var options: FitOptions
  /// How networks are trained on some rows, and which of these are held out.
  public var training: @Sendable (Dataset) -> (TrainingOptions, Validation)

  /// Networks under a likelihood.
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
  /// The loss of the network; of several the cross entropy of the averaged probabilities if that is
  /// what they were trained for, else the mean of their losses.
  public func loss(of data: Dataset) throws(DatasetError) -> (mean: Double, weight: Double) {
    guard members.count > 1 else { return try members[0].loss(of: data) }
    if likelihood.equalsMinusCrossEntropy {
      let used = data.droppingZeroWeights()
      let logs = try logProbabilities(for: used.features, offsets: used.offsets)
      let evaluation = try Evaluation(
        ofLogProbabilities: logs, against: used.labels, weights: used.weights)
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
