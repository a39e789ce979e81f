import SurprisalLinearAlgebra

/// The weight of `x x'` for each row and each pair of classes: one symmetric C x C matrix a row.
///
/// Conforming types store their numbers class by class, so that the weights of a pair of classes
/// are found along the rows.
protocol ClassCurvature: Sendable {
  /// The number of classes, C.
  var classCount: Int { get }

  /// Writes the weight of a pair of classes for each row to `weights`, which are zero before.
  func writeWeights(_ first: Int, _ second: Int, to weights: UnsafeMutablePointer<Double>)
}

/// Weight 1 for each edge between the leader of a row and another class that is not free.
struct StarCurvature: ClassCurvature {
  let classCount: Int
  private let rowCount: Int
  /// The rows led by each class.
  private let rowsOfLeader: [[Int]]
  /// Whether a class of a row is not free, C x N; false for rows that are ignored.
  private let isOpen: [Bool]
  /// The number of edges of each row.
  private let edgeCounts: [Double]

  init(_ constraints: LogitConstraints) {
    let (rowCount, classCount) = (constraints.rowCount, constraints.classCount)
    var rowsOfLeader = [[Int]](repeating: [], count: classCount)
    var isOpen = [Bool](repeating: false, count: classCount * rowCount)
    var edgeCounts = [Double](repeating: 0, count: rowCount)
    for (row, leader) in constraints.leaders.enumerated() {
      guard let leader else { continue }
      rowsOfLeader[leader].append(row)
      for index in 0..<classCount where constraints[row, class: index] != .free {
        isOpen[index * rowCount + row] = true
        if index != leader { edgeCounts[row] += 1 }
      }
    }
    self.classCount = classCount
    self.rowCount = rowCount
    self.rowsOfLeader = rowsOfLeader
    self.isOpen = isOpen
    self.edgeCounts = edgeCounts
  }

  func writeWeights(_ first: Int, _ second: Int, to weights: UnsafeMutablePointer<Double>) {
    guard first != second else {
      for row in 0..<rowCount where isOpen[first * rowCount + row] { weights[row] = 1 }
      for row in rowsOfLeader[first] { weights[row] = edgeCounts[row] }
      return
    }
    for row in rowsOfLeader[first] where isOpen[second * rowCount + row] { weights[row] = -1 }
    for row in rowsOfLeader[second] where isOpen[first * rowCount + row] { weights[row] = -1 }
  }
}

/// `w (diag q - q q')` with the weight w and the probabilities q of each row.
struct SoftmaxCurvature: ClassCurvature {
  let classCount: Int
  private var rowWeights: [Double]
  /// The probabilities, C x N; zero for rows that are ignored.
  private var probabilities: [Double]

  /// The curvature of rows with a weight and C probabilities each; nil for a row that is ignored.
  init(
    rowCount: Int, classCount: Int,
    _ row: (Int) -> (weight: Double, probabilities: ArraySlice<Double>)?
  ) {
    self.classCount = classCount
    rowWeights = [Double](repeating: 0, count: rowCount)
    probabilities = [Double](repeating: 0, count: classCount * rowCount)
    for index in 0..<rowCount {
      guard let found = row(index) else { continue }
      rowWeights[index] = found.weight
      for (place, value) in found.probabilities.enumerated() {
        probabilities[place * rowCount + index] = value
      }
    }
  }

  func writeWeights(_ first: Int, _ second: Int, to weights: UnsafeMutablePointer<Double>) {
    let rowCount = rowWeights.count
    probabilities.withUnsafeBufferPointer { q in
      let (one, other) = (first * rowCount, second * rowCount)
      if first == second {
        for row in 0..<rowCount {
          weights[row] = rowWeights[row] * q[one + row] * (1 - q[one + row])
        }
      } else {
        for row in 0..<rowCount {
          weights[row] = -rowWeights[row] * q[one + row] * q[other + row]
        }
      }
    }
  }
}

extension ExistenceDesign {
  /// `sum_i K_i ⊗ x_i x_i'`, classes first; undefined after `isCancelled` returned true.
  /// Complexity: O(N C² E²) if K is dense.
  func curvature(
    _ curvature: some ClassCurvature, threads: any Reducer, _ isCancelled: @Sendable () -> Bool
  ) -> SymmetricMatrix {
    let classCount = curvature.classCount
    let pairs = (0..<classCount).flatMap { first in (0...first).map { (first, $0) } }
    let grams = threads.map(count: pairs.count) { place in
      isCancelled() ? [] : weightedGram(curvature, pairs[place].0, pairs[place].1)
    }
    var result = SymmetricMatrix(dimension: classCount * columnCount)
    for ((first, second), gram) in zip(pairs, grams) where !gram.isEmpty {
      for row in 0..<columnCount {
        for column in 0..<(first == second ? row + 1 : columnCount) {
          let entry = gram[Swift.max(row, column) * columnCount + Swift.min(row, column)]
          result[first * columnCount + row, second * columnCount + column] = entry
        }
      }
    }
    return result
  }

  /// The block of one pair of classes, lower triangle; empty if all its weights are zero.
  private func weightedGram(
    _ curvature: some ClassCurvature, _ first: Int, _ second: Int
  ) -> [Double] {
    var weights = [Double](
      repeating: 0, count: BlockedMatrix.paddedRowCount(matrix.rowCount))
    weights.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      curvature.writeWeights(first, second, to: base)
    }
    guard weights.contains(where: { $0 != 0 }) else { return [] }
    return matrix.weightedGram(weights)
  }
}
