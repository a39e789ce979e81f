/// The values of an objective and of losses at the steps of a solver.
///
/// Plain values, independent of the method. All in nats per unit of weight.
public struct LearningCurve: Sendable, Equatable {
  /// The unit of a step.
  public enum Unit: String, Sendable, CaseIterable {
    /// A step of a solver.
    case iteration
    /// A pass over the training rows.
    case epoch
  }

  /// The measures, with one value per step.
  public enum Measure: String, Sendable, CaseIterable {
    /// The minimised objective, including penalties.
    case objective
    /// The training loss as computed by the method; the cross entropy under most likelihoods.
    case training
    /// The loss of validation rows: the cross entropy, or minus the log evidence.
    case validation
  }

  /// The unit of a step.
  public var unit: Unit
  /// The number of each step, ascending.
  public package(set) var steps: [Int]
  /// One value per step for each available measure; nil if it was not computed at that step.
  public private(set) var values: [Measure: [Double?]]
  /// The step whose parameters were kept; nil for the last.
  public var chosenStep: Int?
  /// Further remarks for the reader of the curve, as sentences.
  public var remarks: [String] = []

  /// Creates a curve; each array of `values` has one entry per step.
  package init(
    unit: Unit, steps: [Int], values: [Measure: [Double?]], chosenStep: Int? = nil
  ) {
    precondition(values.values.allSatisfy { $0.count == steps.count }, "one value a step")
    self.unit = unit
    self.steps = steps
    self.values = values
    self.chosenStep = chosenStep
  }
}
