import SurprisalLinearAlgebra

extension ObservedInformation {
  /// Standard errors row by row: from the block of the information for each row of a matrix (for
  /// each accuracy) alone. Several votes of one annotator on one item count as votes on different
  /// items.
  func rows() -> VoteUncertainty {
    let spread = likelihood.expectedCounts(
      posterior.map { $0 * (1 - $0) }, squaresWeights: true)
    var block = [Int](repeating: 0, count: parameters.count)
    var index = block
    var covariances: [SymmetricMatrix?] = []
    func append(_ places: [Int], _ information: SymmetricMatrix) {
      for (i, place) in places.enumerated() {
        (block[place], index[place]) = (covariances.count, i)
      }
      covariances.append(Cholesky(information, tolerance: 1e-9)?.inverse)
    }
    append(parameters.prior.filter { $0 >= 0 }, SymmetricMatrix(dimension: 0))
    let classCount = likelihood.votes.classCount
    let size = classCount * classCount
    for start in stride(from: 0, to: point.table.count, by: size) {
      if likelihood.isOneCoin {
        let place = parameters.table[start]
        if place >= 0 { append([place], coinInformation(start, spread)) }
        continue
      }
      for k in 0..<classCount {
        let entries = (0..<classCount).map { start + $0 * classCount + k }
        let places = entries.map { parameters.table[$0] }.filter { $0 >= 0 }
        if !places.isEmpty { append(places, rowInformation(entries, class: k, spread)) }
      }
    }
    return uncertainty(.rows) { places, slopes in
      var variance = 0.0
      for (i, row) in places.enumerated() where block[row] > 0 {
        guard let covariance = covariances[block[row]] else { return .nan }
        for (j, column) in places.enumerated() where block[column] == block[row] {
          variance += slopes[i] * slopes[j] * covariance[index[row], index[column]]
        }
      }
      return variance
    }
  }

  /// The block of a row: `n (diag T - T Tᵀ) - Σ_v Σ r (1 - r) d_v d_vᵀ`, d_v = e_v - T.
  private func rowInformation(
    _ entries: [Int], class k: Int, _ spread: [Double]
  ) -> SymmetricMatrix {
    let free = entries.indices.filter { parameters.table[entries[$0]] >= 0 }
    let total = entries.indices.reduce(0) {
      $0 + counts[entries[$1]] + likelihood.pseudoCount(label: $1, class: k)
    }
    var result = SymmetricMatrix(dimension: free.count)
    for (i, row) in free.enumerated() {
      for (j, column) in free[...i].enumerated() {
        let (p, q) = (point.table[entries[row]], point.table[entries[column]])
        var value = total * ((row == column ? p : 0) - p * q)
        for (label, entry) in entries.enumerated() {
          value -=
            spread[entry] * ((label == row ? 1 : 0) - p) * ((label == column ? 1 : 0) - q)
        }
        result[i, j] = value
      }
    }
    return result
  }

  /// The information of an accuracy: `n p (1 - p) - Σ r (1 - r)`, r the posterior of the class of
  /// the vote.
  private func coinInformation(_ start: Int, _ spread: [Double]) -> SymmetricMatrix {
    let classCount = likelihood.votes.classCount
    let total =
      counts[start..<start + classCount * classCount].reduce(0, +)
      + likelihood.pseudoCounts.diagonal
      + likelihood.pseudoCounts.offDiagonal * Double(classCount - 1)
    var result = SymmetricMatrix(dimension: 1)
    result[0, 0] = total * point.table[start] * (1 - point.table[start])
    for label in 0..<classCount { result[0, 0] -= spread[start + label * (classCount + 1)] }
    return result
  }
}
