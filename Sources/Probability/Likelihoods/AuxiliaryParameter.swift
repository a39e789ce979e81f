import RealModule

/// A parameter of a likelihood besides the logits, such as a precision, in unconstrained form.
public struct AuxiliaryParameter: Sendable, Equatable {
  /// The transformation from the unconstrained to the natural value.
  public enum Scale: String, Sendable { case identity, logarithm, logit }

  /// Its name in summaries, in natural units: `precision`, not `log precision`.
  public let name: String
  /// The unconstrained starting value of a fit.
  public let start: Double
  /// How the unconstrained value maps to the natural one.
  public let scale: Scale

  /// Creates a parameter.
  public init(name: String, start: Double, scale: Scale) {
    self.name = name
    self.start = start
    self.scale = scale
  }
}

/// A probability that is a function of auxiliary parameters, such as an entry of a confusion
/// matrix.
public struct DerivedProbability: Sendable, Equatable {
  /// Its name in summaries.
  public let name: String
  /// Its value.
  public let value: Double
  /// Its derivatives with respect to the unconstrained parameters.
  public let gradient: [Double]
}

extension AuxiliaryParameter.Scale {
  /// The natural value that corresponds to an unconstrained one.
  public func natural(_ value: Double) -> Double {
    switch self {
    case .identity: value
    case .logarithm: Double.exp(value)
    case .logit: 1 / (1 + Double.exp(-value))
    }
  }
}
