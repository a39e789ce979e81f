/// What a table takes while it is read.
struct TableSize {
  /// The rows that are expected.
  var rows: Int
  /// The columns of features.
  var features: Int
  /// The bytes of one entry of them: 8, or 4 in single precision.
  var width: Int
  /// The bytes of a row beside the features.
  var others = 0
  /// The bytes that do not depend on the rows.
  var fixed = 0
  /// Whether entries can be held in single precision.
  var canBeSingle = true

  /// All bytes; saturates.
  func bytes(width: Int) -> Int {
    let (row, tooWide) = features.multipliedReportingOverflow(by: width)
    let (all, tooLong) = rows.multipliedReportingOverflow(by: row.addingSaturating(others))
    return tooWide || tooLong ? .max : all.addingSaturating(fixed)
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
    let row = max(1, size.features * size.width + size.others)
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

extension Int {
  /// The sum, or the largest integer where it is beyond that.
  func addingSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
