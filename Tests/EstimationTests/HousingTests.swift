import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import Testing

/// The Copenhagen housing conditions survey, as published: Madsen (1976), Scand. J. Statist. 3;
/// Venables and Ripley, Modern Applied Statistics with S, 4th ed. (2002), chapter 7.
@Suite struct HousingTests {
  static let influence = ["Low", "Medium", "High"]
  static let types = ["Tower", "Apartment", "Atrium", "Terrace"]
  static let contacts = ["Low", "High"]
  static let counts: [[Double]] = [
    [21, 21, 28], [34, 22, 36], [10, 11, 36], [61, 23, 17], [43, 35, 40], [26, 18, 54],
    [13, 9, 10], [8, 8, 12], [6, 7, 9], [18, 6, 7], [15, 13, 13], [7, 5, 11],
    [14, 19, 37], [17, 23, 40], [3, 5, 23], [78, 46, 43], [48, 45, 86], [15, 25, 62],
    [20, 23, 20], [10, 22, 24], [7, 10, 21], [57, 23, 13], [31, 21, 13], [5, 6, 13],
  ]

  @Test func reproducesThePublishedFit() throws {
    var rows: [[Double]] = []
    for contact in 0..<2 {
      for type in 0..<4 {
        for influence in 0..<3 {
          rows.append(
            [influence == 1, influence == 2, type == 1, type == 2, type == 3, contact == 1]
              .map { $0 ? 1 : 0 })
        }
      }
    }
    let labels = try ClassCounts(BlockedMatrix(rows: Self.counts, columnCount: 3))
    let data = try Dataset(features: Features(rows), labels: .counts(labels))
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial()).fit(data)
    print(fit.statistics, fit.solution.iterations, fit.solution.gradientNorm, fit.status)
    #expect(fit.status.isConverged)
  }
}
