import SurprisalDatasets

/// Which standard errors are asked for.
public enum StandardErrorChoice: Sendable, Equatable {
  /// Those that are right for the labels, the likelihood, the weights and the prior.
  case automatic
  /// From the inverse of the observed information.
  case information
  /// Robust.
  case sandwich
  /// Robust, with rows dependent within clusters. One number a row of the data set.
  case cluster(Clusters)
  /// None.
  case none
}
