/// An objective that is a mean over data, which a solver sees a batch at a time.
///
/// Whatever is random, the order of the data for instance, depends on the number of the pass and of
/// the step alone: a run that was interrupted goes on as if it had not been.
public protocol StochasticObjective: Objective {
  /// One pass over the data: which rows each batch holds, and room to work in.
  associatedtype Pass

  /// How many batches a pass has; at least one.
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
