/// One column of a table as it was read: numbers, or texts by level, before anything encodes it.
///
/// Readers of files make columns, encodings and classifiers read them.
public struct Column: Sendable, Equatable {
  /// The cells of a column: numbers if every cell that is not missing is a number, otherwise
  /// texts.
  public enum Cells: Sendable, Equatable {
    /// The value of each row, NaN at the rows `missing`, which ascend and count from 0.
    case numbers(Numbers, missing: [Int])

    /// The different texts in the order of their first appearance, and for each row the index of
    /// its level, -1 if the cell is missing.
    ///
    /// Levels are distinct as `String`s: spellings that Unicode calls canonically equivalent are
    /// one level, under the first spelling. Spaces are kept: ` cat` and `cat` are two levels.
    case texts(levels: [String], codes: [Int32])
  }

  /// The name in the header, or `f1`, `f2` ... without a header.
  public let name: String
  /// The position in the file, counted from 1; 0 for a column that is of no file.
  public let position: Int
  /// One cell a row.
  public let cells: Cells
  /// Of texts: why each level is no number; nil for a level that is one.
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

  /// A column of numbers; NaN is a missing cell. Infinities are refused when the column is encoded.
  /// Complexity: O(rows).
  public init(name: String, numbers: Numbers) {
    self.name = name
    position = 0
    cells = .numbers(numbers, missing: numbers.indices.filter { numbers[$0].isNaN })
    levelKinds = []
    isKnownFinite = numbers.allSatisfy { !$0.isInfinite }
  }

  /// A column of texts: distinct levels, and for each row the index of its level, -1 for a missing
  /// cell.
  public init(name: String, levels: [String], codes: [Int32]) {
    precondition(codes.allSatisfy { $0 < levels.count })
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

  /// The rows, counted from 0, whose cell is missing, ascending. `O(rows)` for texts.
  public var missingRows: [Int] {
    switch cells {
    case .numbers(_, let missing): missing
    case .texts(_, let codes): codes.indices.filter { codes[$0] < 0 }
    }
  }

  /// Of texts: the first cell that is no number, for messages, words before infinities; nil if all
  /// cells are numbers and texts were asked for. `O(rows)`.
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

  /// Of texts: how many cells are numbers. `O(rows)`.
  public var numberCount: Int {
    guard case .texts(_, let codes) = cells else { return 0 }
    return codes.count { $0 >= 0 && levelKinds[Int($0)] == nil }
  }

  /// How many cells are neither numbers nor missing.
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

/// A cell of a text column that is no number, for messages about columns that should be numeric.
public struct NonNumber: Sendable, Equatable {
  /// Why a cell is no number.
  public enum Kind: Sendable, Equatable {
    /// It is not of the grammar of numbers.
    case word
    /// It is the word for infinity.
    case infinite
    /// It is beyond the largest double.
    case overflow
  }

  /// The row, counted from 0.
  public let row: Int
  /// The text of the cell.
  public let text: String
  /// Why it is no number. The first word of a column comes before any infinity: a kind other than
  /// `word` means that the column holds nothing but numbers, missing cells and such cells.
  public let kind: Kind

  /// A cell.
  public init(row: Int, text: String, kind: Kind) {
    self.row = row
    self.text = text
    self.kind = kind
  }
}

/// What is done about empty cells.
public enum MissingPolicy: String, Sendable, CaseIterable {
  /// They are an error.
  case refuse = "error"
  /// The row is left out.
  case drop
  /// The training mean replaces them; the most common level for text.
  case mean
  /// As `mean`, with an additional 0/1 column that marks the empty cells.
  case indicator
}
