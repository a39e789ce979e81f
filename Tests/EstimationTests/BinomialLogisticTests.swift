import Foundation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Two classes give binomial logistic regression.
@Suite struct BinomialLogisticTests {
  /// Newton's method on one logit, implemented directly: intercept first.
  static func newton(
    _ rows: [[Double]], shares: [Double], weights: [Double], penalty: Double
  ) -> [Double] {
    let rows = rows.map { [1] + $0 }
    let total = weights.reduce(0, +)
    var point = [Double](repeating: 0, count: rows[0].count)
    for _ in 0..<50 {
      var gradient = point.indices.map { $0 == 0 ? 0 : penalty * point[$0] }
      var matrix = point.indices.map { row in
        point.indices.map { $0 == row && row > 0 ? penalty : 0 }
      }
      for (row, (share, weight)) in zip(rows, zip(shares, weights)) {
        let fitted = 1 / (1 + exp(-row.dot(point)))
        for i in row.indices {
          gradient[i] += weight / total * (fitted - share) * row[i]
          for j in row.indices {
            matrix[i][j] += weight / total * fitted * (1 - fitted) * row[i] * row[j]
          }
        }
      }
      point.add(-1, times: solve(matrix, gradient))
    }
    return point
  }

  /// Gauss elimination; the matrices are positive definite and need no pivoting.
  private static func solve(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    var (matrix, vector) = (matrix, vector)
    for pivot in vector.indices {
      for row in vector.indices where row != pivot {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        matrix[row].add(-factor, times: matrix[pivot])
        vector[row] -= factor * vector[pivot]
      }
    }
    return vector.indices.map { vector[$0] / matrix[$0][$0] }
  }

  /// With penalty λ/2 on both rows of W, which are then ±β/2, β itself has λ/4.
  @Test(arguments: [LabelKind.classes, .probabilities, .counts], [0, 0.02])
  func agreesWithNewtonOnOneLogit(_ kind: LabelKind, _ lambda: Double) throws {
    let data = try RandomData(
      rows: 90, columns: 3, classes: 2, kind: kind, hasWeights: true, seed: 41
    ).dataset()
    let expected = Self.newton(
      data.featureRows, shares: (0..<90).map { data.labels.distribution(ofRow: $0)[1] },
      weights: (0..<90).map { data.weights[$0] * data.labels.multiplicity(ofRow: $0) },
      penalty: lambda / 2)
    let contrasts =
      lambda > 0
      ? try penalizedFit(data, lambda: lambda).classifier.coefficients.contrasts(to: 0)
      : try plainFit(data).classifier.coefficients.contrasts(to: 0)
    let found = [contrasts.intercepts[1]] + contrasts.weights[1]
    #expect(vectorDistance(found, expected) < 1e-9, "\(found) \(expected)")
  }

  /// The Statlog heart data: `heart_l0` and `heart_l1e-2`, whose file is LIBSVM text.
  @Test(
    arguments: ["heart_l0", "heart_l1e-2"])
  func reproducesTheHeartData(_ id: String) throws {
    let item = try ReferenceCase(id)
    let data = try HeartData.dataset()
    let probabilities: ClassProbabilities
    let (statistics, coefficients): (FitStatistics, AffineCoefficients)
    if item.lambda > 0 {
      let fit = try penalizedFit(data, lambda: item.lambda)
      (statistics, coefficients) = (fit.statistics, fit.classifier.coefficients)
      probabilities = try fit.probabilities(for: data.features)
    } else {
      let fit = try plainFit(data)
      #expect(fit.status.isConverged)
      (statistics, coefficients) = (fit.statistics, fit.classifier.coefficients)
      probabilities = try fit.probabilities(for: data.features)
    }
    #expect(relativeDistance(statistics.objective, item.objective) < 1e-12)
    for (row, expected) in item.value["fitted_first_20_rows"].array.enumerated() {
      #expect(vectorDistance(probabilities.values.row(row), expected.numbers) < 1e-7)
    }
    if item.lambda > 0 {
      #expect(
        vectorDistance(coefficients.weights.flatMap { $0 }, try item.weights.flatMap { $0 }) < 1e-7)
    } else {
      let contrast = coefficients.contrasts(to: 0)
      let expected = item.value["reference_first"]["coefficients"].array[0].numbers
      #expect(vectorDistance([contrast.intercepts[1]] + contrast.weights[1], expected) < 1e-7)
    }
  }
}
