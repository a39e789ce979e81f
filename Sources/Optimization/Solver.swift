/// A method of minimisation. What it needs of an objective is a constraint of its `minimize`: a
/// pair that does not fit together does not compile.
public protocol Solver: Sendable {
  /// The name used on the command line and in reports.
  var name: String { get }
  /// When it stops.
  var stopping: StoppingRule { get set }
}
