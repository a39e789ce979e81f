import SurprisalLinearAlgebra

/// Likelihoods with options. An empty list means that the value was fitted, not given.
extension LikelihoodRegistry {
  /// `precision`: the known precision, one number.
  static let dirichlet = LikelihoodRegistry(name: Dirichlet().name, optionNames: ["precision"]) {
    guard let likelihood = $0 as? Dirichlet, case .fixed(let value) = likelihood.precision else {
      return ["precision": []]
    }
    return ["precision": [value]]
  } make: { options, _ in
    guard let given = options["precision"], given.count <= 1 else { return nil }
    guard let value = given.first else { return Dirichlet(precision: .estimated) }
    return value > 0 && value.isFinite ? Dirichlet(precision: .fixed(value)) : nil
  }

  /// `confusion`: the known matrix, row by row, C x C numbers; `starting_diagonal`: the starting
  /// diagonal if the matrix is estimated. Exactly one of the two is given.
  static let noisyLabel = LikelihoodRegistry(
    name: NoisyLabel(.estimated()).name, optionNames: ["confusion", "starting_diagonal"]
  ) {
    guard let likelihood = $0 as? NoisyLabel else { return [:] }
    switch likelihood.confusion {
    case .known(let matrix):
      let indices = 0..<matrix.values.rowCount
      let rows = indices.map { row in indices.map { matrix.values[row, $0] } }
      return ["confusion": rows.flatMap { $0 }, "starting_diagonal": []]
    case .estimated(let diagonal):
      return ["confusion": [], "starting_diagonal": [diagonal]]
    }
  } make: { options, classCount in
    // An estimated matrix has C (C - 1) parameters, however short the file that requests it.
    guard classCount <= 1000, let confusion = options["confusion"],
      let diagonal = options["starting_diagonal"], confusion.isEmpty != diagonal.isEmpty
    else { return nil }
    if let start = diagonal.first {
      return diagonal.count == 1 && (0...1).contains(start)
        ? NoisyLabel(.estimated(startingDiagonal: start)) : nil
    }
    return knownConfusion(confusion, classCount: classCount).map { NoisyLabel(.known($0)) }
  }

  /// The matrix with exactly the bits of the file, after checking that its rows are distributions.
  private static func knownConfusion(
    _ entries: [Double], classCount: Int
  ) -> ClassProbabilities? {
    guard entries.count == classCount * classCount else { return nil }
    let rows = (0..<classCount).map { Array(entries[($0 * classCount)..<(($0 + 1) * classCount)]) }
    let matrix = BlockedMatrix(rows: rows, columnCount: classCount)
    guard (try? ClassProbabilities(matrix)) != nil else { return nil }
    return ClassProbabilities(trusting: matrix)
  }
}
