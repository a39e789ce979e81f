import SurprisalProbability

/// The weight of each class in the log-likelihood.
public enum ClassWeights: Sendable, Equatable {
  /// Equal total weight for every class: vₖ = W / (C mₖ), with mₖ the weight of the rows in class k
  /// and W their sum.
  case balanced
  /// Weights by class name; 1 for classes that are not named.
  case named([String: Double])

  /// One weight per class. A class without label weight gets 1.
  ///
  /// Unknown names are ignored here; see `unknownNames(among:)`.
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

  /// The names that match no class, sorted.
  package func unknownNames(among classNames: [String]) -> [String] {
    guard case .named(let known) = self else { return [] }
    return known.keys.filter { !classNames.contains($0) }.sorted()
  }
}

/// Whether a row of counts has as much weight as it has votes, or weight one.
public enum CountWeight: String, Sendable, CaseIterable {
  case votes
  case row
}
