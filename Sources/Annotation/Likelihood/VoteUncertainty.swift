import SurprisalLinearAlgebra

/// Standard errors of a model of votes, from its observed information.
///
/// Entries at the end of their range, rows without votes, and gold classes have none (NaN). The
/// standard error of a probability is that of its log odds by the delta method.
public struct VoteUncertainty: Sendable {
  /// The assumptions of the standard errors.
  public enum Kind: String, Sendable {
    /// All parameters are estimated: the inverse of the whole information.
    case joint
    /// Each row of a matrix alone, as if the prior and all other rows were known: errors are too
    /// small, slightly if every item has many votes. Used if the whole matrix is too large.
    case rows
    /// Standard deviations of the posterior of each annotator's matrix: of Dirichlet distributions
    /// with the expected votes, and of the unknown classes of the annotator's own votes. The prior
    /// of the classes, the common matrix and the concentration are taken as known.
    case posterior
  }

  /// The assumptions of the errors.
  public let kind: Kind
  /// The errors of the prior of each class.
  public let classPrior: [Double]
  /// The errors of each entry of `VoteModel.table`.
  public let table: [Double]
  /// The errors of the accuracy of each annotator (one for the method `pooled`).
  public let accuracy: [Double]

  /// The most multiplications for the whole matrix.
  package static let mostWork = 3_000_000_000
  /// The most parameters.
  package static let mostParameters = 1000
}

extension ObservedInformation {
  /// The standard errors; nil if the information is not positive definite: then there are
  /// directions along which the likelihood does not change.
  func uncertainty() -> VoteUncertainty? {
    guard parameters.count <= VoteUncertainty.mostParameters, work <= VoteUncertainty.mostWork
    else {
      return rows()
    }
    guard parameters.count > 0, let factor = Cholesky(matrix(), tolerance: 1e-9) else { return nil }
    return uncertainty(covariance: factor.inverse)
  }

  /// Errors of all probabilities, given the covariance of all log odds.
  func uncertainty(covariance: SymmetricMatrix) -> VoteUncertainty {
    uncertainty(.joint) { places, slopes in
      var variance = 0.0
      for (i, row) in places.enumerated() {
        for (j, column) in places.enumerated() {
          variance += slopes[i] * slopes[j] * covariance[row, column]
        }
      }
      return variance
    }
  }

  /// Errors of all probabilities, given the variance of a linear function of the log odds.
  func uncertainty(
    _ kind: VoteUncertainty.Kind, variance: ([Int], [Double]) -> Double
  ) -> VoteUncertainty {
    var table = [Double](repeating: .nan, count: point.table.count)
    let (classCount, size) = (
      likelihood.votes.classCount, likelihood.votes.classCount * likelihood.votes.classCount
    )
    for start in stride(from: 0, to: table.count, by: size) {
      if likelihood.isOneCoin {
        let place = parameters.table[start]
        guard place >= 0 else { continue }
        let error = variance([place], [point.table[start] * (1 - point.table[start])]).squareRoot()
        for entry in 0..<size {
          table[start + entry] =
            entry % (classCount + 1) == 0 ? error : error / Double(classCount - 1)
        }
        continue
      }
      for k in 0..<classCount {
        let entries = (0..<classCount).map { start + $0 * classCount + k }
        let errors = errors(
          entries.map { parameters.table[$0] }, entries.map { point.table[$0] }, variance)
        for (entry, error) in zip(entries, errors) { table[entry] = error }
      }
    }
    return VoteUncertainty(
      kind: kind,
      classPrior: kind == .joint
        ? errors(parameters.prior, point.prior, variance)
        : [Double](repeating: .nan, count: classCount),
      table: table,
      accuracy: stride(from: 0, to: table.count, by: size).map { accuracyError($0, variance) })
  }

  /// Errors of the entries of a distribution: `dp_v / dη_u = p_v (1[u = v] - p_u)`.
  private func errors(
    _ places: [Int], _ shares: [Double], _ variance: ([Int], [Double]) -> Double
  ) -> [Double] {
    let free = places.indices.filter { places[$0] >= 0 }
    guard !free.isEmpty else { return places.map { _ in .nan } }
    return shares.indices.map { v in
      guard shares[v] > 0 else { return .nan }
      let slopes = free.map { shares[v] * ((v == $0 ? 1 : 0) - shares[$0]) }
      let isAtZero = places[v] < 0 && shares[v] < (shares.max() ?? 0)
      return isAtZero ? .nan : variance(free.map { places[$0] }, slopes).squareRoot()
    }
  }

  /// The error of `Σ π_k T[k, k]` over the known rows, the prior divided by its sum over these.
  private func accuracyError(_ start: Int, _ variance: ([Int], [Double]) -> Double) -> Double {
    let classCount = likelihood.votes.classCount
    if likelihood.isOneCoin {
      let place = parameters.table[start]
      if place < 0 { return .nan }
      return variance([place], [point.table[start] * (1 - point.table[start])]).squareRoot()
    }
    let known = (0..<classCount).filter { parameters.isKnown[start / classCount + $0] }
    let total = known.reduce(0) { $0 + point.prior[$1] }
    let accuracy = known.reduce(0) {
      $0 + point.prior[$1] / total * point.table[start + $1 * (classCount + 1)]
    }
    var (places, slopes, priorPlaces) = ([Int](), [Double](), 0)
    for k in known {
      let right = point.table[start + k * (classCount + 1)]
      if parameters.prior[k] >= 0 {
        priorPlaces += 1
        places.append(parameters.prior[k])
        slopes.append(point.prior[k] / total * (right - accuracy))
      }
      for label in 0..<classCount {
        let entry = start + label * classCount + k
        guard parameters.table[entry] >= 0 else { continue }
        places.append(parameters.table[entry])
        slopes.append(
          point.prior[k] / total * right * ((label == k ? 1 : 0) - point.table[entry]))
      }
    }
    // Without a free entry in its rows the accuracy is at the end of its range.
    return places.count == priorPlaces ? .nan : variance(places, slopes).squareRoot()
  }
}
