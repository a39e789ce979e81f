import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension ModelClassifier: HeldOutClassifier {
  /// `-(1/W) Σ wᵢ ℓᵢ` over the rows of positive weight, without constants, under the likelihood of
  /// the fit; W = Σ wᵢ tᵢ. For categorical and multinomial labels it is the cross entropy.
  ///
  /// Throws `DatasetError` if features are missing, labels are invalid or classes are not as many.
  /// Complexity: O(N P).
  public func loss(of data: Dataset) throws(DatasetError) -> (mean: Double, weight: Double) {
    try DatasetError.require("classes of the labels", data.classCount, equals: classNames.count)
    return try loss(of: data, under: likelihood)
  }

  private func loss<L: Likelihood>(
    of data: Dataset, under likelihood: L
  ) throws(DatasetError) -> (mean: Double, weight: Double) {
    let prepared: PreparedData<L>
    do {
      prepared = try PreparedData(
        data, likelihood, encoding: encoding, standardization: standardization)
    } catch {
      // A few rows may not identify a parameter that the training rows did: single votes carry no
      // information about dispersion. The likelihood is then that of the prediction alone.
      guard case .label(.notIdentified) = error else { throw error }
      let evaluation = try evaluation(on: data.droppingZeroWeights())
      return (evaluation.crossEntropy, evaluation.totalWeight)
    }
    let objective = NegativeLogPosterior(
      prepared, model: model, prior: FlatPrior(), threads: .one)
    let values = objective.rowLogLikelihoods(at: parameters)
    let sum = values.indices.reduce(0) { $0 + prepared.weights[$1] * values[$1] }
    return (-sum / objective.totalWeight, objective.totalWeight)
  }
}
