import SurprisalEstimation

/// The tests of a fit against a larger one that contains it: those that are valid, and for the others
/// the reason why they are not.
///
/// | | likelihood ratio | Wald | score (Lagrange multiplier) |
/// |---|---|---|---|
/// | a likelihood, flat priors | yes | yes | yes |
/// | a quasi-likelihood, importance weights, clusters | no | robust | robust |
/// | a density of points of the simplex | assuming the density | robust | robust |
/// | a prior | no | no | no |
///
/// The likelihood ratio test takes both fits, the Wald test the larger one and its covariance, the
/// score test the smaller one and derivatives of the larger model there: it is there even where the
/// larger model has no finite maximum. Records, as model files keep them, have no derivatives and so
/// no score test. References: Wilks, doi:10.1214/aoms/1177732360; Rao, doi:10.1017/S0305004100023987;
/// Boos, doi:10.1080/00031305.1992.10475921, for the robust score test.
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
    /// Whether one of them ends its range in the smaller model: the distribution is then an even
    /// mixture of chi-squares with one degree of freedom less and with all of them.
    public let isAtBoundary: Bool
    /// The probability of a larger statistic if the smaller model is true.
    public let pValue: Double

    init(
      _ kind: Kind, isRobust: Bool = false, statistic: Double, degreesOfFreedom: Int,
      isAtBoundary: Bool = false
    ) {
      self.kind = kind
      self.isRobust = isRobust
      self.statistic = max(0, statistic)
      self.degreesOfFreedom = degreesOfFreedom
      self.isAtBoundary = isAtBoundary
      pValue =
        isAtBoundary
        ? ChiSquared.boundaryTail(self.statistic, freedom: degreesOfFreedom)
        : ChiSquared.upperTail(self.statistic, freedom: degreesOfFreedom)
    }
  }

  /// A test that there is not.
  public struct Refusal: Sendable, Equatable {
    /// Which.
    public let kind: Kind
    /// Why not.
    public let reason: String
  }

  /// The tests that are valid, in the order of their kinds.
  public private(set) var tests: [Test] = []
  /// The others.
  public private(set) var refusals: [Refusal] = []

  /// The test of a kind; nil where it is refused.
  public func test(_ kind: Kind) -> Test? { tests.first { $0.kind == kind } }

  /// Why there is no test of a kind; nil where there is one.
  public func refusal(_ kind: Kind) -> String? { refusals.first { $0.kind == kind }?.reason }

  /// An empty comparison.
  init() {}

  mutating func add(_ kind: Kind, _ make: () throws(Unavailable) -> Test) {
    do throws(Unavailable) {
      tests.append(try make())
    } catch {
      refusals.append(Refusal(kind: kind, reason: error.reason))
    }
  }
}
