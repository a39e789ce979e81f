/// One column of a table before encoding: numbers, or text with its levels.
///
/// Produced by file readers, used by encodings and classifiers.
public struct Column: Sendable, Equatable {
  /// The cells of a column: numbers if every cell that is not missing is a number, otherwise text.
  public enum Cells: Sendable, Equatable {
    /// The value of each row, NaN in the rows `missing`, which are ascending and count from 0.
    case numbers(Numbers, missing: [Int])

    /// The distinct texts in order of first appearance, and for each row the index of its level, -1
    /// if the cell is missing.
    ///
    /// Levels are distinct as `String`s: canonically equivalent Unicode spellings are one level,
    /// under the first spelling. Spaces are kept: ` cat` and `cat` are two levels.
    case texts(levels: [String], codes: [Int32])
  }

  /// The name in the header; `f1`, `f2` ... if there is no header.
  public let name: String
  /// The position in the file, counted from 1; 0 if the column does not come from a file.
  public let position: Int
  /// One cell per row.
  public let cells: Cells
  /// For text: the reason why each level is not a number; nil for a level that is a number.
  package let levelKinds: [NonNumber.Kind?]

  /// Whether every number that is not missing is known to be finite.
  let isKnownFinite: Bool

  /// A column of a file; numbers that are not missing are finite.
  package init(
    name: String, position: Int, cells: Cells, levelKinds: [NonNumber.Kind?] = []
  ) {
    self.name = name
    self.position = position
    self.cells = cells
    self.levelKinds = levelKinds
    isKnownFinite = true
  }

  /// A column of numbers; NaN marks a missing cell. Encoding the column throws if it has
  /// infinities. Complexity: O(rows).
  public init(name: String, numbers: Numbers) {
    self.name = name
    position = 0
    cells = .numbers(numbers, missing: numbers.indices.filter { numbers[$0].isNaN })
    levelKinds = []
    isKnownFinite = numbers.allSatisfy { !$0.isInfinite }
  }

  /// A column of text: distinct levels, and for each row the index of its level, -1 for a missing
  /// cell.
  ///
  /// Throws `DatasetError.levelCode` for any other index. Complexity: O(rows).
  public init(name: String, levels: [String], codes: [Int32]) throws(DatasetError) {
    if let row = codes.firstIndex(where: { $0 < -1 || Int($0) >= levels.count }) {
      throw .levelCode(column: name, row: row, code: Int(codes[row]), levelCount: levels.count)
    }
    self.init(name: name, words: levels, codes: codes)
  }

  /// A column of text whose codes are those of levels, or -1; no level is a number.
  package init(name: String, words levels: [String], codes: [Int32]) {
    self.init(
      name: name, position: 0, cells: .texts(levels: levels, codes: codes),
      levelKinds: levels.map { _ in .word })
  }

  /// The number of cells.
  public var rowCount: Int {
    switch cells {
    case .numbers(let values, _): values.count
    case .texts(_, let codes): codes.count
    }
  }

  /// The rows, counted from 0, whose cell is missing, ascending. `O(rows)` for text.
  public var missingRows: [Int] {
    switch cells {
    case .numbers(_, let missing): missing
    case .texts(_, let codes): codes.indices.filter { codes[$0] < 0 }
    }
  }

  /// For text: the first cell that is not a number, for messages; words are preferred to
  /// infinities. Nil if all cells are numbers that were read as text on request. `O(rows)`.
  public var firstNonNumber: NonNumber? {
    guard case .texts(let levels, let codes) = cells else { return nil }
    var other: NonNumber?
    for (row, code) in codes.enumerated() where code >= 0 {
      guard let kind = levelKinds[Int(code)] else { continue }
      let found = NonNumber(row: row, text: levels[Int(code)], kind: kind)
      if kind == .word { return found }
      other = other ?? found
    }
    return other
  }

  /// For text: the number of cells that are numbers. `O(rows)`.
  public var numberCount: Int {
    guard case .texts(_, let codes) = cells else { return 0 }
    return codes.count { $0 >= 0 && levelKinds[Int($0)] == nil }
  }

  /// The number of cells that are neither numbers nor missing.
  package var nonNumberCount: Int {
    guard case .texts(_, let codes) = cells else { return 0 }
    return codes.count { $0 >= 0 && levelKinds[Int($0)] != nil }
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> Column {
    switch cells {
    case .numbers(let values, _):
      let chosen = Numbers(rows.map { values[$0] })
      return Column(
        copying: self, .numbers(chosen, missing: chosen.indices.filter { chosen[$0].isNaN }))
    case .texts(let levels, let codes):
      return Column(copying: self, .texts(levels: levels, codes: rows.map { codes[$0] }))
    }
  }

  private init(copying column: Column, _ cells: Cells) {
    name = column.name
    position = column.position
    levelKinds = column.levelKinds
    isKnownFinite = column.isKnownFinite
    self.cells = cells
  }
}

/// A cell of a text column that is not a number, for messages about columns that should be numeric.
public struct NonNumber: Sendable, Equatable {
  /// Why a cell is not a number.
  public enum Kind: Sendable, Equatable {
    /// It does not have the syntax of a number.
    case word
    /// It is a word for infinity.
    case infinite
    /// Its magnitude exceeds the largest double.
    case overflow
  }

  /// The row, counted from 0.
  public let row: Int
  /// The text of the cell.
  public let text: String
  /// Why it is not a number. Words are preferred to infinities: a kind other than `word` means that
  /// the column holds nothing but numbers, missing cells and cells of this kind.
  public let kind: Kind
}

/// How empty cells are treated.
public enum MissingPolicy: String, Sendable, CaseIterable {
  /// They are an error.
  case refuse = "error"
  /// The row is dropped.
  case drop
  /// They are replaced by the training mean; for text by the most common level.
  case mean
  /// As `mean`, with an additional 0/1 column that marks the empty cells.
  case indicator
}
