import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension SpecifiedFit {
  /// A network and a confusion matrix for each annotator.
  ///
  /// Prior and layers that are chosen on held-out rows are chosen in the first round. The rows are
  /// kept as they are given: their votes belong to them, and each round holds out the same rows.
  func trainOnVotes(_ data: Dataset, _ votes: Votes) throws -> FittedModel {
    var annotators = try NetworkAnnotators(
      data, votes: votes, pseudoCounts: specification.pseudoCounts ?? PseudoCounts(),
      options: specification.fitOptions(threads: run.threads), observing: run.observer)
    var round = self
    round.run.votes = nil
    round.run.states = []
    round.run.optimumFound = nil
    var choices: [FitWarning] = []
    while true {
      var model = try round.fit(annotators.labelling(data).keepingRows(), Evidence())
      guard case .network(let classifier) = model.classifier else { return model }
      annotators.advance(
        try classifier.trainingLogProbabilities(of: data, threads: run.threads))
      choices += round.specification.adopt(&model.record.warnings)
      guard annotators.areDone || model.record.isCancelled else { continue }
      try run.optimumFound?()
      model.record = annotators.completing(model.record)
      model.record.warnings += choices
      return model
    }
  }
}

extension Specification {
  /// Makes what was chosen on held-out rows part of the specification, and returns the warnings
  /// that report it, which are removed from `warnings`.
  fileprivate mutating func adopt(_ warnings: inout [FitWarning]) -> [FitWarning] {
    var adopted: [FitWarning] = []
    warnings.removeAll { warning in
      switch warning {
      case .priorChosen(let choice): prior.density = .gaussian(.lambda(choice.strength))
      case .layersChosen(let choice): adopt(choice)
      default: return false
      }
      adopted.append(warning)
      return true
    }
    return adopted
  }

  private mutating func adopt(_ choice: LayerChoice) {
    guard var network = model.network else { return }
    network.hidden = choice.candidates[choice.chosen].hidden
    network.choosesHidden = false
    model = .network(network)
  }
}

extension FitRecord {
  /// Whether an observer stopped the fit.
  fileprivate var isCancelled: Bool {
    convergence.termination == Termination.cancelled.rawValue
  }
}
