import SurprisalLinearAlgebra

/// A function from features and parameters to logits; independent of labels and loss.
///
/// All work is done on one block of rows and one tile. Parameters are one vector. To process many
/// blocks, the caller prepares the parameters once in the order in which the products of the
/// features read them, and sums gradients in that order too.
public protocol Model: Sendable {
  /// Storage shared by the three products for one block, such as the activations of the forward
  /// pass.
  associatedtype Workspace: Sendable
  /// Parameters, or a direction in parameter space, in the order used by the products.
  associatedtype Prepared: Sendable
  /// A sum of gradients over blocks, in the order used by the products.
  associatedtype GradientSum: ParameterSum

  /// D, the number of columns of a block of features.
  var featureCount: Int { get }
  /// C, the number of units of logits.
  var classCount: Int { get }
  /// P, the length of the parameter vector.
  var parameterCount: Int { get }
  /// The parameters that a prior applies to; the others are unpenalised.
  var weights: Range<Int> { get }

  /// Prepares the first P entries of `parameters` for blocks of features stored as `storage`.
  /// Complexity: O(P), once for any number of blocks.
  func prepare(_ parameters: [Double], for storage: MatrixStorage) -> Prepared

  /// A zero gradient sum for blocks of features stored as `storage`.
  func makeGradientSum(for storage: MatrixStorage) -> GradientSum

  /// A workspace for one thread.
  func makeWorkspace() -> Workspace

  /// Sets units 0..<C of `tile` to the logits f(x; θ) of the rows of `block`.
  func computeLogits(
    of block: RowBlock, at parameters: Prepared, into tile: inout Tile,
    using workspace: inout Workspace)

  /// Sets units 0..<C of `tile` to J v, with J the Jacobian of the logits at `parameters`, those of
  /// the last `computeLogits` of this block with this workspace.
  func pushForward(
    _ direction: Prepared, through block: RowBlock, at parameters: Prepared,
    into tile: inout Tile, using workspace: inout Workspace)

  /// Adds Jᵀ s to `sum`, s being units 0..<C of `tile`, whose padding is zero; J is that of
  /// `pushForward`.
  func pullBack(
    _ tile: Tile, through block: RowBlock, at parameters: Prepared, to sum: inout GradientSum,
    using workspace: inout Workspace)
}

/// A sum of parameter vectors, stored in an order of its own.
public protocol ParameterSum: PartialSum {
  /// `vector[i] += factor * self[i]`, with i in the order of the model's parameters.
  func add(_ factor: Double, to vector: inout [Double])
}

/// A type of model before the numbers of features and classes are known.
public protocol ModelFamily: Sendable {
  associatedtype Fitted: Model
  /// The name used on the command line and in files.
  var name: String { get }
  /// The model for D features and C classes.
  func model(featureCount: Int, classCount: Int) -> Fitted
}
