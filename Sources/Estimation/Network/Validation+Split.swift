import SurprisalDatasets
import SurprisalModels

extension Validation {
  /// Whether all rows are trained on after the number of steps was found.
  func refits(_ data: Dataset) -> Bool {
    if case .fold = self { data.rowCount <= Self.mostRefitRows } else { false }
  }

  /// How many of `rowCount` rows a share holds out; nil where that leaves none on one of the sides.
  public static func heldRowCount(share: Double, of rowCount: Int) -> Int? {
    precondition(share > 0 && share < 1, "a share is between 0 and 1")
    let held = Int((share * Double(rowCount)).rounded())
    return held > 0 && held < rowCount ? held : nil
  }

  /// The rows to train on and those to judge by; rows without weight are in neither where a share
  /// is drawn.
  ///
  /// Throws `.noRows` where a share leaves one of them empty.
  func split(
    _ data: consuming Dataset, seed: UInt64
  ) throws(DatasetError) -> (Dataset, Dataset?) {
    switch self {
    case .none: return (data, nil)
    case .data(let other): return (data, other)
    case .fold(let count):
      let data = data.droppingZeroWeights()
      var generator = SplitMix64(seed: seed ^ 0x6A09_E667_F3BC_C909)
      let folds = try Folds(of: data, count: count, using: &generator)
      return (data.part(rows: folds.training(in: 0)), data.part(rows: folds.held(in: 0)))
    case .share(let share):
      let data = data.droppingZeroWeights()
      guard let held = Self.heldRowCount(share: share, of: data.rowCount) else { throw .noRows }
      let order = CounterBasedGenerator(seed: seed ^ 0x6A09_E667_F3BC_C909).permutation(
        of: data.rowCount)
      return (
        data.part(rows: order[held...].sorted()), data.part(rows: order[..<held].sorted())
      )
    }
  }
}
