import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The tests that some columns of the table have no coefficient: those of a text column's levels,
/// and all interactions that a column takes part in, are zero in all classes.
///
/// The smaller model is fitted to the same rows as the larger one. Under Jeffreys' prior the
/// likelihood ratio is the penalised one, within the penalty of the larger fit.
public struct ColumnTest: Sendable, Equatable {
  /// The columns of the table, or interactions such as `age:color`.
  public let columns: [String]
  /// The columns of the design that involve them.
  public let features: [String]
  /// The available tests, and the refused ones.
  public let comparison: ModelComparison
}

extension FeatureEncoding {
  /// The names that can be tested: the columns of the table, and the interactions.
  public var testableNames: [String] {
    let interactions = columns.indices.filter { columns[$0].factors.count > 1 }
      .map { termName(ofColumn: $0) }
    var names = sources.map(\.name)
    for name in interactions where !names.contains(name) { names.append(name) }
    return names
  }

  /// The columns of the design that involve columns of the table, or interactions.
  func columns(testing names: [String]) -> [Int] {
    let wanted = Set(names)
    return columns.indices.filter { column in
      wanted.contains(termName(ofColumn: column))
        || columns[column].factors.contains { wanted.contains(sources[$0.source].name) }
    }
  }
}

extension Fit where M == LinearPredictor {
  /// The tests that columns of the table have no coefficients.
  ///
  /// `record` is that of this fit with errors by `choice`; `data` and `estimator` are those of the
  /// fit. Throws `DatasetError.testedColumn` for a name that is not a feature, and what the smaller
  /// fit throws. Complexity: that of a fit, and of the information.
  public func test(
    ofColumns names: [String], record: FitRecord, data: Dataset,
    estimator: MaximumLikelihood<SoftmaxRegression, L, P>, errors choice: StandardErrorChoice,
    observing observer: Observer? = nil
  ) throws(DatasetError) -> ColumnTest {
    let encoding = classifier.encoding
    let known = encoding.testableNames
    if let name = names.first(where: { !known.contains($0) }) {
      throw .testedColumn(name, available: known)
    }
    let tested = encoding.columns(testing: names)
    func result(_ comparison: ModelComparison) -> ColumnTest {
      let designNames = encoding.columnNames
      return ColumnTest(
        columns: names, features: tested.map { designNames[$0] }, comparison: comparison)
    }
    guard let flat = self as? Fit<LinearPredictor, L, FlatPrior>,
      let estimator = estimator as? MaximumLikelihood<SoftmaxRegression, L, FlatPrior>
    else { return result(ModelComparison(reason: .prior)) }
    guard informationPenalty == .none else {
      return result(
        flat.penalizedTest(ofColumns: tested, reference: record.specification.reference))
    }
    let left = encoding.columns.indices.filter { !tested.contains($0) }
    var fewer = data
    fewer.features = Features(
      trusting: data.features.matrix.selecting(columns: left),
      encoding: FeatureEncoding(
        sources: encoding.sources, columns: left.map { encoding.columns[$0] }))
    let smaller = try estimator.fit(fewer, observing: observer)
    return result(ModelComparison(of: smaller, against: flat, record, errors: choice))
  }
}

extension Fit where M == LinearPredictor, P == FlatPrior {
  /// The penalised likelihood ratio test; the others are refused.
  fileprivate func penalizedTest(ofColumns tested: [Int], reference: Int) -> ModelComparison {
    var result = ModelComparison()
    result.add(.likelihoodRatio) { () throws(TestRefusal) in
      guard status.isConverged else { throw .criteria(.notConverged) }
      let places = kept.indices.filter { tested.contains(kept[$0]) }
      guard !places.isEmpty else { throw .noFurtherParameters }
      guard let profile = ProfileLikelihood(of: self, reference: reference),
        let found = profile.test(ofPlaces: places)
      else { throw .jeffreys }
      return ModelComparison.Test(
        .likelihoodRatio, statistic: found.statistic, degreesOfFreedom: found.freedom)
    }
    for kind in [ModelComparison.Kind.wald, .score] {
      result.add(kind) { () throws(TestRefusal) in throw .jeffreys }
    }
    return result
  }
}
