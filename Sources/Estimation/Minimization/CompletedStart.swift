import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Starts of mixtures `log Σₖ tₖ qₖ`: the class of each row is drawn at random, and the model is
/// fitted to these classes.
///
/// The limits of a mixture at infinity are as numerous as the divisions of the rows into classes by
/// hyperplanes. Random coefficients rarely divide them as the labels do; random classes that agree
/// with the labels do so more often.
extension NegativeLogPosterior where M == LinearPredictor {
  /// λ of the fit to the drawn classes, so that it exists.
  private static var strength: Double { 1e-3 }
  /// The factor of the fitted logits: the start is near the limit that they point to.
  private static var growth: Double { 3 }

  /// A start whose classes are drawn from their probabilities at `point`, given the labels.
  func completedStart(at point: [Double], using generator: inout SplitMix64) -> [Double] {
    let classes = drawnClasses(at: point, using: &generator)
    let rows = classes + [Int32](repeating: -1, count: weights.count - classes.count)
    let completed = AffineObjective(
      model: model, likelihood: Categorical(), prior: GaussianPrior(.lambda(Self.strength)),
      features: features, responses: .classes(padded: rows), offsets: offsets, weights: weights,
      priorScales: [Double](repeating: 1, count: model.weights.count), threads: threads)
    let stopping = StoppingRule(tolerance: 1e-4, maximumIterations: 10)
    let solution = NewtonCholesky(stopping: stopping).minimize(
      completed, from: [Double](repeating: 0, count: model.parameterCount), observing: nil)
    return solution.point.map { Self.growth * $0 } + point[model.parameterCount...]
  }

  /// One class for each row, drawn from P(class | label) at `point`, which is the predicted
  /// probability plus the derivative of the log-likelihood in the logit.
  private func drawnClasses(
    at point: [Double], using generator: inout SplitMix64
  ) -> [Int32] {
    let prepared = prepare(point)
    var result: [Int32] = []
    result.reserveCapacity(features.rowCount)
    for index in 0..<features.blockCount {
      let block = features.block(index)
      let scores = scoreTile(ofBlock: index, at: prepared)
      var predicted = makeTile()
      var workspace: Void = model.makeWorkspace()
      computeUnits(of: block, at: prepared, into: &predicted, using: &workspace)
      for (example, row) in block.rows.enumerated() {
        let prior = Softmax.probabilities((0..<model.classCount).map { predicted[$0, example] })
        let weight = weights[row]
        var rest = Double.random(in: 0..<1, using: &generator)
        var drawn = 0
        for (k, probability) in prior.enumerated() {
          let given = probability + (weight > 0 ? scores[k, example] / weight : 0)
          if given > 0 { drawn = k }
          rest -= max(0, given)
          if rest < 0 { break }
        }
        result.append(Int32(drawn))
      }
    }
    return result
  }
}
