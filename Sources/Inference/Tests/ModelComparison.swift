import SurprisalEstimation
import SurprisalModels
import SurprisalProbability

/// The tests of a fit against a larger one that contains it: those that are valid, and for the
/// others the reason why they are not.
///
/// | | likelihood ratio | Wald | score (Lagrange multiplier) |
/// |---|---|---|---|
/// | a likelihood, flat priors | yes | yes | yes |
/// | a quasi-likelihood, importance weights, clusters | no | robust | robust |
/// | a density of points of the simplex | assuming the density | robust | robust |
/// | errors times the dispersion of votes | no | F | F |
/// | a prior | no | no | no |
///
/// The likelihood ratio test takes both fits, the Wald test the larger one and its covariance, the
/// score test the smaller one and derivatives of the larger model there: it is there even where the
/// larger model has no finite maximum. Records, as model files keep them, have no derivatives and
/// so no score test. References: Wilks, doi:10.1214/aoms/1177732360; Rao,
/// doi:10.1017/S0305004100023987; Boos, doi:10.1080/00031305.1992.10475921, for the robust score
/// test.
public struct ModelComparison: Sendable, Equatable {
  /// A kind of test.
  public enum Kind: String, Sendable, CaseIterable {
    case likelihoodRatio = "likelihood-ratio"
    case wald
    case score
  }

  /// A test that the smaller model is true.
  public struct Test: Sendable, Equatable {
    /// Which.
    public let kind: Kind
    /// Whether it holds without a likelihood: from the sandwich.
    public let isRobust: Bool
    /// The statistic, against chi-square; the likelihood ratio's is in nats, doubled.
    public let statistic: Double
    /// How many parameters the larger fit has in addition.
    public let degreesOfFreedom: Int
    /// The degrees of freedom of the denominator of F, of a Wald test with errors by clusters: G -
    /// 1; nil for chi-square.
    public let denominatorFreedom: Double?
    /// Whether one of them ends its range in the smaller model: the distribution is then an even
    /// mixture of chi-squares with one degree of freedom less and with all of them.
    public let isAtBoundary: Bool
    /// The probability of a larger statistic if the smaller model is true.
    public let pValue: Double

    init(
      _ kind: Kind, isRobust: Bool = false, statistic: Double, degreesOfFreedom: Int,
      denominatorFreedom: Double? = nil, isAtBoundary: Bool = false
    ) {
      self.kind = kind
      self.isRobust = isRobust
      self.statistic = max(0, statistic)
      self.degreesOfFreedom = degreesOfFreedom
      self.denominatorFreedom = denominatorFreedom
      self.isAtBoundary = isAtBoundary
      pValue =
        isAtBoundary
        ? ChiSquared.boundaryTail(self.statistic, freedom: degreesOfFreedom)
        : WaldDistribution(freedom: denominatorFreedom)
          .jointTail(self.statistic, count: degreesOfFreedom)
    }
  }

  /// A test that there is not.
  public struct Refusal: Sendable, Equatable {
    /// Which.
    public let kind: Kind
    /// Why not.
    public let reason: TestRefusal
  }

  /// The tests that are valid, in the order of their kinds.
  public private(set) var tests: [Test] = []
  /// The others.
  public private(set) var refusals: [Refusal] = []

  /// The test of a kind; nil where it is refused.
  public func test(_ kind: Kind) -> Test? { tests.first { $0.kind == kind } }

  /// Why there is no test of a kind; nil where there is one.
  public func refusal(_ kind: Kind) -> TestRefusal? { refusals.first { $0.kind == kind }?.reason }

  /// An empty comparison.
  init() {}

  /// No tests, for a reason.
  init(refusing kinds: [Kind] = Kind.allCases, reason: TestRefusal) {
    refusals = kinds.map { Refusal(kind: $0, reason: reason) }
  }

  mutating func add(_ kind: Kind, _ make: () throws(TestRefusal) -> Test) {
    do throws(TestRefusal) {
      tests.append(try make())
    } catch {
      refusals.append(Refusal(kind: kind, reason: error))
    }
  }
}

extension ModelComparison {
  /// Compares two fits of the same rows, with the score test besides.
  ///
  /// `choice` says which standard errors the Wald and the score test rest on; by default those that
  /// are right for the labels, so that both are robust where there is no likelihood. For the score
  /// test the columns of the smaller model need not be columns of the larger one by name: it is
  /// enough that they are combinations of these. Complexity: that of the covariance of the larger
  /// fit.
  public init<L0: Likelihood, L1: Likelihood>(
    of smaller: Fit<LinearPredictor, L0, FlatPrior>,
    against larger: Fit<LinearPredictor, L1, FlatPrior>,
    errors choice: StandardErrorChoice = .automatic
  ) {
    self.init(of: smaller, against: larger, larger.record(errors: choice), errors: choice)
  }

  /// The same with the record of the larger fit, whose errors are those of `choice`.
  init<L0: Likelihood, L1: Likelihood>(
    of smaller: Fit<LinearPredictor, L0, FlatPrior>,
    against larger: Fit<LinearPredictor, L1, FlatPrior>, _ record: FitRecord,
    errors choice: StandardErrorChoice
  ) {
    let pair = RecordPair(
      smaller: smaller.record(errors: choice == .automatic ? .none : choice), larger: record)
    self.init()
    add(.likelihoodRatio) { () throws(TestRefusal) in try pair.likelihoodRatio() }
    add(.wald) { () throws(TestRefusal) in try pair.wald() }
    add(.score) { () throws(TestRefusal) in
      guard let smaller = smaller as? Fit<LinearPredictor, L1, FlatPrior> else {
        throw TestRefusal.differentLikelihoods
      }
      guard smaller.statistics.dataChecksum == larger.statistics.dataChecksum else {
        throw TestRefusal.differentData
      }
      if let reason = record.uncertainty.kind == nil ? record.uncertainty.reason : nil,
        reason.isAboutSize
      {
        throw TestRefusal.covariance(reason)
      }
      return try ScoreTest(of: smaller, in: larger, choice).result()
    }
  }
}

/// Why a test of nested fits is not valid. The sentences are in the module Diagnostics.
public enum TestRefusal: Error, Sendable, Equatable {
  /// Only softmax regressions have such tests.
  case notSoftmax
  /// With a prior the fits do not maximise the likelihood.
  case prior
  /// Under Jeffreys' prior tests hold coefficients within the penalty of the larger fit.
  case jeffreys
  /// The smaller fit did not reach a maximum.
  case notConverged
  /// A parameter of the likelihood is at the end of its range.
  case boundary
  /// The parameter that is tested is at the end of its range in the smaller model.
  case testedBoundary
  /// The score test needs the data.
  case needsData
  /// The fits have different likelihoods.
  case differentLikelihoods
  /// The fits are of different data.
  case differentData
  /// The likelihoods are not nested.
  case likelihoods(smaller: String, larger: String)
  /// The larger model does not have this feature of the smaller one.
  case missingFeature(String)
  /// This feature of the smaller model is aliased in the larger one.
  case aliasedFeature(String)
  /// This feature has a coefficient without a standard error.
  case noStandardError(feature: String)
  /// Columns of the smaller model are no combinations of those of the larger one.
  case noCombination
  /// There are too many features to see whether the models are nested.
  case tooManyFeatures
  /// The larger model has no more coefficients.
  case noFurtherCoefficients
  /// The larger model has no more free parameters.
  case noFurtherParameters
  /// The larger model has the smaller likelihood.
  case smallerLikelihood
  /// A fit has no likelihood to compare.
  case criteria(CriteriaReason)
  /// There is no covariance to test with.
  case covariance(CovarianceReason)
  /// The larger model has no standard errors.
  case noStandardErrors(CovarianceReason)
  /// The model file of the larger model does not keep the covariance.
  case covarianceNotKept(limit: Int)
  /// A robust covariance of so many coefficients has fewer than two units each.
  case fewUnitsForCoefficients(Int)
  /// A robust covariance of so many scores has fewer than two units each.
  case fewUnits(scores: Int)
  /// The covariance of the tested coefficients is singular.
  case singularCoefficients
  /// The covariance of the scores is singular.
  case singularScores
}
