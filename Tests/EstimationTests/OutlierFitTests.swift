import SurprisalDatasets
import SurprisalLinearAlgebra
import Testing

/// A few very large values do not reduce the accuracy for the other rows.
@Suite struct OutlierFitTests {
  @Test(arguments: [1e6, 1e9, 1e12, 1e15])
  func standardizationKeepsTypicalRows(outlier: Double) {
    let values = [-3, -1, 0.1, 1, 2, 3, -2, 1, outlier]
    var matrix = BlockedMatrix(columns: [values], rowCount: values.count)
    let change = Standardization(
      of: matrix, weights: [Double](repeating: 1, count: 9), centering: true, threads: .one)
    change.apply(to: &matrix)
    for (row, value) in values.enumerated() {
      let back = matrix[row, 0] * change.scales[0] + change.centers[0]
      #expect((back - value).magnitude <= 4 * value.ulp, "\(value) \(back)")
    }
  }

  @Test func meanStaysWithoutOutliers() {
    let values: [Double] = [1, 2, 4, 8, 16, 32, 64, 100]
    let change = Standardization(
      of: BlockedMatrix(columns: [values], rowCount: 8),
      weights: [Double](repeating: 1, count: 8), centering: true, threads: .one)
    #expect(change.centers == [values.reduce(0, +) / 8])
  }
}
