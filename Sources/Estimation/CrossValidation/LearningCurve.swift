/// What a solver made of its objective, step by step.
///
/// Plain values, so that any method that has them can be reported. All in nats per unit of weight.
public struct LearningCurve: Sendable, Equatable {
  /// What a step is.
  public enum Unit: String, Sendable, CaseIterable {
    /// A step of a solver.
    case iteration
    /// A pass over the training rows.
    case epoch
  }

  /// One kind of number, a value a step.
  public enum Measure: String, Sendable, CaseIterable {
    /// What is minimised, penalties included.
    case objective
    /// The loss of the rows trained on as the method saw it; the cross entropy under most
    /// likelihoods.
    case training
    /// The cross entropy of rows that were not.
    case validation
  }

  /// What a step is.
  public var unit: Unit
  /// The number of each step, ascending.
  public var steps: [Int]
  /// One value a step for each measure that was taken; nil where it was not.
  public private(set) var values: [Measure: [Double?]]
  /// The step whose parameters were kept; nil for the last.
  public var chosenStep: Int?
  /// What a reader of the curve should know besides, in sentences.
  public var remarks: [String] = []

  /// A curve; each array of `values` has one entry a step.
  public init(
    unit: Unit, steps: [Int], values: [Measure: [Double?]], chosenStep: Int? = nil
  ) {
    precondition(values.values.allSatisfy { $0.count == steps.count }, "one value a step")
    self.unit = unit
    self.steps = steps
    self.values = values
    self.chosenStep = chosenStep
  }
}
