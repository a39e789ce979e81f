/// The hidden units that a training step drops.
///
/// Whether a unit of a row is dropped is determined by the hash of (seed, step, row, layer, unit):
/// the same for any batch size, any number of threads, and after an interruption. The remaining
/// units are divided by the proportion that remains.
public struct Dropout: Sendable {
  /// The proportion that is dropped, 0 <= share < 1.
  public let share: Double
  private let hash: CounterBasedGenerator

  /// Creates the dropout of a seed. Precondition: 0 <= `share` < 1.
  public init(share: Double, seed: UInt64) {
    precondition(share >= 0 && share < 1)
    self.share = share
    hash = CounterBasedGenerator(seed: seed ^ 0x5851_F42D_4C95_7F2D)
  }

  /// The dropped units of some rows at one step; nil if none are dropped.
  func step(_ number: Int, rows: some Sequence<Int>) -> Step? {
    guard share > 0 else { return nil }
    let hash = hash.child(number)
    return Step(share: share, rows: rows.map { hash.child($0) })
  }

  /// One step and one block of rows.
  struct Step: Sendable {
    let share: Double
    let rows: [CounterBasedGenerator]

    /// Multiplies activations and slopes of a unit by 0 or 1 / (1 - share).
    func apply(
      layer: Int, unit: Int, count: Int, _ values: UnsafeMutablePointer<Double>,
      _ slopes: UnsafeMutablePointer<Double>
    ) {
      let factor = 1 / (1 - share)
      let counter = layer << 32 | unit
      rows.withUnsafeBufferPointer { rows in
        for example in 0..<count {
          let kept = rows[example].unit(counter) >= share ? factor : 0
          values[example] *= kept
          slopes[example] *= kept
        }
      }
    }
  }
}
