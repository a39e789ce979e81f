import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Standard errors of a joint fit against those of a likelihood written out row by row, whose
/// derivatives are differences: two classes, one feature, three annotators.
@Suite struct JointErrorTests {
  private static let rowCount = 160

  private struct Example {
    let rows: VotedRows
    let fit: Fit<LinearPredictor, Evidence, FlatPrior>
    /// Intercept, slope, then the log odds of label 1 for each annotator and class.
    let point: [Double]

    init() throws {
      rows = try VotedRows.simulated(
        rows: rowCount, coefficients: [[0.3, 1.1]],
        confusion: [0.85, 0.75, 0.7].map { [[$0, 1 - $0], [1.1 - $0, $0 - 0.1]] }, seed: 31)
      fit = try JointVotesTests.fit(
        rows, pseudoCounts: PseudoCounts(diagonal: 1, offDiagonal: 1))
      let table = try #require(fit.votes?.aggregation.model).table
      var point = fit.record(errors: .none).coefficients.map { $0.estimate ?? .nan }
      for annotator in 0..<3 {
        for k in 0..<2 {
          point.append(Double.log(table[annotator * 4 + 2 + k] / table[annotator * 4 + k]))
        }
      }
      self.point = point
    }

    func logLikelihood(ofRow row: Int, at point: [Double]) -> Double {
      func logistic(_ value: Double) -> Double { 1 / (1 + Double.exp(-value)) }
      let one = logistic(point[0] + point[1] * rows.features[row][0])
      var terms = [1 - one, one]
      for (cell, weight) in rows.votes.cells(ofItem: row) {
        for k in 0..<2 {
          let share = logistic(point[2 + cell / 2 * 2 + k])
          terms[k] *= Double.pow(cell % 2 == 1 ? share : 1 - share, weight)
        }
      }
      return Double.log(terms[0] + terms[1])
    }

    func score(ofRow row: Int, at point: [Double]) -> [Double] {
      point.indices.map { index in
        FiniteDifferences.derivative { (step: Double) -> Double in
          var moved = point
          moved[index] += step
          return logLikelihood(ofRow: row, at: moved)
        }
      }
    }

    /// Minus the second derivatives of the whole log-likelihood and of the pseudo-counts, one for
    /// each label, inverted.
    func covariance() throws -> SymmetricMatrix {
      var information = SymmetricMatrix(dimension: point.count)
      for index in point.indices {
        let slopes = FiniteDifferences.derivative { (step: Double) -> [Double] in
          var moved = point
          moved[index] += step
          var sum = [Double](repeating: 0, count: point.count)
          for row in 0..<rowCount { sum.add(1, times: score(ofRow: row, at: moved)) }
          return sum
        }
        for other in 0...index { information[index, other] = -slopes[other] }
      }
      for place in 2..<point.count {
        let share = 1 / (1 + Double.exp(-point[place]))
        information[place, place] += 2 * share * (1 - share)
      }
      return try #require(Cholesky(information)).inverse
    }

    /// The covariance between the scores of sums over clusters.
    func sandwich(_ clusters: [Int]) throws -> SymmetricMatrix {
      let bread = try covariance()
      let count = (clusters.max() ?? 0) + 1
      var sums = [[Double]](
        repeating: [Double](repeating: 0, count: point.count), count: count)
      for (row, cluster) in clusters.enumerated() {
        sums[cluster].add(1, times: score(ofRow: row, at: point))
      }
      var result = SymmetricMatrix(dimension: point.count)
      let factor = Double(count) / Double(count - 1)
      for sum in sums {
        let turned = bread.multiply(sum)
        for row in point.indices {
          for column in 0...row { result[row, column] += factor * turned[row] * turned[column] }
        }
      }
      return result
    }
  }

  private static let example = Result { try Example() }

  private func errors(_ choice: StandardErrorChoice) throws -> [Double] {
    let record = try Self.example.get().fit.record(errors: choice)
    #expect(record.uncertainty.kind != nil)
    return record.coefficients.map { $0.standardError ?? .nan }
  }

  @Test func information() throws {
    let example = try Self.example.get()
    let covariance = try example.covariance()
    let expected = (0..<2).map { covariance[$0, $0].squareRoot() }
    #expect(vectorDistance(try errors(.information), expected) < 1e-6)
    let joint = try #require(example.fit.votes).aggregation
    for (annotator, summary) in joint.annotators.enumerated() {
      for k in 0..<2 {
        let share = summary.confusion[k * 2 + 1]
        let place = 2 + annotator * 2 + k
        let error = covariance[place, place].squareRoot() * share * (1 - share)
        #expect(relativeDistance(summary.confusionErrors[k * 2 + 1], error) < 1e-6)
      }
    }
  }

  @Test func rowsAndClusters() throws {
    let example = try Self.example.get()
    let rows = Array(0..<Self.rowCount)
    let sandwich = try example.sandwich(rows)
    #expect(
      vectorDistance(try errors(.sandwich), (0..<2).map { sandwich[$0, $0].squareRoot() }) < 1e-6)
    let groups = rows.map { $0 % 50 }
    let clustered = try example.sandwich(groups)
    #expect(
      vectorDistance(
        try errors(.cluster(Clusters(groups, name: "g"))),
        (0..<2).map { clustered[$0, $0].squareRoot() }) < 1e-6)
  }
}
