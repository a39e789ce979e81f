import RealModule
import SurprisalLinearAlgebra

/// The C x C matrix of probabilities T[k, y] of reporting y if the class is k: known, or to be
/// estimated.
public enum Confusion: Sendable {
  /// A matrix whose rows are distributions.
  case known(ClassProbabilities)
  /// A matrix to be estimated, rows parametrised by softmax; `startingDiagonal` is the initial
  /// probability of a correct report.
  case estimated(startingDiagonal: Double = 0.9)

  /// The identity: every report is correct.
  public static func identity(classCount: Int) throws(LabelError) -> Confusion {
    var matrix = BlockedMatrix(rowCount: classCount, columnCount: classCount)
    for index in 0..<classCount { matrix[index, index] = 1 }
    return .known(try ClassProbabilities(matrix))
  }

  /// The parameters log T[a, b] / T[a, a] for a and b in order, a ≠ b: C (C - 1) of them, none for
  /// a known matrix.
  func auxiliaryParameters(classCount: Int) -> [AuxiliaryParameter] {
    guard case .estimated(let diagonal) = self else { return [] }
    let inside = min(max(diagonal, 1e-6), 1 - 1e-6)
    let start = Double.log((1 - inside) / Double(classCount - 1) / inside)
    return (0..<classCount).flatMap { row in
      (0..<classCount).filter { $0 != row }.map {
        AuxiliaryParameter(
          name: "confusion[\(row),\($0)]/confusion[\(row),\(row)]", start: start,
          scale: .logarithm)
      }
    }
  }

  /// The entries of an estimated matrix: `∂T[k, y] / ∂t[k, b] = T[k, y] ([y = b] - T[k, b])`.
  func derivedProbabilities(of parameters: [Double], classCount: Int) -> [DerivedProbability] {
    guard case .estimated = self else { return [] }
    return matrix(parameters: parameters, classCount: classCount).enumerated().flatMap {
      row, shares in
      shares.indices.map { report in
        var gradient = [Double](repeating: 0, count: parameters.count)
        for (place, other) in shares.indices.filter({ $0 != row }).enumerated() {
          gradient[row * (classCount - 1) + place] =
            shares[report] * ((report == other ? 1 : 0) - shares[other])
        }
        return DerivedProbability(
          name: "confusion[\(row),\(report)]", value: shares[report], gradient: gradient)
      }
    }
  }

  /// The matrix row by row: computed from `parameters` if it is estimated, otherwise the known one.
  package func matrix(parameters: [Double], classCount: Int) -> [[Double]] {
    switch self {
    case .known(let matrix): return (0..<classCount).map { matrix.values.row($0) }
    case .estimated:
      precondition(parameters.count == classCount * (classCount - 1))
      return (0..<classCount).map { row in
        let own = row * (classCount - 1)
        var logits = Array(parameters[own..<own + classCount - 1])
        logits.insert(0, at: row)
        return Softmax.probabilities(logits)
      }
    }
  }

  /// Checks that every report with positive probability is possible under some class.
  func requireReports(_ labels: Labels, likelihood: String) throws(LabelError) {
    guard case .known(let matrix) = self else { return }
    guard matrix.rowCount == labels.classCount, matrix.classCount == labels.classCount else {
      throw .rowCount(expected: labels.classCount, found: matrix.rowCount)
    }
    let impossible = (0..<labels.classCount).filter {
      matrix.values.column($0).allSatisfy { $0 == 0 }
    }
    guard !impossible.isEmpty else { return }
    for row in 0..<labels.rowCount {
      let shares = labels.distribution(ofRow: row)
      if let report = impossible.first(where: { shares[$0] > 0 }) {
        throw .outsideDomain(likelihood: likelihood, row: row, class: report, value: shares[report])
      }
    }
  }
}

extension ClassProbabilities {
  /// The entry T[row, index].
  subscript(row: Int, index: Int) -> Double { values[row, index] }
}
