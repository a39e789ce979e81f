import SurprisalLinearAlgebra

/// Directions modulo those that change no relevant difference of logits.
///
/// Uses the Gram matrix of the differences between the leader of a row and its other classes that
/// are not free; its null space contains the directions that keep all of these logits equal.
struct DirectionSpace {
  /// C E x C E.
  let gram: SymmetricMatrix
  private let factor: SemidefiniteCholesky
  private let hasExpectedRank: Bool

  init(_ cone: RecessionCone, _ constraints: LogitConstraints) {
    let (design, threads, isCancelled) = (cone.design, cone.threads, cone.isCancelled)
    gram = design.curvature(StarCurvature(constraints), threads: threads, isCancelled)
    factor = SemidefiniteCholesky(gram)
    // Before any class is free, the null space contains only the common shift of all classes.
    hasExpectedRank =
      constraints.hasFreedClasses
      || factor.rank == (constraints.classCount - 1) * design.columnCount
  }

  /// Coefficients that determine the others up to the null space.
  var independent: [Int] { factor.independent }
  /// The number of directions.
  var rank: Int { factor.rank }
  /// Whether the rank is certain despite rounding.
  var isClear: Bool { factor.isClear && hasExpectedRank }

  /// A direction near the given one that keeps all of these logits equal.
  func project(_ direction: [Double]) -> [Double] {
    factor.nullVector(agreeingWith: direction)
  }
}
