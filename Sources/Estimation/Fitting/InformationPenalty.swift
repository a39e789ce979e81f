/// A penalty that is a function of the information of the coefficients, and so of the features and
/// weights of the data, intercepts included. It is no `Prior`, which is a function of weights
/// alone.
public enum InformationPenalty: String, Sendable, CaseIterable {
  /// There is none.
  case none
  /// -½ log det I(θ): the density of Jeffreys, which is the method of Firth.
  ///
  /// - Effect: removes the bias of first order from the maximum likelihood estimate, and keeps
  ///   estimates finite if classes are separated. No strength has to be chosen, and what is
  ///   estimated does not depend on the scale of features or the reference class.
  /// - Labels: known classes and votes, whose likelihood has this information.
  /// - Constant: none; the density is improper, and 0 takes its place.
  /// - Reference: Firth, doi:10.1093/biomet/80.1.27; Heinze and Schemper, doi:10.1002/sim.1047;
  ///   Kosmidis and Firth, doi:10.1093/biomet/asaa052, for finiteness.
  case jeffreys
}
