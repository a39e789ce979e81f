import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The divergence of labels made of votes, parted into the noise of the votes and the misfit.
///
/// The votes of a row are random: true probabilities have a divergence above zero (`VoteNoise`).
/// What is left after the noise expected under the predictions is the misfit, zero on average for
/// predictions that are true, and sometimes below zero by chance.
public struct LabelNoise: Sendable, Equatable, Codable {
  /// The mean divergence that the predictions would have if they were true, in nats per unit of
  /// weight. On the rows of a fit less what the fitted parameters took of it.
  public var expected: Double
  /// The divergence less `expected`.
  public var misfit: Double
  /// The standard error of the misfit over rows or clusters, the predictions taken as given; nil
  /// for fewer than two.
  public var standardError: Double?
  /// The test that the predictions are true; nil if counts are too small and rows too many.
  public var test: Test?

  /// A test that nothing is left: the probability of a larger divergence if the predictions are
  /// true and votes independent.
  public struct Test: Sendable, Equatable, Codable {
    /// How the distribution of the divergence under the predictions is known.
    public enum Method: String, Sendable, Codable {
      /// The deviance against chi-square with its degrees of freedom, an approximation.
      case deviance
      /// Votes drawn from the predictions.
      case bootstrap
      /// The normal distribution, for many rows: exact mean, variance from drawn votes.
      case normal
    }

    /// How.
    public var method: Method
    /// Degrees of freedom of the deviance; nil for the others.
    public var degreesOfFreedom: Int?
    /// p.
    public var pValue: Double

    /// A test.
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

  /// The parts.
  package init(expected: Double, misfit: Double, standardError: Double?, test: Test?) {
    self.expected = expected
    self.misfit = misfit
    self.standardError = standardError
    self.test = test
  }

  /// The deviance explained, the noise taken out of both sides: `1 - (KL - noise) / (KL_0 - noise)`
  /// with the divergence KL_0 of the null model, for which the same noise is expected if the
  /// predictions are near the truth. 1 for true predictions, up to noise; nil if the null model
  /// leaves nothing.
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
  /// For classes, which are one vote a row, and counts; nil for other labels, whose votes are not
  /// known, for importance weights, which may depend on the labels, and for an infinite divergence.
  /// `fittedParameters` is the number of parameters that were fitted to these very rows by maximum
  /// likelihood; each takes 1 / (2 W) of the noise. Clusters are for the standard error; the test
  /// takes votes as independent. The test is the deviance against chi-square if four of five
  /// expected counts are at least five and all at least one, otherwise by votes drawn from `seed`
  /// on. Throws
  /// `DatasetError.rowMismatch` unless there is one cluster a row. Time O(N C) and up to 2e8 draws.
  public func labelNoise(
    fittedParameters: Int = 0, clusters: [Int]? = nil, seed: UInt64 = 1,
    threads: any Reducer = .one
  ) throws(DatasetError) -> LabelNoise? {
    try requireOneEach(clusters)
    guard klDivergence.isFinite else { return nil }
    switch (labels, weights) {
    case (.probabilities, _), (.candidates, _), (_, .importance): return nil
    default: break
    }
    let noise = rowNoise(threads: threads)
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
        fittedParameters: fittedParameters, seed: seed, threads: threads))
  }
}

extension Evaluation {
  /// The mean divergence of votes drawn with the predicted probabilities. Time O(N C).
  package var expectedVoteNoise: Double { mean(rowNoise(threads: .one)) }

  private func mean(_ noise: [RowNoise]) -> Double {
    noise.blockedSum(weights: masses.observations) { noise[$0].expected } / totalWeight
  }

  private func rowNoise(threads: any Reducer) -> [RowNoise] {
    let multiplicities = masses.multiplicities
    return pairs.mapBlocks(threads: threads) { block in
      block.rows.enumerated().map { offset, row in
        multiplicities[row] > 0
          ? RowNoise(
            votes: labels.multiplicity(ofRow: row),
            probabilities: Array(block.probabilities[block.entries(ofRowAt: offset)])) : .none
      }
    }.flatMap { $0 }
  }
}

/// What the votes of one row are expected to do.
struct RowNoise: Sendable {
  /// E KL.
  let expected: Double
  /// How many classes may occur.
  let cells: Int
  /// How many of these have an expected count of five or more.
  let largeCells: Int
  /// Whether one has less than one.
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
