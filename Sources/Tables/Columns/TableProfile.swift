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
    if labelFile == nil, labels.matches(name) { return .label }
    if name == weight { return .weight }
    if name == frequency { return .frequency }
    if offsets?.matches(name) == true { return .offset }
    return isFeature(name) ? .feature : .unused
  }
}
