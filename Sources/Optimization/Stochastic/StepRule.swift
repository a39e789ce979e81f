import SurprisalLinearAlgebra

/// The rule that turns a gradient into a step; stochastic solvers differ by it.
public protocol StepRule: Sendable {
  /// The name used on the command line and in reports.
  var name: String { get }

  /// The number of vectors kept from step to step; they are zero at first.
  var memoryCount: Int { get }

  /// Takes one step.
  ///
  /// `number` counts steps from 1; `memory` holds `memoryCount` vectors of the point's length.
  /// Entries must be independent of one another, so that threads can share them with the same bits.
  func step(
    _ point: inout [Double], gradient: [Double], memory: inout [[Double]], number: Int,
    rate: Double, threads: any Reducer)
}

extension StepRule {
  /// Cuts `0..<count` into parts for threads to share; small vectors stay in one.
  func parts(of count: Int, threads: any Reducer) -> [Range<Int>] {
    let number = max(1, min(2 * threads.width, count / 8192))
    return (0..<number).map { $0 * count / number..<($0 + 1) * count / number }
  }
}
