import SurprisalEstimation
import SurprisalModels
import SurprisalProbability

/// The tests of a fit against a larger one that contains it: the valid tests, and for the others
/// the reason why they are not valid.
///
/// | | likelihood ratio | Wald | score (Lagrange multiplier) |
/// |---|---|---|---|
/// | a likelihood, flat priors | yes | yes | yes |
/// | a quasi-likelihood, importance weights, clusters | no | robust | robust |
/// | a density of points of the simplex | assuming the density | robust | robust |
/// | errors times the dispersion of votes | no | F | F |
/// | a prior | no | no | no |
///
/// The likelihood ratio test uses both fits, the Wald test the larger one and its covariance, the
/// score test the smaller one and the derivatives of the larger model there. Both the likelihood
/// ratio, of the suprema, and the score test are available even if the larger model has no finite
/// maximum. Records from model files have no derivatives, hence
/// no score test. References: Wilks, doi:10.1214/aoms/1177732360; Rao,
/// doi:10.1017/S0305004100023987; Boos, doi:10.1080/00031305.1992.10475921, for the robust score
/// test.
public struct ModelComparison: Sendable, Equatable {
  /// A kind of test.
  public enum Kind: String, Sendable, CaseIterable {
    case likelihoodRatio = "likelihood-ratio"
    case wald
    case score
  }

  /// A test of the hypothesis that the smaller model is true.
  public struct Test: Sendable, Equatable {
    /// The kind of test.
    public let kind: Kind
    /// Whether it is valid without a likelihood, because it uses the sandwich.
    public let isRobust: Bool
    /// The statistic, compared with chi-square; for the likelihood ratio twice the difference in
    /// nats.
    public let statistic: Double
    /// The number of additional parameters of the larger fit.
    public let degreesOfFreedom: Int
    /// The denominator degrees of freedom of F, G - 1, for a Wald test with cluster-robust errors;
    /// nil for chi-square.
    public let denominatorFreedom: Double?
    /// Whether a tested parameter is on the boundary of its range in the smaller model: the
    /// distribution is then an equal mixture of chi-squares with one degree of freedom less and
    /// with all of them.
    public let isAtBoundary: Bool
    /// Whether a fit has no finite maximum because classes are separated: the likelihood ratio is
    /// that of the suprema, and chi-square is then only a rough guide.
    public let isAtSupremum: Bool
    /// The p-value.
    public let pValue: Double

    init(
      _ kind: Kind, isRobust: Bool = false, statistic: Double, degreesOfFreedom: Int,
      denominatorFreedom: Double? = nil, isAtBoundary: Bool = false, isAtSupremum: Bool = false
    ) {
      self.kind = kind
      self.isRobust = isRobust
      self.statistic = max(0, statistic)
      self.degreesOfFreedom = degreesOfFreedom
      self.denominatorFreedom = denominatorFreedom
      self.isAtBoundary = isAtBoundary
      self.isAtSupremum = isAtSupremum
      pValue =
        isAtBoundary
        ? ChiSquared.boundaryTail(self.statistic, freedom: degreesOfFreedom)
        : WaldDistribution(freedom: denominatorFreedom)
          .jointTail(self.statistic, count: degreesOfFreedom)
    }
  }

  /// A test that is not available.
  public struct Refusal: Sendable, Equatable {
    /// The kind of test.
    public let kind: Kind
    /// The reason.
    public let reason: TestRefusal
  }

  /// The valid tests, in the order of their kinds.
  public private(set) var tests: [Test] = []
  /// The tests that are not valid.
  public private(set) var refusals: [Refusal] = []

  /// The test of a kind; nil if it is not valid.
  public func test(_ kind: Kind) -> Test? { tests.first { $0.kind == kind } }

  /// Why there is no test of a kind; nil if there is one.
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
  /// Compares two fits of the same rows, including the score test.
  ///
  /// `choice` selects the standard errors of the Wald and the score test; by default those suited
  /// to the labels, so both are robust if there is no likelihood. For the score test the columns of
  /// the smaller model need not be columns of the larger one by name; linear combinations of them
  /// suffice. Complexity: that of the covariance of the larger fit.
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

/// Why a test of nested fits is not valid. Diagnostics has the sentences.
public enum TestRefusal: Error, Sendable, Equatable {
  /// Tests are available only for softmax regression.
  case notSoftmax
  /// With a prior the fits do not maximise the likelihood.
  case prior
  /// Under Jeffreys' prior tests fix coefficients within the penalty of the larger fit.
  case jeffreys
  /// The smaller fit did not reach a maximum.
  case notConverged
  /// A parameter of the likelihood is on the boundary of its range.
  case boundary
  /// The tested parameter is on the boundary of its range in the smaller model.
  case testedBoundary
  /// The score test needs the data.
  case needsData
  /// The fits have different likelihoods.
  case differentLikelihoods
  /// The fits have different data.
  case differentData
  /// The likelihoods are not nested.
  case likelihoods(smaller: String, larger: String)
  /// The larger model does not have this feature of the smaller one.
  case missingFeature(String)
  /// This feature of the smaller model is aliased in the larger one.
  case aliasedFeature(String)
  /// This feature has a coefficient without a standard error.
  case noStandardError(feature: String)
  /// Columns of the smaller model are not linear combinations of those of the larger one.
  case noCombination
  /// There are too many features to check whether the models are nested.
  case tooManyFeatures
  /// The larger model has no more coefficients.
  case noFurtherCoefficients
  /// The larger model has no more free parameters.
  case noFurtherParameters
  /// The larger model has the smaller likelihood.
  case smallerLikelihood
  /// A fit has no likelihood to compare.
  case criteria(CriteriaReason)
  /// There is no covariance for the test.
  case covariance(CovarianceReason)
  /// The larger model has no standard errors.
  case noStandardErrors(CovarianceReason)
  /// The model file of the larger model does not include the covariance.
  case covarianceNotKept(limit: Int)
  /// There are fewer than two units per coefficient for a robust covariance.
  case fewUnitsForCoefficients(Int)
  /// There are fewer than two units per score for a robust covariance.
  case fewUnits(scores: Int)
  /// The covariance of the tested coefficients is singular.
  case singularCoefficients
  /// The covariance of the scores is singular.
  case singularScores
}
