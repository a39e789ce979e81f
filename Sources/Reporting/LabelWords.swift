import SurprisalProbability

extension LabelKind {
  /// The kind in a few words.
  public var words: String {
    switch self {
    case .classes: "one class a row"
    case .probabilities: "a probability for each class"
    case .counts: "votes for each class"
    case .candidates: "sets of candidate classes"
    case .evidence: "evidence for each class"
    }
  }
}
