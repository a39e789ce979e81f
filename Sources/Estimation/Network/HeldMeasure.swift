import SurprisalProbability

/// What networks are compared by on held-out rows.
public enum HeldMeasure: Sendable, Equatable {
  /// The mean KL divergence of predictions from labels.
  case divergence
  /// Minus the mean log evidence `-log Σₖ eₖ qₖ`, for evidence and candidate sets: the divergence
  /// from evidence divided by its sum favours predictions that are as uncertain as single labels.
  case evidence

  /// The measure for a kind of label.
  public init(_ kind: LabelKind) {
    switch kind {
    case .evidence, .candidates: self = .evidence
    case .classes, .probabilities, .counts: self = .divergence
    }
  }

  /// A short name for reports, without unit (nats).
  public var name: String {
    switch self {
    case .divergence: "KL"
    case .evidence: "- log evidence"
    }
  }
}
