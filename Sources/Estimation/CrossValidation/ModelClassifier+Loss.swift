import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension ModelClassifier: HeldOutClassifier {
  /// `-(1/W) Σ wᵢ ℓᵢ` over the rows of positive weight, without constants, under the likelihood of
  /// the fit; W = Σ wᵢ tᵢ. For categorical and multinomial labels it is the cross entropy.
  ///
  /// Throws `DatasetError` where features are missing or labels cannot be read. Complexity: O(N P).
  public func loss(of data: Dataset) throws(DatasetError) -> (mean: Double, weight: Double) {
    try loss(of: data.droppingZeroWeights(), under: likelihood)
  }

  private func loss<L: Likelihood>(
    of data: Dataset, under likelihood: L
  ) throws(DatasetError) -> (mean: Double, weight: Double) {
    var weights = [Double](
      repeating: 0, count: BlockedMatrix.paddedRowCount(data.rowCount))
    for row in 0..<data.rowCount { weights[row] = data.weights[row] }
    let observations: L.Observations
    do {
      observations = try likelihood.observations(of: data.labels, weights: &weights)
    } catch {
      // A few rows may say nothing of a parameter that others determined: single votes have no
      // dispersion. Their likelihood is then that of the prediction alone.
      guard case .notIdentified = error else { throw .label(error) }
      let logs = try logProbabilities(for: data.features, offsets: data.offsets)
      let evaluation = try Evaluation(
        ofLogProbabilities: logs, against: data.labels, weights: data.weights)
      return (evaluation.crossEntropy, evaluation.totalWeight)
    }
    var matrix = try data.features.coded(as: encoding).matrix
    standardization.apply(to: &matrix)
    let objective = NegativeLogPosterior(
      model: model, likelihood: likelihood, prior: FlatPrior(), features: matrix,
      observations: observations, offsets: data.offsets, weights: weights,
      priorScales: [Double](repeating: 1, count: model.weights.count), threads: .one)
    let values = objective.rowLogLikelihoods(at: parameters)
    let sum = values.indices.reduce(0) { $0 + weights[$1] * values[$1] }
    return (-sum / objective.totalWeight, objective.totalWeight)
  }
}
