import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport

typealias PenalizedFit = Fit<LinearPredictor, Categorical, GaussianPrior>
typealias PlainFit = Fit<LinearPredictor, Categorical, FlatPrior>

/// A fit of the categorical likelihood under a ridge penalty.
func penalizedFit(
  _ data: Dataset, lambda: Double = 0.05, hasIntercept: Bool = true,
  options: FitOptions = FitOptions()
) throws -> PenalizedFit {
  try MaximumLikelihood(
    SoftmaxRegression(hasIntercept: hasIntercept), likelihood: Categorical(),
    prior: .ridge(lambda), options: options
  ).fit(data)
}

/// A fit of the categorical likelihood under a flat prior.
func plainFit(
  _ data: Dataset, hasIntercept: Bool = true, options: FitOptions = FitOptions()
) throws -> PlainFit {
  try MaximumLikelihood(
    SoftmaxRegression(hasIntercept: hasIntercept), likelihood: Categorical(), options: options
  ).fit(data)
}

/// The largest difference between two sets of fitted probabilities.
func probabilityDistance<A, B, C, D>(
  _ first: Fit<LinearPredictor, A, C>, _ second: Fit<LinearPredictor, B, D>, on features: Features,
  and others: Features? = nil, offsets: BlockedMatrix? = nil
) throws -> Double {
  let found = try first.probabilities(for: features, offsets: offsets).values
  let expected = try second.probabilities(for: others ?? features, offsets: offsets).values
  return (0..<found.columnCount).reduce(0) {
    let pairs = zip(found.column($1), expected.column($1))
    return pairs.reduce($0) { max($0, ($1.0 - $1.1).magnitude) }
  }
}

extension Dataset {
  /// The same rows with other features.
  func replacing(features: Features) throws -> Dataset {
    try Dataset(
      features: features, labels: labels, classNames: classNames, weights: weights,
      offsets: offsets)
  }

  /// The same rows with other weights.
  func replacing(weights: RowWeights) throws -> Dataset {
    try Dataset(
      features: features, labels: labels, classNames: classNames, weights: weights,
      offsets: offsets)
  }

  /// The features, row by row.
  var featureRows: [[Double]] { (0..<rowCount).map { features.matrix.row($0) } }
}
