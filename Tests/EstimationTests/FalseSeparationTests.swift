import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalProbability
import Testing

/// Data that overlap only among tiny numbers besides a large one: rounding must not make them
/// appear separated.
@Suite struct FalseSeparationTests {
  /// The four inner rows overlap: with t = slope * scale their optimum is the same at any scale,
  /// 0.419618 at scale 1 (the outer row adds nothing once its class is certain).
  @Test(arguments: [1e-3, 1e-5, 3e-6, 1e-6, 1e-7])
  func overlapAtAnyScaleHasAMaximum(_ scale: Double) throws {
    let features = try Features([[1], [scale], [-scale], [2 * scale], [-2 * scale]])
    let labels = try ClassIndices([1, 0, 1, 1, 0], classCount: 2)
    let data = try Dataset(features: features, labels: .classes(labels))
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical()).fit(data)
    #expect(fit.status.isConverged, "\(fit.status.name)")
    let slope = fit.classifier.coefficients.contrasts(to: 0).weights[1][0]
    #expect((slope * scale - 0.419618).magnitude < 2e-3, "\(slope)")
  }
}
