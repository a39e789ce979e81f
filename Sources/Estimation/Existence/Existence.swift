/// Whether the log-likelihood has a finite maximum under a flat prior.
///
/// Rank is a separate question: with dependent columns an existing maximum is not unique, and
/// `ColumnDependencies` reports them. Two sets of coefficients that give the same logits up to a
/// constant per row are treated as equal here.
public enum Existence: Sendable, Equatable {
  /// The maximum exists.
  case attained(ExistenceProof)
  /// There is no finite maximum: the likelihood increases without end along a direction.
  case separated(Separation)
  /// Neither was proved.
  case undecided(Indecision)

  /// Why a maximum is known to exist.
  public enum ExistenceProof: Sendable, Equatable {
    /// Every label gives every class a positive probability, so every direction decreases the
    /// likelihood.
    case fullSupport
    /// For every direction some row with a known class decreases without bound; other rows cannot
    /// compensate.
    case knownClasses
    /// There is no direction along which all classes in each label's support keep equal logits.
    case sharedSupport
    /// At the fitted probabilities the gradient is so small compared with the curvature that there
    /// is no direction of recession; `margin` > 1 is the ratio to the critical size.
    case fittedPoint(margin: Double)
    /// Multipliers of a linear program combine the constraints to zero; `margin` > 1 is the ratio
    /// of the curvature of the constraints to the remaining rounding error.
    case linearProgram(margin: Double)
    /// A linear program in exact arithmetic has no direction for the decimal numbers given.
    case exactArithmetic
    /// The fit has a larger likelihood than every limit at infinity.
    case aboveAllLimits
  }

  /// Why existence is undecided.
  public enum Indecision: Sendable, Equatable {
    /// The search would exceed the work limit.
    case workLimit
    /// The square matrix of the coefficients would be too large for memory.
    case parameterCount(Int)
    /// Columns are nearly dependent, or a direction is nearly separating, so that rounding decides.
    case precision
    /// The likelihood is not concave, and neither a proof nor a direction along which no row
    /// decreases was found: its supremum may be at infinity.
    case notConcave
    /// Sparse features would need too much memory as a dense matrix.
    case sparseFeatures
  }
}
