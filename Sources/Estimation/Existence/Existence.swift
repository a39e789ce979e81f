/// Whether the log-likelihood has a finite maximum under a flat prior.
///
/// Rank is another matter: dependent columns make a maximum that exists not unique, and
/// `ColumnDependencies` names them. Here two sets of coefficients that give the same logits up to
/// a constant a row count as one.
public enum Existence: Sendable, Equatable {
  /// The maximum exists.
  case attained(ExistenceProof)
  /// There is no finite maximum: the likelihood rises without end along a direction.
  case separated(Separation)
  /// Neither was shown.
  case undecided(Indecision)

  /// Why a maximum is known to exist.
  public enum ExistenceProof: Sendable, Equatable {
    /// Every label gives every class a positive share, so every direction loses likelihood.
    case fullSupport
    /// Rows that can only be of one class leave no direction along which none of them loses; the
    /// others cannot compensate.
    case knownClasses
    /// Labels with several classes leave no direction along which all of these keep equal logits.
    case sharedSupport
    /// At the fitted probabilities the gradient is so small against the curvature that no direction
    /// of recession fits in; `margin` > 1 is by how much.
    case fittedPoint(margin: Double)
    /// Multipliers of a linear program combine the constraints to nothing; `margin` > 1 is by how
    /// much the curvature of the constraints exceeds what rounding left over.
    case linearProgram(margin: Double)
  }

  /// Why it is not known.
  public enum Indecision: Sendable, Equatable {
    /// The search would have taken more work than allowed.
    case workLimit
    /// More coefficients than the search holds in memory as a square matrix.
    case parameterCount(Int)
    /// Columns so nearly dependent, or a direction so nearly separating, that rounding decides.
    case precision
    /// The likelihood is not concave, and neither a proof nor a direction along which no row loses
    /// was found: it may be larger at infinity than at any maximum.
    case notConcave
    /// Sparse features that would take too much memory in full.
    case sparseFeatures
  }
}
