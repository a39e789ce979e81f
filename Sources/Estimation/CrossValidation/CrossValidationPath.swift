/// The held-out loss for each strength of a prior.
public struct CrossValidationPath: Sendable, Equatable {
  /// One strength.
  public struct Point: Sendable, Equatable {
    /// λ; zero for a flat prior.
    public var strength: Double
    /// The mean of the measure over the held-out rows; may be infinite.
    public var mean: Double
    /// Its standard error; nil if there is none.
    public var standardError: Double?

    /// A point of a path.
    public init(strength: Double, mean: Double, standardError: Double?) {
      self.strength = strength
      self.mean = mean
      self.standardError = standardError
    }
  }

  /// The name of the measure: `cross entropy`.
  public var measure: String
  /// The strengths, in any order.
  public package(set) var points: [Point]
  /// The position of the strength with the smallest mean.
  public package(set) var minimum: Int?
  /// The position of the strongest prior whose mean is within a standard error of the smallest.
  public package(set) var oneStandardError: Int?

  /// Creates a path; positions refer to `points`.
  package init(
    measure: String, points: [Point], minimum: Int? = nil, oneStandardError: Int? = nil
  ) {
    precondition(
      [minimum, oneStandardError].allSatisfy { $0.map(points.indices.contains) ?? true },
      "what was chosen is a point of the path")
    self.measure = measure
    self.points = points
    self.minimum = minimum
    self.oneStandardError = oneStandardError
  }
}
