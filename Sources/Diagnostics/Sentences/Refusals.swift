import SurprisalEstimation
import SurprisalInference
import SurprisalTables

extension TestRefusal {
  /// Why there is no test, as a clause.
  public var sentence: String {
    switch self {
    case .notSoftmax: "tests of nested models are available only for softmax regression"
    case .prior: "with a prior the fits do not maximise the likelihood"
    case .jeffreys:
      "under Jeffreys' prior the penalties of two fits are not comparable; the summary of the "
        + "larger one has penalised likelihood ratio tests of its features"
    case .notConverged: "the smaller fit did not reach a maximum"
    case .boundary: "a parameter of the likelihood is on the boundary of its range"
    case .testedBoundary: "a parameter on the boundary of its range has no Wald test"
    case .needsData: "the score test needs the data: a saved model has no derivatives"
    case .differentLikelihoods: "the fits have different likelihoods"
    case .differentData: "the fits have different data"
    case .likelihoods(let smaller, let larger):
      "the likelihoods \(smaller) and \(larger) are not nested"
    case .missingFeature(let name):
      "the smaller model has \"\(name)\", the larger one does not: they are not nested"
    case .aliasedFeature(let name):
      "\"\(name)\" has no coefficient of its own in the larger model"
    case .noStandardError(let feature):
      "\"\(feature)\" has a coefficient without a standard error"
    case .noCombination:
      "the features of the smaller model are not combinations of those of the larger one"
    case .tooManyFeatures: "there are too many features to check whether the models are nested"
    case .noFurtherCoefficients: "the second model has no more coefficients"
    case .noFurtherParameters: "the second model has no more free parameters"
    case .smallerLikelihood:
      "the larger model has the smaller likelihood: they are not nested, or one of them "
        + "is at a local maximum"
    case .criteria(let reason): reason.sentence
    case .covariance(let reason): reason.sentence
    case .noStandardErrors(let reason):
      "the larger model has no standard errors: \(reason.sentence)"
    case .covarianceNotKept(let limit):
      "the model file of the larger model has no covariance; it stores that of up to "
        + "\(limit) coefficients"
    case .fewUnitsForCoefficients(let count):
      "the robust covariance of \(count) coefficients has fewer than two units per coefficient"
    case .fewUnits(let count):
      "the robust covariance of \(count) scores has fewer than two units per score"
    case .singularCoefficients: "the covariance of the tested coefficients is singular"
    case .singularScores: "the covariance of the scores is singular"
    }
  }
}

extension CriteriaTable.Refusal {
  /// Why the criteria of fits cannot be compared, as a clause.
  public var sentence: String {
    switch self {
    case .labelKinds: "the labels of the fits are of different kinds"
    case .differentData: "the fits have different data"
    }
  }
}

extension ContrastError: CustomStringConvertible {
  public var description: String { sentence }

  /// Why there is no such combination, as a clause.
  public var sentence: String {
    switch self {
    case .syntax(_, ""): "a coefficient is missing at the end"
    case .syntax(_, let rest): "expected + or - before \(name(rest))"
    case .unknown(_, let rest, _): "no coefficient is called \(name(rest))"
    case .empty: "no coefficient is left: those of the reference class are zero"
    case .infinite(let coefficient): "\(name(coefficient)) is infinite"
    case .aliased(let coefficient):
      "\(name(coefficient)) is aliased: its column is a combination of others"
    case .outOfRange(let coefficient): "\(name(coefficient)) is too large for a double"
    case .noStandardError(let coefficient): "\(name(coefficient)) has no standard error"
    case .range: "the sum leaves the range of doubles"
    case .refusal(let reason): reason.sentence
    }
  }

  /// What to do about it.
  public var suggestion: String? {
    switch self {
    case .syntax:
      "a contrast is written as b:x - c:x or 2*b:x - 0.5*c:z; names may stand in backticks"
    case .unknown(_, let rest, let known):
      EditDistance.question(about: rest, among: known)
        ?? "they are called " + listing(known)
    default: nil
    }
  }
}

extension PredictionRefusal {
  /// The reason as a clause.
  public var sentence: String {
    switch self {
    case .meanIsNoSoftmax(let likelihood):
      "the mean under the \(likelihood) likelihood is not the softmax of the logits"
    case .infiniteCoefficients: "some coefficients are infinite"
    case .missingStandardErrors: "some coefficients are infinite or have no standard error"
    case .noStandardErrors(let reason): "the model has no standard errors: \(reason.sentence)"
    case .covarianceNotKept(let limit, let count):
      "the model file has no covariance: it stores that of up to "
        + "\(limit) coefficients, and there are \(count)"
    case .unknownColumn(let column, let available):
      "no feature is called \(name(column)); the features are \(listing(available))"
    case .columnValue(let value, let column, let levels):
      "\(name(column)) cannot be \(name(value)): "
        + (levels.isEmpty ? "it holds finite numbers" : "its levels are \(listing(levels))")
    case .fixedColumn(let column):
      "\(name(column)) cannot be set: it interacts with a column that is no feature of its own"
    case .level(let level):
      "the level of intervals is \(plain(level)), which is not between 0 and 1"
    }
  }
}
