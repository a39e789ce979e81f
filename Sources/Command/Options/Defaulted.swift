import ArgumentParser
import Surprisal

/// An option with a default that records whether it was given: a default does not override the
/// value in a configuration file.
struct Defaulted<Value: ExpressibleByArgument>: ExpressibleByArgument {
  /// The given value, or the default.
  let value: Value
  private let isGiven: Bool

  /// The default.
  init(_ value: Value) {
    self.value = value
    isGiven = false
  }

  init?(argument: String) {
    guard let value = Value(argument: argument) else { return nil }
    self.value = value
    isGiven = true
  }

  /// The value if it was given.
  var given: Value? { isGiven ? value : nil }

  var defaultValueDescription: String { value.defaultValueDescription }
  static var allValueStrings: [String] { Value.allValueStrings }
  static var defaultCompletionKind: CompletionKind { Value.defaultCompletionKind }
}

extension Specification.Model.Kind: ExpressibleByArgument {}
extension Specification.Prior.Name: ExpressibleByArgument {}
extension Specification.Solver: ExpressibleByArgument {}
extension SolverChoice: ExpressibleByArgument {}

extension Specification.StandardErrors: ExpressibleByArgument {
  public static var allValueStrings: [String] { forms }
}

extension LikelihoodRegistry: ExpressibleByArgument {
  public init?(argument: String) {
    guard let known = LikelihoodRegistry.named(argument) else { return nil }
    self = known
  }

  public var defaultValueDescription: String { name }

  public static var allValueStrings: [String] { all.map(\.name) }
}
