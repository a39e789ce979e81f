import SurprisalLinearAlgebra

/// A guess at which columns of a table are its labels, for somebody who has not said so.
public struct LabelSuggestion: Sendable, Equatable {
  /// The flag: `--target`, `--probs` or `--counts`.
  public let flag: String
  /// What it should name: a column, or a glob.
  public let pattern: String

  /// Looks for columns of one prefix that sum to 1 in each row, then for such columns of whole
  /// numbers, then for the last text column with 2 to 20 levels. nil where nothing looks like
  /// labels. Complexity: O(rows x columns).
  public init?(_ table: Table) {
    let groups = Self.groups(of: table)
    if let group = groups.first(where: { Self.sumToOne($0.columns) }) {
      self.init(flag: "--probs", pattern: group.prefix + "*")
    } else if let group = groups.first(where: { Self.areCounts($0.columns) }) {
      self.init(flag: "--counts", pattern: group.prefix + "*")
    } else if let column = table.columns.last(where: Self.holdsClasses) {
      self.init(flag: "--target", pattern: column.name)
    } else {
      return nil
    }
  }

  private init(flag: String, pattern: String) {
    self.flag = flag
    self.pattern = pattern
  }

  /// Columns of numbers without missing cells whose names begin alike, up to `_` or `.`; of two
  /// columns or more, and only where no other column begins so.
  private static func groups(of table: Table) -> [(prefix: String, columns: [ColumnValues])] {
    var prefixes: [String] = []
    var members: [String: [TableColumn]] = [:]
    for column in table.columns {
      guard let end = column.name.firstIndex(where: { $0 == "_" || $0 == "." }) else { continue }
      let prefix = String(column.name[...end])
      if members[prefix] == nil { prefixes.append(prefix) }
      members[prefix, default: []].append(column)
    }
    return prefixes.compactMap { prefix in
      let columns = members[prefix] ?? []
      let numbers = columns.compactMap { column -> ColumnValues? in
        guard case .numbers(let values, let missing) = column.cells, missing.isEmpty,
          values.allSatisfy({ $0 >= 0 })
        else { return nil }
        return values
      }
      return numbers.count > 1 && numbers.count == columns.count ? (prefix, numbers) : nil
    }
  }

  private static func sumToOne(_ columns: [ColumnValues]) -> Bool {
    guard let first = columns.first, !first.isEmpty else { return false }
    return first.indices.allSatisfy { row in
      (columns.reduce(0) { $0 + $1[row] } - 1).magnitude <= 1e-5
    }
  }

  private static func areCounts(_ columns: [ColumnValues]) -> Bool {
    columns.allSatisfy { $0.allSatisfy { $0.rounded() == $0 } }
  }

  private static func holdsClasses(_ column: TableColumn) -> Bool {
    guard case .text(let levels, _, _, _) = column.cells else { return false }
    return (2...20).contains(levels.count)
  }
}
