/// An objective that is a mean over data, evaluated a batch at a time.
///
/// Random choices, such as the order of the data, depend only on the numbers of the pass and of the
/// step, so that an interrupted run continues with the same bits.
public protocol StochasticObjective: Objective {
  /// One pass over the data: the rows of each batch, and working memory.
  associatedtype Pass

  /// The number of batches in a pass; at least one.
  var batchCount: Int { get }

  /// Pass `epoch`, counted from 0.
  func pass(_ epoch: Int) -> Pass

  /// The objective over one batch of a pass, its gradient written to `gradient` (`dimension`
  /// entries, overwritten). The mean over the batches estimates the objective.
  ///
  /// A point outside the domain gives a value that is not finite.
  func evaluate(
    batch: Int, of pass: inout Pass, step: Int, at point: [Double], gradient: inout [Double]
  ) -> Double
}
