import SurprisalEstimation

/// Information criteria of several fits, and whether they are comparable.
///
/// Criteria compare likelihoods of the same labels: the fits need the same rows and the same kind
/// of label. A fit without a likelihood, or with a prior, has none; the reason is recorded.
public struct CriteriaTable: Sendable, Equatable {
  /// One fit.
  public struct Entry: Sendable, Equatable {
    /// The likelihood: `multinomial`.
    public let likelihood: String
    /// The full log-likelihood.
    public let logLikelihood: Double
    /// The number of free parameters; nil with a proper prior.
    public let degreesOfFreedom: Int?
    /// Akaike's criterion; nil if there is none, see `reason`.
    public let akaike: Double?
    /// The Bayesian criterion; nil if there is none, see `reason`.
    public let bayesian: Double?
    /// Why there are no criteria.
    public let reason: CriteriaReason?
  }

  /// Why the criteria of fits are not comparable.
  public enum Refusal: Sendable, Equatable {
    /// The labels of the fits are of different kinds.
    case labelKinds
    /// The fits have different data.
    case differentData
  }

  /// The fits in their order.
  public let entries: [Entry]
  /// Why the criteria of these fits are not comparable; nil if they are, or if there are fewer than
  /// two.
  public let refusal: Refusal?
  /// The differences to the smallest Akaike criterion; nil if they are not comparable.
  public let akaikeDifferences: [Double?]

  /// The criteria of some fits. Complexity: O(number of fits).
  public init(_ records: [FitRecord]) {
    let entries = records.map { record -> Entry in
      let statistics = record.statistics
      func entry(_ akaike: Double?, _ bayesian: Double?, _ reason: CriteriaReason?) -> Entry {
        Entry(
          likelihood: record.specification.likelihood, logLikelihood: statistics.logLikelihood,
          degreesOfFreedom: statistics.degreesOfFreedom, akaike: akaike, bayesian: bayesian,
          reason: reason)
      }
      switch statistics.criteria {
      case .available(let akaike, let bayesian): return entry(akaike, bayesian, nil)
      case .unavailable(let reason): return entry(nil, nil, reason)
      }
    }
    let valid = records.indices.filter { entries[$0].akaike != nil }
    let refusal = valid.first.flatMap { first in
      valid.dropFirst().lazy.compactMap { Self.refusal(records[first], records[$0]) }.first
    }
    let smallest = valid.compactMap { entries[$0].akaike }.min()
    self.entries = entries
    self.refusal = refusal
    akaikeDifferences = entries.map { entry in
      guard refusal == nil, valid.count > 1, let smallest else { return nil }
      return entry.akaike.map { $0 - smallest }
    }
  }

  private static func refusal(_ first: FitRecord, _ second: FitRecord) -> Refusal? {
    guard first.specification.labels == second.specification.labels else {
      return .labelKinds
    }
    let (a, b) = (first.statistics, second.statistics)
    let areSame =
      if let one = a.dataChecksum, let other = b.dataChecksum {
        one == other
      } else {
        a.rowCount == b.rowCount && a.totalWeight == b.totalWeight
          && a.labelEntropy == b.labelEntropy
      }
    return areSame ? nil : .differentData
  }
}
