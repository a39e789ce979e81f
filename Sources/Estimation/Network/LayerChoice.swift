import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The comparison of hidden layers on held-out rows, also with a model without hidden layers.
public struct LayerChoice: Sendable, Equatable {
  /// One network.
  public struct Candidate: Sendable, Equatable {
    /// The units of its hidden layers; none for the linear model.
    public var hidden: [Int]
    /// The mean of `measure` on the held-out rows.
    public var divergence: Double
  }

  /// All candidates, in their order.
  public var candidates: [Candidate]
  /// The index of the candidate with the smallest divergence.
  public var chosen: Int
  /// The number of held-out rows.
  public var rowCount: Int
  /// What networks are compared by.
  public var measure = HeldMeasure.divergence
  /// The divergence of the best network with hidden layers minus that of the linear model: a mean
  /// over the held-out rows, with an interval of 95 %.
  public var difference: PairedDifference

  /// Whether hidden layers reduce the divergence, judged by the held-out rows.
  public enum Verdict: Sendable {
    /// The interval is below 0.
    case helps
    /// The interval is above 0.
    case hurts
    /// The interval contains 0, or there is none.
    case open
  }

  /// The conclusion from the interval.
  public var verdict: Verdict {
    guard let interval = difference.interval else { return .open }
    if interval.upperBound < 0 { return .helps }
    return interval.lowerBound > 0 ? .hurts : .open
  }

  /// The default candidates: no hidden layer, then networks of one and of two hidden layers.
  public static let standard: [[Int]] = [[], [32], [256], [128, 128]]
}

extension MaximumLikelihood where Family == MultilayerPerceptron {
  /// Trains a network for each of `layers` on the same rows, and compares all on the rows that
  /// `validation` holds out; nil if it holds out none, or the observer stopped the training.
  ///
  /// The first candidate is the linear model, without a hidden layer; there must be at least one
  /// other. Their other properties are those of the family. The held-out rows also ended the
  /// training of each candidate, and the best one is chosen by them: its divergence is slightly
  /// optimistic. Throws as `fit` does, and `.argument` for other candidates.
  public func layerChoice(
    among layers: [[Int]] = LayerChoice.standard, on data: Dataset, training: TrainingOptions,
    validation: Validation, groups: [Int]? = nil, observing observer: TrainingObserver? = nil
  ) throws(DatasetError) -> LayerChoice? {
    try DatasetError.require("candidates for the layers", layers.count, atLeast: 2)
    guard layers[0].isEmpty else {
      throw .argument(
        "hidden layers of the first candidate", value: Double(layers[0].count), domain: "none")
    }
    let (data, groups) = try data.arrangedForTraining(
      likelihood, groups: groups, threads: options.threads)
    let (rows, other) = try validation.split(data, groups: groups, seed: options.seed)
    guard let held = other?.droppingZeroWeights() else { return nil }
    var evaluations: [Evaluation] = []
    for (index, hidden) in layers.enumerated() {
      var estimator = self
      estimator.family = family.with(hidden: hidden)
      let fit = try estimator.fit(
        rows, training, held: held, resuming: nil, member: (index, layers.count),
        observing: observer
      ).fit
      if case .notConverged(.cancelled) = fit.status { return nil }
      evaluations.append(try fit.classifier.evaluation(on: held, threads: options.threads))
    }
    let values = evaluations.map { evaluation in
      evaluation.evidenceScore().map { -$0.logLikelihood } ?? evaluation.klDivergence
    }
    func best(_ places: Range<Int>) -> Int {
      places.reduce(places.lowerBound) { values[$1] < values[$0] ? $1 : $0 }
    }
    let comparison = try PairedComparison(
      of: evaluations[best(1..<layers.count)], minus: evaluations[0])
    return LayerChoice(
      candidates: zip(layers, values).map {
        LayerChoice.Candidate(hidden: $0, divergence: $1)
      },
      chosen: best(0..<layers.count), rowCount: held.rowCount,
      measure: HeldMeasure(held.labels.kind),
      difference: comparison.evidence ?? comparison.klDivergence)
  }
}

extension MultilayerPerceptron {
  /// The network with these layers; without hidden layers, options of hidden units are dropped.
  package func with(hidden: [Int]) -> MultilayerPerceptron {
    var result = self
    result.hidden = hidden
    guard hidden.isEmpty else { return result }
    (result.normalizesLayers, result.dropout, result.hasSkip) = (false, 0, false)
    return result
  }
}
