/// A method of minimisation. Its requirements on an objective are constraints of its `minimize`, so
/// an unsuitable combination does not compile.
public protocol Solver: Sendable {
  /// The name used on the command line and in reports.
  var name: String { get }
  /// The convergence criterion and the iteration limit.
  var stopping: StoppingRule { get set }
}
