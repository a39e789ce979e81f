import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Statistics of the training rows that the fits of all models report.
extension PreparedData {
  /// The cross entropy and the log-likelihood, without constants, of the intercept-only fit.
  func nullFit(threads: any Reducer) -> (crossEntropy: Double, logLikelihood: Double) {
    let objective = AffineObjective(
      model: LinearPredictor(featureCount: 0, classCount: labels.classCount, hasIntercept: true),
      likelihood: likelihood, prior: FlatPrior(),
      features: BlockedMatrix(rowCount: labels.rowCount, columnCount: 0),
      responses: responses, offsets: offsets, weights: weights, priorScales: [],
      threads: threads)
    let solution = AffineMinimization(options: FitOptions(threads: threads)).run(
      objective, from: nullStart, observing: nil
    ).solution
    let summary = predictionSummary(of: objective, at: solution.point)
    return (summary.crossEntropy / summary.weight, -solution.value * objective.totalWeight)
  }

  /// The start of the intercept-only fit: its intercepts, then the auxiliary parameters.
  var nullStart: [Double] {
    centredLogits.map { $0.isFinite ? $0 : 0 } + auxiliaryStart
  }

  /// The initial logits minus their mean.
  var centredLogits: [Double] {
    let logits = initialLogits
    let mean = logits.reduce(0, +) / Double(logits.count)
    return mean.isFinite ? logits.map { $0 - mean } : logits
  }

  /// The start of the auxiliary parameters.
  var auxiliaryStart: [Double] {
    likelihood.auxiliaryParameters(classCount: labels.classCount).map(\.start)
  }

  /// The scores of an objective's predictions for the labels of these rows.
  func predictionSummary<M: Model, P: Prior>(
    of objective: NegativeLogPosterior<M, L, P>, at point: [Double]
  ) -> PredictionSummary {
    objective.predictionSummary(
      at: point, labels: labels, rowWeights: (0..<labels.rowCount).map { rowWeights[$0] })
  }

  /// Σ wᵢ times the constants of the log-densities.
  var logConstant: Double {
    SummationTree.sum(ofRows: labels.rowCount) {
      weights[$0] * likelihood.logConstant(of: responses, row: $0)
    }
  }

  /// The number of given rows, or the sum of frequencies.
  var observationCount: Double {
    if case .frequency(let values) = rowWeights { return values.reduce(0, +) }
    return Double(givenRowCount)
  }

  /// The number of given rows.
  var givenRowCount: Int { merged?.counts.reduce(0, +) ?? labels.rowCount }

  /// The kind of the given weights.
  var weighting: FitRecord.Weighting {
    switch rowWeights {
    case .uniform: .uniform
    case .importance: .importance
    case .frequency: merged?.areUniform == true ? .uniform : .frequency
    }
  }

  /// The checksum of the given rows.
  var checksum: Double {
    merged.map { DataChecksum($0).value }
      ?? DataChecksum(labels: labels, weights: rowWeights, offsets: offsets).value
  }

  /// The checksum of votes on these rows, in place of labels.
  func checksum(of votes: Votes) -> Double {
    let classes = votes.classCount
    let counts = votes.counts
    let shares = BlockedMatrix(
      columns: (0..<classes).map { k in
        (0..<votes.itemCount).map { counts[$0 * classes + k] }
      }, rowCount: votes.itemCount)
    return DataChecksum(
      labels: .probabilities(ClassProbabilities(trusting: shares)), weights: rowWeights,
      offsets: offsets
    ).value
  }

  /// Warnings about dependent columns, and classes with at most the weight of one row.
  var warnings: [FitWarning] {
    var result: [FitWarning] = []
    if !columns.aliased.isEmpty {
      result.append(.rankDeficient(rankDeficiency))
    }
    if !columns.knowsRank { result.append(.rankUnexamined) }
    guard labels.kind == .classes || labels.kind == .counts, likelihood.limit != .mixture else {
      return result
    }
    let weights = initialLogits.map { Double.exp($0) }
    let rare = weights.indices.filter { weights[$0] <= 1 }
    if rare.count > FitWarning.mostRareClasses {
      result.append(.rareClasses(rare.map { classNames[$0] }))
    } else {
      result += rare.map { .rareClass(name: classNames[$0], weight: weights[$0]) }
    }
    return result
  }

  /// The vectors t of the mixtures of each row; empty unless ℓ is the logarithm of a mixture.
  func mixtureTerms(auxiliary: [Double]) -> [[[Double]]] {
    (0..<labels.rowCount).map {
      likelihood.mixtureTerms(of: responses, row: $0, auxiliary: auxiliary)
    }
  }

  private var rankDeficiency: RankDeficiency {
    let names = encoding.columnNames
    return RankDeficiency(
      rank: columns.rank, columnCount: columns.count, rowCount: observationCount,
      aliasedCount: columns.aliased.count,
      equations: columns.aliased.prefix(5).map {
        $0.unstandardized(standardization).equation(columnNames: names)
      })
  }
}
