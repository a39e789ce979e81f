import SurprisalProbability

/// What each class counts in the log-likelihood.
public enum ClassWeights: Sendable, Equatable {
  /// As much as any other: vₖ = W / (C mₖ), with mₖ the weight of the rows in class k, W their sum.
  case balanced
  /// These, by name; 1 for classes that are not named.
  case named([String: Double])

  /// One number a class. A class without mass has 1: it has nothing to weigh.
  ///
  /// Names that are none of the classes count for nothing: see `unknownNames(among:)`.
  package func values(
    classNames: [String], labels: Labels, weights: RowWeights
  ) -> [Double] {
    switch self {
    case .named(let known): return classNames.map { known[$0] ?? 1 }
    case .balanced:
      var masses = [Double](repeating: 0, count: classNames.count)
      for row in 0..<labels.rowCount {
        for (index, share) in labels.distribution(ofRow: row).enumerated() {
          masses[index] += weights[row] * share
        }
      }
      let mean = masses.reduce(0, +) / Double(masses.count)
      return masses.map { $0 > 0 ? mean / $0 : 1 }
    }
  }

  /// The names that are none of the classes, sorted.
  package func unknownNames(among classNames: [String]) -> [String] {
    guard case .named(let known) = self else { return [] }
    return known.keys.filter { !classNames.contains($0) }.sorted()
  }
}

/// Whether a row of counts weighs as many as it has votes, or one.
public enum CountWeight: String, Sendable, CaseIterable {
  case votes
  case row
}
