import SurprisalLinearAlgebra

/// What a table takes while it is read.
struct TableSize {
  /// The rows that are expected.
  var rows: Int
  /// The columns of features.
  package var features: Int
  /// The bytes of one entry of them: 8, or 4 in single precision.
  var width: Int
  /// The bytes of a row beside the features.
  var others: Int
  /// The bytes that do not depend on the rows.
  var fixed: Int
  /// Whether entries can be held in single precision.
  var canBeSingle: Bool

  /// A table of labels alone, which are always of double precision.
  init(rows: Int, labels: Int) {
    self.init(rows: rows, others: labels.multipliedSaturating(by: 8))
  }

  /// A table.
  init(
    rows: Int, features: Int = 0, width: Int = 8, others: Int = 0, fixed: Int = 0,
    canBeSingle: Bool = true
  ) {
    (self.rows, self.features, self.width) = (rows, features, width)
    (self.others, self.fixed, self.canBeSingle) = (others, fixed, canBeSingle)
  }

  /// All bytes; saturates.
  func bytes(width: Int) -> Int {
    rows.multipliedSaturating(by: rowBytes(width: width)).addingSaturating(fixed)
  }

  /// The bytes of a row; saturates.
  func rowBytes(width: Int) -> Int {
    features.multipliedSaturating(by: width).addingSaturating(others)
  }
}

extension MemoryBudget {
  /// Throws `limit.memory` where a table does not fit, and says what would: single precision, fewer
  /// rows, fewer columns.
  func require(_ size: TableSize, for purpose: String) throws(InterchangeError) {
    let needed = size.bytes(width: size.width)
    guard needed > bytes else { return }
    throw .notEnoughMemory(
      purpose: purpose, needed: needed, limit: bytes, remedies: remedies(for: size))
  }

  private func remedies(for size: TableSize) -> [String] {
    var result: [String] = []
    let single = size.bytes(width: 4)
    if size.canBeSingle, size.width == 8, size.features > 0 {
      result.append(
        "with --float32 it needs \(byteText(single))" + (single <= bytes ? ", which fits" : ""))
    }
    let room = max(0, bytes - size.fixed)
    let row = max(1, size.rowBytes(width: size.width))
    if size.rows > 1, room / row > 0 {
      result.append("\(room / row) of its \(size.rows) rows fit")
    }
    let columns = (room / max(1, size.rows) - size.others) / max(1, size.width)
    if size.features > 1, columns > 0 {
      result.append(
        "\(min(columns, size.features)) of its \(size.features) feature columns fit "
          + "(--features, --ignore)")
    }
    return result
  }
}

/// A number of bytes as people say it: `1.6 GB`; powers of ten.
public func byteText(_ count: Int) -> String {
  var (whole, tenth) = (count, 0)
  for unit in ["bytes", "kB", "MB", "GB", "TB", "PB"] {
    if whole < 1000 || unit == "PB" {
      return unit == "bytes" ? "\(whole) bytes" : "\(whole).\(tenth) \(unit)"
    }
    tenth = whole / 100 % 10
    whole /= 1000
  }
  return "\(count) bytes"
}
