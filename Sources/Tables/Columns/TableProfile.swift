import SurprisalDatasets

/// What is in a file, column by column, whether or not it can be fitted.
public struct TableProfile: Sendable, Equatable {
  /// The file as messages call it.
  public let file: String
  /// The number of rows.
  public let rowCount: Int
  /// Rows that were left out because they could not be read.
  public let rejectedRowCount: Int
  /// The columns in the order of the file, those of the label file at the end.
  public let columns: [ColumnProfile]
  /// The columns that look like labels; nil if labels were named or nothing looks like them.
  public let suggestion: LabelSuggestion?

  /// The profile of tables under a roles; `suggestsLabels` where nobody has said which columns are
  /// labels.
  ///
  /// Complexity: O(rows x columns).
  public init(_ tables: TableSet, roles: ColumnRoles, suggestsLabels: Bool = false) {
    file = tables.data.source
    rowCount = tables.data.rowCount
    rejectedRowCount = tables.data.rejectedRowCount
    let labelColumns = roles.labelFile == nil ? [] : tables.labels.columns
    columns =
      tables.data.columns.map { ColumnProfile($0, role: roles.role(of: $0.name)) }
      + labelColumns.map { ColumnProfile($0, role: .label) }
    suggestion = suggestsLabels ? LabelSuggestion(tables.data) : nil
  }

  /// Cells without a value, all columns together.
  public var missingCount: Int { columns.reduce(0) { $0 + $1.missingCount } }

  /// Features that are the same in every row.
  public var constantColumns: [ColumnProfile] {
    columns.filter { $0.role == .feature && $0.isConstant }
  }

  /// Numbers that have lost digits because they are too small.
  public var subnormalCount: Int {
    columns.reduce(0) { total, column in
      guard case .numbers(let numbers) = column.content else { return total }
      return total + numbers.subnormalCount
    }
  }
}

extension ColumnRoles {
  /// What a column of the data file is used for.
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

/// One column of a table in a few numbers.
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
    /// The prior over classes that evidence holds.
    case prior
    case cluster
    case key
    /// It was named by no flag and is not read.
    case unused
  }

  /// What the cells hold that are not missing.
  public enum Content: Sendable, Equatable {
    /// Numbers.
    case numbers(Numbers)
    /// Text: the different texts that occur, the commonest and how often it does.
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
    /// Values between zero and the least normal double, 2.2e-308: they have lost digits.
    public let subnormalCount: Int
    /// Whether every value is a whole number.
    public let areWhole: Bool
  }

  /// The name in the header.
  public let name: String
  /// The position in the file, counted from 1.
  public let position: Int
  /// What it is used for.
  public let role: Role
  /// Cells without a value.
  public let missingCount: Int
  /// What the others hold.
  public let content: Content

  /// Whether all cells that are not missing are the same; such a feature tells nothing.
  public var isConstant: Bool {
    switch content {
    case .numbers(let numbers): numbers.minimum == numbers.maximum
    case .text(let levelCount, _, _): levelCount == 1
    case .nothing: true
    }
  }

  /// The profile of a column. Complexity: O(rows).
  public init(_ column: Column, role: Role) {
    name = column.name
    position = column.position
    self.role = role
    missingCount = column.missingRows.count
    switch column.cells {
    case .numbers(let values, _):
      content = Numbers(values).map { .numbers($0) } ?? .nothing
    case .texts(let levels, let codes):
      content = Self.content(ofLevels: levels, codes: codes)
    }
  }

  private static func content(ofLevels levels: [String], codes: [Int32]) -> Content {
    var counts = [Int](repeating: 0, count: levels.count)
    for code in codes where counts.indices.contains(Int(code)) { counts[Int(code)] += 1 }
    // The first of the commonest in the order of texts: the order of rows plays no part.
    let best = levels.indices.filter { counts[$0] > 0 }
      .min { (counts[$1], levels[$0]) < (counts[$0], levels[$1]) }
    guard let best else { return .nothing }
    return .text(
      levelCount: counts.count { $0 > 0 }, commonest: levels[best], commonestCount: counts[best])
  }
}

extension ColumnProfile.Numbers {
  /// The numbers among the values; nil when all of them are missing.
  init?(_ values: Column.Numbers) {
    var (low, high) = (Double.infinity, -Double.infinity)
    var (count, subnormals, mean) = (0.0, 0, 0.0)
    var areWhole = true
    for value in values where !value.isNaN {
      low = min(low, value)
      high = max(high, value)
      count += 1
      // Quotients before the difference: it may be beyond the largest double.
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
