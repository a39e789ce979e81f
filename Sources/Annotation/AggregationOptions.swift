/// The method that turns votes into labels.
public enum AggregationMethod: String, Sendable, Codable, CaseIterable {
  /// The class with most votes; tied classes share equally.
  case majority
  /// The share of each class among the votes of an item.
  case shares
  /// The votes for each class: labels for a multinomial likelihood.
  case counts
  /// One accuracy per annotator, all errors equally likely.
  case oneCoin = "one-coin"
  /// A confusion matrix for each annotator (Dawid and Skene, doi:10.2307/2346806).
  case dawidSkene = "dawid-skene"
  /// One confusion matrix for all annotators.
  case pooled
  /// Confusion matrices drawn around a common one, with a concentration that is estimated: for
  /// annotators with few votes. The votes of an annotator weigh at most
  /// `AggregationMethod.mostVotesOfAnnotator`.
  case hierarchical
  /// An ability of each annotator and a difficulty of each item (`VoteDifficulty`).
  case glad

  /// Whether it is a model with a likelihood.
  public var isModel: Bool {
    switch self {
    case .majority, .shares, .counts: false
    case .oneCoin, .dawidSkene, .pooled, .hierarchical, .glad: true
    }
  }

  /// Whether votes may be added to those of annotators.
  public var takesPseudoCounts: Bool { isModel && self != .hierarchical && self != .glad }

  /// The largest weight of all votes of an annotator for the method `hierarchical`, whose counts
  /// have as many possible values.
  public static let mostVotesOfAnnotator = 1_000_000

  /// Throws `VoteError` if the method is not for these votes. Complexity: O(votes).
  public func check(_ votes: Votes) throws(VoteError) {
    guard self == .hierarchical, let weights = votes.weights else { return }
    var totals = [Double](repeating: 0, count: votes.annotatorCount)
    for (cell, weight) in zip(votes.cells, weights) {
      totals[Int(cell) / votes.classCount] += weight.rounded(.up)
    }
    guard
      let annotator = totals.firstIndex(where: { $0 > Double(Self.mostVotesOfAnnotator) })
    else { return }
    throw .heavyAnnotator(votes.annotatorNames[annotator], weight: totals[annotator])
  }
}

/// Votes added to those of every annotator: the exponents of a Dirichlet density of each row of a
/// confusion matrix, minus 1. Zero is maximum likelihood.
public struct PseudoCounts: Sendable, Hashable, Codable {
  /// Added correct votes of each class.
  public var diagonal: Double
  /// Added votes of each class for each wrong class.
  public var offDiagonal: Double

  /// Pseudo-counts. Precondition: neither is negative.
  public init(diagonal: Double = 0, offDiagonal: Double = 0) {
    precondition(diagonal >= 0 && offDiagonal >= 0, "pseudo-counts are not negative")
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
  }

  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case diagonal
    case offDiagonal = "off_diagonal"
  }

  /// Whether the maximum is that of the likelihood.
  public var areZero: Bool { diagonal == 0 && offDiagonal == 0 }
}

/// Options for aggregating votes.
public struct AggregationOptions: Sendable, Hashable, Codable {
  /// The method.
  public var method: AggregationMethod
  /// The added votes.
  public var pseudoCounts: PseudoCounts
  /// The number of further starts; nil to choose by the size of the data.
  public var restarts: Int?
  /// The seed of the further starts.
  public var seed: UInt64
  /// The largest gradient, in votes, at which the fit counts as converged.
  public var tolerance: Double
  /// The maximum number of steps of expectation maximisation from one start.
  public var maximumIterations: Int
  /// Whether standard errors are computed.
  public var hasStandardErrors: Bool

  /// Options.
  public init(
    method: AggregationMethod = .dawidSkene, pseudoCounts: PseudoCounts = PseudoCounts(),
    restarts: Int? = nil, seed: UInt64 = 0, tolerance: Double = 1e-9,
    maximumIterations: Int = 20_000, hasStandardErrors: Bool = true
  ) {
    self.method = method
    self.pseudoCounts = pseudoCounts
    self.restarts = restarts
    self.seed = seed
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.hasStandardErrors = hasStandardErrors
  }

  /// The same from the shares of the votes alone, without standard errors.
  var withoutSearch: AggregationOptions {
    var options = self
    (options.restarts, options.hasStandardErrors) = (0, false)
    return options
  }

  /// The number of further starts: 40 for small data, none if each would take seconds.
  func restartCount(for votes: Votes) -> Int {
    restarts ?? min(40, 4_000_000 / max(1, votes.count * votes.classCount))
  }
}
