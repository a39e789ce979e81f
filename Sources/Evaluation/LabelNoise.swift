import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The divergence of vote labels, split into the noise of the votes and the misfit.
///
/// The votes of a row are random, so even true probabilities have a positive divergence
/// (`VoteNoise`). The divergence minus the noise expected under the predictions is the misfit: its
/// mean is zero if predictions are true, and it may be negative by chance.
public struct LabelNoise: Sendable, Equatable, Codable {
  /// The expected mean divergence if the predictions are true, in nats per unit of weight. On the
  /// rows of a fit it is reduced by the part that the fitted parameters absorb.
  public var expected: Double
  /// The divergence minus `expected`.
  public var misfit: Double
  /// The standard error of the misfit over rows or clusters, for given predictions; nil for fewer
  /// than two.
  public var standardError: Double?
  /// The test of the hypothesis that the predictions are true; nil if counts are too small and
  /// there are too many rows.
  public var test: Test?

  /// A test of zero misfit: the p-value of the divergence if the predictions are true and votes
  /// independent.
  public struct Test: Sendable, Equatable, Codable {
    /// How the null distribution of the divergence is obtained.
    public enum Method: String, Sendable, Codable {
      /// The deviance compared with chi-square, an approximation.
      case deviance
      /// Votes drawn from the predictions.
      case bootstrap
      /// The normal distribution, for many rows: exact mean, variance from drawn votes.
      case normal
    }

    /// How the null distribution is obtained.
    public var method: Method
    /// Degrees of freedom of the deviance; nil for the other methods.
    public var degreesOfFreedom: Int?
    /// The p-value.
    public var pValue: Double

    /// Creates a test result.
    package init(_ method: Method, degreesOfFreedom: Int? = nil, pValue: Double) {
      self.method = method
      self.degreesOfFreedom = degreesOfFreedom
      self.pValue = pValue
    }

    private enum CodingKeys: String, CodingKey {
      case method
      case degreesOfFreedom = "degrees_of_freedom"
      case pValue = "p_value"
    }
  }

  /// Creates the decomposition.
  package init(expected: Double, misfit: Double, standardError: Double?, test: Test?) {
    self.expected = expected
    self.misfit = misfit
    self.standardError = standardError
    self.test = test
  }

  /// The explained deviance with the noise removed from both divergences: `1 - (KL - noise) / (KL_0
  /// - noise)`, with KL_0 the divergence of the null model, whose expected noise is the same if the
  /// predictions are near the truth. 1 for true predictions, up to noise; nil if the divergence of
  /// the null model does not exceed the noise.
  public func explainedShare(nullDivergence: Double) -> Double? {
    let null = nullDivergence - expected
    return null > 1e-14 * max(1, expected) ? 1 - misfit / null : nil
  }

  private enum CodingKeys: String, CodingKey {
    case expected, misfit, test
    case standardError = "standard_error"
  }
}

extension Evaluation {
  /// The noise of the votes in these labels and the misfit of the predictions.
  ///
  /// Defined for classes, which are one vote per row, and for counts. Nil for other labels, whose
  /// votes are not known, for importance weights, which may depend on the labels, and for an
  /// infinite divergence. `fittedParameters` is the number of parameters that were fitted to these
  /// rows by maximum likelihood; each removes 1 / (2 W) of the noise. Clusters are used for the
  /// standard error; the test assumes independent votes. The test compares the deviance with
  /// chi-square if four of five expected counts are at least five and all at least one; otherwise
  /// it draws votes, starting from `seed`. Throws `DatasetError.rowMismatch` unless there is one
  /// cluster per row. Time O(N C) and up to 2e8 draws.
  public func labelNoise(
    fittedParameters: Int = 0, clusters: [Int]? = nil, seed: UInt64 = 1
  ) throws(DatasetError) -> LabelNoise? {
    try requireOneEach(clusters)
    guard klDivergence.isFinite else { return nil }
    switch (labels, weights) {
    case (.probabilities, _), (.candidates, _), (.evidence, _), (_, .importance): return nil
    default: break
    }
    let noise = rowNoise()
    let raw = mean(noise)
    let expected = raw - Double(fittedParameters) / (2 * totalWeight)
    let misfit = klDivergence - expected
    let units = SamplingUnits(weights: weights, masses: masses, clusters: clusters)
    let values = zip(rowScores, noise).map { $0.klDivergence - $1.expected }
    let center = klDivergence - raw
    let error = units.standardError(masses: units.observationMasses, mean: center) { values[$0] }
    return LabelNoise(
      expected: expected, misfit: misfit, standardError: error,
      test: VoteTest(self, noise, expectedDivergence: raw).result(
        fittedParameters: fittedParameters, seed: seed))
  }
}

extension Evaluation {
  /// The mean divergence of votes drawn with the predicted probabilities. Time O(N C).
  package var expectedVoteNoise: Double { mean(rowNoise()) }

  private func mean(_ noise: [RowNoise]) -> Double {
    noise.blockedSum(weights: masses.observations) { noise[$0].expected } / totalWeight
  }

  private func rowNoise() -> [RowNoise] {
    let multiplicities = masses.multiplicities
    return pairs.mapBlocks { block in
      block.rows.enumerated().map { offset, row in
        multiplicities[row] > 0
          ? RowNoise(
            votes: labels.multiplicity(ofRow: row),
            probabilities: Array(block.probabilities[block.entries(ofRowAt: offset)])) : .none
      }
    }.flatMap { $0 }
  }
}

/// The expected divergence and expected counts of the votes of one row.
struct RowNoise: Sendable {
  /// E KL.
  let expected: Double
  /// The number of classes with positive predicted probability.
  let cells: Int
  /// The number of classes whose expected count is at least five.
  let largeCells: Int
  /// Whether a class has an expected count below one.
  let hasTinyCell: Bool

  static let none = RowNoise(votes: 1, probabilities: [1])

  init(votes: Double, probabilities: [Double]) {
    expected = VoteNoise.expectedDivergence(votes: votes, probabilities: probabilities)
    let possible = probabilities.filter { $0 > 0 }
    cells = possible.count
    largeCells = possible.count { votes * $0 >= 5 }
    hasTinyCell = possible.contains { votes * $0 < 1 }
  }
}
