import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport

/// An objective with every option, and its definition implemented directly.
struct ObjectiveCase<L: Likelihood, P: Prior> {
  let data: Dataset
  let objective: AffineObjective<L, P>
  /// λ of the ridge penalty; 0 for a flat prior.
  let lambda: Double

  init(
    _ data: Dataset, _ likelihood: L, _ prior: P, lambda: Double, hasIntercept: Bool = true,
    scales: [Double]? = nil, threads: Int = 1
  ) throws {
    let model = LinearPredictor(
      featureCount: data.features.columnCount, classCount: data.classCount,
      hasIntercept: hasIntercept)
    var weights = [Double](
      repeating: 0, count: BlockedMatrix.paddedRowCount(data.rowCount))
    for row in 0..<data.rowCount { weights[row] = data.weights[row] }
    let responses = try likelihood.responses(of: data.labels, weights: &weights)
    let scales = scales ?? [Double](repeating: 1, count: data.features.columnCount)
    objective = NegativeLogPosterior(
      model: model, likelihood: likelihood, prior: prior, features: data.features.matrix,
      responses: responses, offsets: data.offsets, weights: weights,
      priorScales: (0..<data.classCount).flatMap { _ in scales }, threads: ThreadCount(threads))
    self.data = data
    self.lambda = lambda
  }

  /// A random point.
  func point(seed: UInt64) -> [Double] {
    var numbers = TestNumbers(seed: seed)
    return numbers.uniform(objective.dimension, in: -0.8...0.8)
  }

  /// F by its definition: row by row, class by class.
  func valueByDefinition(at point: [Double]) -> Double {
    let model = objective.model
    var (sum, total) = (0.0, 0.0)
    for row in 0..<data.rowCount {
      let features = data.features.matrix.row(row)
      let logits = (0..<model.classCount).map { unit in
        features.indices.reduce(
          (model.hasIntercept ? point[model.intercepts.lowerBound + unit] : 0)
            + (data.offsets.map { $0[row, unit] } ?? 0)
        ) { $0 + point[model.weight(class: unit, feature: $1)] * features[$1] }
      }
      let mass = data.weights[row] * data.labels.multiplicity(ofRow: row)
      let logs = Softmax.logProbabilities(logits)
      for (p, log) in zip(data.labels.distribution(ofRow: row), logs) where p > 0 {
        sum -= mass * p * log
      }
      total += mass
    }
    let square = model.weights.reduce(0) {
      let weight = point[$1] * objective.priorScales[$1]
      return $0 + weight * weight
    }
    return sum / total + lambda / 2 * square
  }

  /// Value and gradient.
  func evaluate(_ point: [Double]) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: .nan, count: objective.dimension)
    return (objective.evaluate(at: point, gradient: &gradient), gradient)
  }
}
