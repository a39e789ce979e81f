/// A penalty that is a function of the information of the coefficients, intercepts included, and
/// hence of the features and row weights. It is not a `Prior`, which is a function of weights
/// alone.
public enum InformationPenalty: String, Sendable, CaseIterable {
  /// No penalty.
  case none
  /// -½ log det I(θ): Jeffreys' prior, which gives Firth's method.
  ///
  /// - Effect: removes the first-order bias of the maximum likelihood estimate, and keeps estimates
  ///   finite if classes are separated. There is no strength to choose, and estimates do not depend
  ///   on the scale of features or the reference class.
  /// - Labels: known classes and votes, whose likelihood has this information.
  /// - Constant: none; the density is improper, and 0 is used.
  /// - Reference: Firth, doi:10.1093/biomet/80.1.27; Heinze and Schemper, doi:10.1002/sim.1047;
  ///   Kosmidis and Firth, doi:10.1093/biomet/asaa052, for finiteness.
  case jeffreys
}
