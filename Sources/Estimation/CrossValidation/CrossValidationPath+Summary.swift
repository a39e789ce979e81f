extension CrossValidationPath {
  /// The held-out losses of a cross-validation along its path of strengths.
  ///
  /// `measure` is the name of the loss.
  public init(_ summary: CrossValidationSummary, measure: String = "loss") {
    self.init(
      measure: measure,
      points: summary.strengths.enumerated().map { place, strength in
        let error = summary.standardError(of: .loss, at: place)
        return Point(
          strength: strength, mean: summary.scores(at: place)[.loss],
          standardError: error.isFinite ? error : nil)
      },
      minimum: summary.index(.minimum), oneStandardError: summary.index(.oneStandardError))
  }
}
