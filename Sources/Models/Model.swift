import SurprisalLinearAlgebra

/// A function of features and parameters that makes logits; it knows no labels and no loss.
///
/// All work is done on one block of rows and one tile. Parameters are one vector.
public protocol Model: Sendable {
  /// What the three products share at one block: forward activations, for instance.
  associatedtype Workspace: Sendable

  /// D, the number of columns of a block of features.
  var featureCount: Int { get }
  /// C, the number of units of logits.
  var classCount: Int { get }
  /// P, the length of the parameter vector.
  var parameterCount: Int { get }
  /// The parameters that a prior on weights applies to; the others are free.
  var weights: Range<Int> { get }

  /// Room for one thread.
  func makeWorkspace() -> Workspace

  /// Sets units 0..<C of `tile` to the logits f(x; θ) of the rows of `block`.
  func computeLogits(
    of block: RowBlock, parameters: [Double], into tile: inout Tile,
    using workspace: inout Workspace)

  /// Sets units 0..<C of `tile` to J v, with J the Jacobian of the logits at the parameters of the
  /// last `computeLogits` with this workspace.
  func pushForward(
    _ direction: [Double], through block: RowBlock, into tile: inout Tile,
    using workspace: inout Workspace)

  /// Adds Jᵀ s to `gradient`, s being units 0..<C of `tile`, whose padding is zero.
  func pullBack(
    _ tile: Tile, through block: RowBlock, to gradient: inout [Double],
    using workspace: inout Workspace)
}

/// A kind of model before it knows the size of the data.
public protocol ModelFamily: Sendable {
  associatedtype Fitted: Model
  /// The name used on the command line and in files.
  var name: String { get }
  /// The model for D features and C classes.
  func model(featureCount: Int, classCount: Int) -> Fitted
}
