import RealModule

extension ColumnDependencies {
  /// Pivots of the correlation matrix above this prove full rank: they are squared relative
  /// residuals, and their rounding error is below 1e-11 for any N that fits in memory.
  private static let clearPivot = 1e-8

  /// The largest ratio of the squared length of a column to that about its mean; beyond it the
  /// correlation matrix loses too many digits.
  private static let largestOffset = 1e2

  /// Whether the correlation matrix alone proves that no column depends on others; false means that
  /// the orthogonal reduction is needed.
  static func isClearlyIndependent(
    _ features: BlockedMatrix, _ rows: ActiveRows, _ includesIntercept: Bool, _ threads: any Reducer
  ) -> Bool {
    let dimension = features.columnCount
    let indicators = rows.indicators
    var gram = SymmetricMatrix(dimension: dimension)
    gram.elements = features.weightedGram(indicators, threads: threads)
    var means = [Double](repeating: 0, count: dimension)
    if includesIntercept {
      features.addColumnSums(weights: indicators, to: &means)
      means.scale(by: 1 / Double(rows.count))
    }
    return correlations(gram, means: means, count: Double(rows.count))
      .flatMap { Cholesky($0, tolerance: clearPivot) } != nil
  }

  /// Correlations, or nil if a column is (nearly) constant, far from its mean or out of range.
  private static func correlations(
    _ gram: SymmetricMatrix, means: [Double], count: Double
  ) -> SymmetricMatrix? {
    var result = gram
    let n = gram.dimension
    var lengths = [Double](repeating: 0, count: n)
    for index in 0..<n {
      let square = gram[index, index]
      let centred = square - count * means[index] * means[index]
      guard square.isFinite, square > 1e-200, centred * largestOffset > square else { return nil }
      lengths[index] = centred.squareRoot()
    }
    for row in 0..<n {
      for column in 0...row {
        let centred = gram[row, column] - count * means[row] * means[column]
        result[row, column] = centred / lengths[row] / lengths[column]
      }
    }
    return result.elements.isFinite ? result : nil
  }
}
