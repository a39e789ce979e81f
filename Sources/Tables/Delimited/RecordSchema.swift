/// What becomes of each field of a plain record.
struct RecordSchema: Sendable {
  /// For each field: the slot of a number from 0 on, `ignored`, or `-2 - k` for the k-th of the
  /// fields whose cells are handed over as they stand.
  let targets: [Int32]
  /// How many slots there are.
  let slotCount: Int
  /// How many fields are handed over.
  let cellCount: Int
  let delimiter: UInt8
  let decimal: UInt8
  /// The most bytes of a record.
  let recordLimit: Int

  static let ignored: Int32 = -1

  /// The target of the k-th field that is handed over, and back.
  static func cell(_ index: Int) -> Int32 { -2 - Int32(clamping: index) }
}

/// Plain records that were found one after the other.
struct FastRun: Sendable {
  /// Their number.
  var rowCount = 0
  /// The place behind the last.
  var end: Int
  /// Numbers that are missing, by slot and row, the first row being 0; NaN stands in their place.
  var missing: [(slot: Int32, row: Int32)] = []
  /// The cells that are handed over, row by row: first byte and length.
  var cells: [(start: Int, count: Int32)] = []
}
