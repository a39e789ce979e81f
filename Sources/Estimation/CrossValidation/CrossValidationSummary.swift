import SurprisalDatasets

/// The scores of a cross-validation along a path of strengths.
public struct CrossValidationSummary: Sendable, Equatable {
  /// The strengths, descending.
  public let strengths: [Double]
  /// Scores by repeat, fold and strength.
  public let foldScores: [[[HeldOutScores]]]
  /// Scores of the mean label of the training rows, by repeat and fold.
  public let nullScores: [[HeldOutScores]]
  /// The position in the path that was chosen inside each fold, by repeat and fold; nil unless
  /// nested.
  public let nestedChoices: [[Int]]?
  /// For each strength the number of fits that did not converge.
  public let unconvergedFits: [Int]
  /// The unit of assignment to folds.
  public let dealing: Folds.Dealing

  /// The number of repeats.
  public var repeats: Int { foldScores.count }
  /// The number of folds, K.
  public var foldCount: Int { foldScores[0].count }

  /// The position in the path of the strength that a rule chooses from all folds.
  public func index(_ choice: LambdaChoice) -> Int { LossPath(folds: foldScores).index(choice) }

  /// The scores at a strength: pooled over folds, then averaged over repeats.
  public func scores(at index: Int) -> HeldOutScores {
    HeldOutScores(pooling: repeatScores(at: index))
  }

  /// The scores of each repeat at a strength.
  public func repeatScores(at index: Int) -> [HeldOutScores] {
    foldScores.map { folds in HeldOutScores(pooling: folds.map { $0[index] }) }
  }

  /// The standard error of a mean at a strength, from the variation between folds: `sqrt(Σ w_f (m_f
  /// - m)² / Σ w_f / (K - 1))`, averaged over repeats. All repeats use the same rows, so more
  /// repeats do not make it smaller. Infinite if the mean of a fold is.
  public func standardError(of measure: HeldOutScores.Measure, at index: Int) -> Double {
    Self.standardError(of: measure, in: foldScores.map { folds in folds.map { $0[index] } })
  }

  /// The scores of the mean label of the training rows.
  public var null: HeldOutScores {
    HeldOutScores(pooling: nullScores.map { HeldOutScores(pooling: $0) })
  }

  /// The standard error of a mean for the mean label, from the variation between folds.
  public func nullStandardError(of measure: HeldOutScores.Measure) -> Double {
    Self.standardError(of: measure, in: nullScores)
  }

  /// The scores of the procedure that chooses the strength inside each fold; nil unless nested.
  public var nested: HeldOutScores? {
    nestedFoldScores.map { HeldOutScores(pooling: $0.map { HeldOutScores(pooling: $0) }) }
  }

  /// The nested scores of each repeat.
  public var nestedRepeatScores: [HeldOutScores]? {
    nestedFoldScores.map { $0.map { HeldOutScores(pooling: $0) } }
  }

  /// The standard error of a mean of the nested scores, from the variation between folds.
  public func nestedStandardError(of measure: HeldOutScores.Measure) -> Double? {
    nestedFoldScores.map { Self.standardError(of: measure, in: $0) }
  }

  private var nestedFoldScores: [[HeldOutScores]]? {
    nestedChoices.map { choices in
      zip(foldScores, choices).map { folds, chosen in zip(folds, chosen).map { $0[$1] } }
    }
  }

  static func standardError(
    of measure: HeldOutScores.Measure, in repeats: [[HeldOutScores]]
  ) -> Double {
    let errors = repeats.map { folds -> Double in
      let mean = HeldOutScores(pooling: folds)[measure]
      guard mean.isFinite, folds.count > 1 else { return .infinity }
      let (square, weight) = folds.reduce((0.0, 0.0)) { sums, fold in
        let difference = fold[measure] - mean
        let weight = fold.weight(of: measure)
        return (sums.0 + weight * difference * difference, sums.1 + weight)
      }
      return (square / weight / Double(folds.count - 1)).squareRoot()
    }
    return errors.reduce(0, +) / Double(errors.count)
  }
}

/// The mean losses along a path, and the position of the best.
struct LossPath {
  private let means: [Double]
  private let errors: [Double]

  /// Computes the losses from scores by repeat, fold and strength.
  init(folds: [[[HeldOutScores]]]) {
    let columns = folds[0][0].indices.map { place in folds.map { $0.map { $0[place] } } }
    means = columns.map { column in
      HeldOutScores(pooling: column.map { HeldOutScores(pooling: $0) })[.loss]
    }
    errors = columns.map { CrossValidationSummary.standardError(of: .loss, in: $0) }
  }

  func index(_ choice: LambdaChoice) -> Int {
    // The strengths descend, so the first of equal losses is the strongest.
    let best = means.indices.reduce(0) { means[$1] < means[$0] ? $1 : $0 }
    guard choice == .oneStandardError, errors[best].isFinite else { return best }
    return means.firstIndex { $0 <= means[best] + errors[best] } ?? best
  }
}
