import SurprisalEstimation
import SurprisalLinearAlgebra

/// Why something cannot be said of predictions.
public struct PredictionRefusal: Error, Sendable, Equatable {
  /// The reason, a clause.
  public let reason: String
}

/// The covariance of the logits of a row, from that of the coefficients: the delta method.
///
/// Logits are relative to the reference class, whose own is certain. With x the design row and a one
/// for the intercept, `Cov(z_k, z_l) = x' V_kl x`.
struct LogitCovariance: Sendable {
  /// A coefficient: its design column, D for the intercept, and its place in the covariance.
  struct Term: Sendable {
    let column: Int
    let place: Int
  }

  let matrix: SymmetricMatrix
  /// The coefficients of each class; none for the reference.
  let terms: [[Term]]

  /// Throws where coefficients are infinite, or have no errors, or their covariance was not kept.
  init(of record: FitRecord, columnNames: [String], classCount: Int) throws(PredictionRefusal) {
    guard record.uncertainty.kind != nil else {
      throw PredictionRefusal(
        reason: "the model has no standard errors: \(record.uncertainty.reason)")
    }
    let used = record.coefficients.filter { $0.state != .aliased }
    guard used.allSatisfy({ $0.standardError != nil }) else {
      throw PredictionRefusal(reason: "some coefficients are infinite or have no standard error")
    }
    guard let matrix = record.coefficientCovariance else {
      throw PredictionRefusal(
        reason: "the model file has no covariance: it keeps that of up to "
          + "\(FitRecord.keptCovarianceLimit) coefficients, and there are \(used.count)")
    }
    var columns: [String: Int] = [FitRecord.interceptName: columnNames.count]
    for (column, name) in columnNames.enumerated() { columns[name] = column }
    var terms = [[Term]](repeating: [], count: classCount)
    for (place, coefficient) in record.coefficientsWithError.enumerated() {
      guard let column = columns[coefficient.feature] else {
        throw PredictionRefusal(reason: "\"\(coefficient.feature)\" is no column of the model")
      }
      terms[coefficient.classIndex].append(Term(column: column, place: place))
    }
    self.matrix = matrix
    self.terms = terms
  }

  /// C x C at a design row that ends with a one.
  func values(at row: [Double]) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: terms.count)
    var vector = [Double](repeating: 0, count: matrix.dimension)
    for (unit, own) in terms.enumerated() where !own.isEmpty {
      for term in own { vector[term.place] = row[term.column] }
      let product = matrix.multiply(vector)
      for other in 0...unit {
        result[unit, other] = terms[other].reduce(0) {
          $0 + product[$1.place] * row[$1.column]
        }
      }
      for term in own { vector[term.place] = 0 }
    }
    return result
  }
}
