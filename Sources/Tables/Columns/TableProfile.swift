import SurprisalDatasets

/// A summary of a file, column by column, whether or not it can be fitted.
public struct TableProfile: Sendable, Equatable {
  /// The file's name for messages.
  public let file: String
  /// The number of rows.
  public let rowCount: Int
  /// Rows that were left out because they could not be read.
  public let rejectedRowCount: Int
  /// The columns in the order of the file, followed by those of the label file.
  public let columns: [ColumnProfile]
  /// The columns that look like labels; nil if labels were named or no columns look like labels.
  public let suggestion: LabelSuggestion?

  /// The profile of tables read with given roles and options; `suggestsLabels` if no label columns
  /// were named.
  ///
  /// Complexity: O(rows x columns).
  public init(
    _ tables: TableSet, roles: ColumnRoles, options: DelimitedOptions = DelimitedOptions(),
    suggestsLabels: Bool = false
  ) {
    file = tables.data.source
    rowCount = tables.data.rowCount
    rejectedRowCount = tables.data.rejectedRowCount
    let labelColumns = roles.labelFile == nil ? [] : tables.labels.columns
    columns =
      tables.data.columns.map { column in
        let isFeature = roles.isFeature(column.name) && roles.texts?.matches(column.name) != true
        return ColumnProfile(
          column, role: roles.role(of: column.name), numbers: isFeature ? options.numbers : nil)
      }
      + labelColumns.map { ColumnProfile($0, role: .label) }
    suggestion = suggestsLabels ? LabelSuggestion(tables.data) : nil
  }

  /// The profile of columns that do not come from a file.
  public init(name: String, rowCount: Int, columns: [ColumnProfile]) {
    file = name
    self.rowCount = rowCount
    self.columns = columns
    rejectedRowCount = 0
    suggestion = nil
  }

  /// The number of missing cells in all columns.
  public var missingCount: Int { columns.reduce(0) { $0 + $1.missingCount } }

  /// Features that are the same in every row.
  public var constantColumns: [ColumnProfile] {
    columns.filter { $0.role == .feature && $0.isConstant }
  }

  /// The number of subnormal values: numbers too small to have full precision.
  public var subnormalCount: Int {
    columns.reduce(0) { total, column in
      guard case .numbers(let numbers, _) = column.content else { return total }
      return total + numbers.subnormalCount
    }
  }
}

extension ColumnRoles {
  /// The role of a column of the data file.
  func role(of name: String) -> ColumnProfile.Role {
    switch otherRole(of: name) {
    case nil: isFeature(name) ? .feature : .unused
    case .weight?: .weight
    case .frequency?: .frequency
    case .votesPerRow?: .votes
    case .offset?: .offset
    case .cluster?: .cluster
    case .evidencePrior?: .prior
    case .key?: .key
    default: .label
    }
  }
}

/// A summary of one column of a table.
public struct ColumnProfile: Sendable, Equatable {
  /// What the column is used for.
  public enum Role: String, Sendable, CaseIterable {
    case feature
    case label
    case weight
    case frequency
    case offset
    /// The number of votes behind the shares of a row.
    case votes
    /// The prior over classes included in evidence.
    case prior
    case cluster
    case key
    /// The column was not named by any flag and is not read.
    case unused
  }

  /// The content of the cells that are not missing.
  public enum Content: Sendable, Equatable {
    /// Numbers, and a few other cells, which fitting refuses or skips.
    case numbers(Numbers, others: Int = 0)
    /// Text: the number of different texts, the commonest and its count.
    case text(levelCount: Int, commonest: String, commonestCount: Int)
    /// Nothing: every cell is missing.
    case nothing
  }

  /// The numbers of a column.
  public struct Numbers: Sendable, Equatable {
    /// The least value.
    public let minimum: Double
    /// The greatest value.
    public let maximum: Double
    /// The mean; exact enough for a column whose sum would overflow.
    public let mean: Double
    /// The number of subnormal values: between zero and the least normal double, 2.2e-308, with
    /// less than full precision.
    public let subnormalCount: Int
    /// Whether every value is a whole number.
    public let areWhole: Bool
  }

  /// The name in the header.
  public let name: String
  /// The position in the file, counted from 1.
  public let position: Int
  /// The role of the column.
  public let role: Role
  /// The number of missing cells.
  public let missingCount: Int
  /// The content of the other cells.
  public let content: Content

  /// Whether all cells that are not missing are equal; such a feature carries no information.
  public var isConstant: Bool {
    switch content {
    case .numbers(let numbers, let others): others == 0 && numbers.minimum == numbers.maximum
    case .text(let levelCount, _, _): levelCount == 1
    case .nothing: true
    }
  }

  /// The profile of a column; `position` is its position if it does not come from a file.
  /// Complexity: O(rows).
  public init(_ column: Column, role: Role, position: Int? = nil) {
    self.init(column, role: role, position: position, numbers: nil)
  }

  /// The same; with a format of numbers, text most of whose cells are numbers counts as numbers.
  init(_ column: Column, role: Role, position: Int? = nil, numbers format: NumberFormat?) {
    name = column.name
    self.position = position ?? column.position
    self.role = role
    missingCount = column.missingRows.count
    switch column.cells {
    case .numbers(let values, _):
      content = Numbers(values).map { .numbers($0) } ?? .nothing
    case .texts(let levels, let codes):
      let others = column.nonNumberCount
      if let format, others > 0, column.numberCount > others,
        case .numbers(let values, _)? = column.readingNumbers(format)?.column.cells,
        let numbers = Numbers(values)
      {
        content = .numbers(numbers, others: others)
        return
      }
      content = Self.content(ofLevels: levels, codes: codes)
    }
  }

  private static func content(ofLevels levels: [String], codes: [Int32]) -> Content {
    var counts = [Int](repeating: 0, count: levels.count)
    for code in codes where counts.indices.contains(Int(code)) { counts[Int(code)] += 1 }
    // The first of the commonest in the order of texts: the result does not depend on row order.
    let best = levels.indices.filter { counts[$0] > 0 }
      .min { (counts[$1], levels[$0]) < (counts[$0], levels[$1]) }
    guard let best else { return .nothing }
    return .text(
      levelCount: counts.count { $0 > 0 }, commonest: levels[best], commonestCount: counts[best])
  }
}

extension ColumnProfile.Numbers {
  /// The summary of the values; nil if all of them are missing.
  init?(_ values: Column.Numbers) {
    var (low, high) = (Double.infinity, -Double.infinity)
    var (count, subnormals, mean) = (0.0, 0, 0.0)
    var areWhole = true
    for value in values where !value.isNaN {
      low = min(low, value)
      high = max(high, value)
      count += 1
      // Divide before subtracting: the difference may overflow.
      mean += value / count - mean / count
      if value.isSubnormal { subnormals += 1 }
      if value.rounded() != value { areWhole = false }
    }
    guard count > 0 else { return nil }
    minimum = low
    maximum = high
    self.mean = low == high ? low : mean
    subnormalCount = subnormals
    self.areWhole = areWhole
  }
}
