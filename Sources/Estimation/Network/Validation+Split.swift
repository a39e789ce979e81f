import SurprisalDatasets
import SurprisalModels

extension Validation {
  /// Whether the network is trained on all rows once the number of steps is determined.
  func refits(_ data: Dataset) -> Bool {
    if case .fold = self { data.rowCount <= Self.mostRefitRows } else { false }
  }

  /// The number of `rowCount` rows that a share holds out; nil if it leaves none on one of the
  /// sides, or is not between 0 and 1.
  public static func heldRowCount(share: Double, of rowCount: Int) -> Int? {
    guard share > 0, share < 1 else { return nil }
    let held = Int((share * Double(rowCount)).rounded())
    return held > 0 && held < rowCount ? held : nil
  }

  /// The rows to train on and those to validate by; if validation rows are drawn, rows of weight
  /// zero are in neither. `groups` has an identifier for each row: rows that share it are on one
  /// side.
  ///
  /// Throws `.noRows` if a share leaves one side empty, `.folds` for a single group, and
  /// `.rowMismatch` unless there is one group per row.
  func split(
    _ data: consuming Dataset, groups: [Int]?, seed: UInt64
  ) throws(DatasetError) -> (Dataset, Dataset?) {
    let groups = try Self.used(groups, of: data)
    switch self {
    case .none: return (data, nil)
    case .data(let other): return (data, other)
    case .fold(let count):
      let data = data.droppingZeroWeights()
      let folds = try Self.folds(count, of: data, groups: groups, seed: seed)
      return (data.part(rows: folds.training(in: 0)), data.part(rows: folds.held(in: 0)))
    case .share(let share):
      let data = data.droppingZeroWeights()
      guard let count = Self.heldRowCount(share: share, of: data.rowCount) else { throw .noRows }
      let generator = CounterBasedGenerator(seed: seed ^ 0x6A09_E667_F3BC_C909)
      let held: Set<Int>
      if let groups {
        held = try Self.drawn(count, of: groups, by: generator)
      } else {
        held = Set(generator.permutation(of: data.rowCount)[..<count])
      }
      return (
        data.part(rows: (0..<data.rowCount).filter { !held.contains($0) }),
        data.part(rows: held.sorted())
      )
    }
  }

  /// Rows to train on and held-out rows.
  typealias Fold = (rows: Dataset, held: Dataset)

  /// The folds other than that of `split` if there are few rows; otherwise none.
  func furtherFolds(
    of data: Dataset, groups: [Int]?, seed: UInt64
  ) throws(DatasetError) -> [Fold] {
    guard case .fold(let count) = self, data.rowCount <= Self.mostRowsOfAllFolds else { return [] }
    let groups = try Self.used(groups, of: data)
    let data = data.droppingZeroWeights()
    let folds = try Self.folds(count, of: data, groups: groups, seed: seed)
    return (1..<folds.count).map { fold in
      (data.part(rows: folds.training(in: fold)), data.part(rows: folds.held(in: fold)))
    }
  }

  /// The groups of the rows of positive weight.
  private static func used(
    _ groups: [Int]?, of data: Dataset
  ) throws(DatasetError) -> [Int]? {
    guard let groups else { return nil }
    try DatasetError.require("groups", groups.count, equals: data.rowCount)
    let weights = data.weights
    return groups.indices.compactMap { weights[$0] > 0 ? groups[$0] : nil }
  }

  /// As many folds as possible of rows with positive weight and their groups.
  private static func folds(
    _ count: Int, of data: Dataset, groups: [Int]?, seed: UInt64
  ) throws(DatasetError) -> Folds {
    var generator = SplitMix64(seed: seed ^ 0x6A09_E667_F3BC_C909)
    let most = groups.map { max(Set($0).count, 2) } ?? count
    return try Folds(of: data, count: min(count, most), groups: groups, using: &generator)
  }

  /// The rows of whole groups, drawn until there are `count` or more; at least one group is not
  /// drawn.
  private static func drawn(
    _ count: Int, of groups: [Int], by generator: CounterBasedGenerator
  ) throws(DatasetError) -> Set<Int> {
    let names = Set(groups).sorted()
    guard names.count > 1 else { throw .folds(count: 2, units: names.count, areGroups: true) }
    var held: Set<Int> = []
    for place in generator.permutation(of: names.count).dropLast() where held.count < count {
      held.formUnion(groups.indices.filter { groups[$0] == names[place] })
    }
    return held
  }
}
