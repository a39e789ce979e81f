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
  func require(_ size: TableSize, for purpose: String) throws(FileError) {
    let needed = size.bytes(width: size.width)
    guard needed > bytes else { return }
    throw .notEnoughMemory(
      purpose: purpose, needed: needed, limit: bytes, remedies: remedies(for: size))
  }

  private func remedies(for size: TableSize) -> [MemoryRemedy] {
    var result: [MemoryRemedy] = []
    let single = size.bytes(width: 4)
    if size.canBeSingle, size.width == 8, size.features > 0 {
      result.append(.singlePrecision(needed: single, fits: single <= bytes))
    }
    let room = max(0, bytes - size.fixed)
    let row = max(1, size.rowBytes(width: size.width))
    if size.rows > 1, room / row > 0 {
      result.append(.rows(room / row, of: size.rows))
    }
    let columns = (room / max(1, size.rows) - size.others) / max(1, size.width)
    if size.features > 1, columns > 0 {
      result.append(.featureColumns(min(columns, size.features), of: size.features))
    }
    return result
  }
}

/// What would need less memory, or where it goes: found with an error of too little memory.
public enum MemoryRemedy: Sendable, Equatable {
  /// Features in single precision need so many bytes together with the rest.
  case singlePrecision(needed: Int, fits: Bool)
  /// So many of the rows fit.
  case rows(Int, of: Int)
  /// So many of the feature columns fit.
  case featureColumns(Int, of: Int)
  /// The bytes that features and labels of a fit take.
  case data(bytes: Int)
  /// The bytes of the matrices of a fit of so many parameters.
  case matrices(bytes: Int, parameterCount: Int)
  /// A fit without standard errors needs so many bytes.
  case noStandardErrors(needed: Int, fits: Bool)
  /// A fit by L-BFGS with a prior needs so many bytes.
  case lbfgs(needed: Int, fits: Bool)
  /// Single precision halves the features.
  case halvedFeatures
  /// One of several fits that run at a time needs so many bytes.
  case oneFitAtATime(of: Int, needed: Int, fits: Bool)
}
