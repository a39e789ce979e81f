import SurprisalDatasets

/// A guess at which columns of a table are its labels, for use if none were named.
public struct LabelSuggestion: Sendable, Equatable {
  /// The role of the columns: `.target`, `.probabilities` or `.counts`; for votes, which must be
  /// aggregated first, `.annotators` with one column each or `.vote` with one vote per row.
  public let role: ColumnRole
  /// The value for that option: a column, or a glob.
  public let pattern: String

  /// Looks for votes, then for columns with a common prefix that sum to 1 in each row, then for
  /// such columns of whole numbers, and then for the last text column with 2 to 20 levels. nil if
  /// none look like labels. Complexity: O(rows x columns).
  public init?(_ table: Table) {
    if let votes = table.votes(label: nil) {
      self.init(role: .vote, pattern: votes.label)
      return
    }
    if let prefix = Self.annotatorPrefix(table) {
      self.init(role: .annotators, pattern: prefix + "*")
      return
    }
    let groups = Self.groups(of: table)
    if let group = groups.first(where: { Self.sumToOne($0.columns) }) {
      self.init(role: .probabilities, pattern: group.prefix + "*")
    } else if let group = groups.first(where: { Self.areCounts($0.columns) }) {
      self.init(role: .counts, pattern: group.prefix + "*")
    } else if let column = table.columns.last(where: Self.holdsClasses) {
      self.init(role: .target, pattern: column.name)
    } else {
      return nil
    }
  }

  private init(role: ColumnRole, pattern: String) {
    self.role = role
    self.pattern = pattern
  }

  /// Groups of two or more numeric columns without missing cells whose names share a prefix up to
  /// `_` or `.`, provided that no other column has that prefix.
  private static func groups(of table: Table) -> [(prefix: String, columns: [Column.Numbers])] {
    table.columnsByPrefix.compactMap { prefix, columns in
      let numbers = columns.compactMap { column -> Column.Numbers? in
        guard case .numbers(let values, let missing) = column.cells, missing.isEmpty,
          values.allSatisfy({ $0 >= 0 })
        else { return nil }
        return values
      }
      return numbers.count > 1 && numbers.count == columns.count ? (prefix, numbers) : nil
    }
  }

  /// The prefix of columns that hold the same few texts, such as `ann_1` and `ann_2`.
  private static func annotatorPrefix(_ table: Table) -> String? {
    table.columnsByPrefix.first { _, columns in
      let levels = columns.map { column -> Set<String> in
        guard case .texts(let levels, _) = column.cells else { return [] }
        return Set(levels)
      }
      let all = levels.reduce(into: Set<String>()) { $0.formUnion($1) }
      return columns.count > 1 && (2...20).contains(all.count)
        && levels.indices.allSatisfy { index in
          levels.indices.contains { $0 != index && !levels[$0].isDisjoint(with: levels[index]) }
        }
    }?.prefix
  }

  private static func sumToOne(_ columns: [Column.Numbers]) -> Bool {
    guard let first = columns.first, !first.isEmpty else { return false }
    return first.indices.allSatisfy { row in
      (columns.reduce(0) { $0 + $1[row] } - 1).magnitude <= 1e-5
    }
  }

  private static func areCounts(_ columns: [Column.Numbers]) -> Bool {
    columns.allSatisfy { $0.allSatisfy { $0.rounded() == $0 } }
  }

  private static func holdsClasses(_ column: Column) -> Bool {
    guard case .texts(let levels, _) = column.cells else { return false }
    return (2...20).contains(levels.count)
  }
}

extension Table {
  /// The columns whose names have a prefix up to the first `_` or `.`, by prefix, in their order.
  fileprivate var columnsByPrefix: [(prefix: String, columns: [Column])] {
    var prefixes: [String] = []
    var members: [String: [Column]] = [:]
    for column in columns {
      guard let end = column.name.firstIndex(where: { $0 == "_" || $0 == "." }) else { continue }
      let prefix = String(column.name[...end])
      if members[prefix] == nil { prefixes.append(prefix) }
      members[prefix, default: []].append(column)
    }
    return prefixes.map { ($0, members[$0] ?? []) }
  }
}
