import SurprisalDatasets

/// A format of a feature's cells that suggests another type than the one they are read as.
public enum ColumnKind: Sendable, Equatable {
  /// Digits with a leading zero, such as `02116`, read as numbers.
  case codes
  /// Numbers in groups of three digits with this separator, read as text.
  case thousands(String)
  /// Numbers with a percent sign, read as text.
  case percent
  /// Amounts of money, read as text.
  case currency
  /// Dates, read as text.
  case date
  /// Times of day, read as text.
  case time
  /// Numbers followed by the same unit, such as `10 kg`, read as text.
  case unit
  /// Numbers with minus signs or spaces of typesetting, which are not those of numbers, read as
  /// text.
  case typeset

  /// The format that all texts have; nil if they have none of these.
  init?(_ levels: [String], decimal: UInt8) {
    let kinds: [(ColumnKind, (String) -> Bool)] = [
      (.percent, { Self.isAmount($0, of: ["%"]) }),
      (.currency, { Self.isAmount($0, of: Self.currencies) }),
      (.date, Self.isDate), (.time, Self.isTime), (.typeset, { Self.isTypeset($0, decimal) }),
    ]
    for (kind, isOfKind) in kinds where !levels.isEmpty && levels.allSatisfy(isOfKind) {
      self = kind
      return
    }
    for mark in Self.marks where mark.utf8.first != decimal {
      let format = NumberFormat(decimal: decimal, thousands: mark.utf8.first)
      let areNumbers = levels.allSatisfy { level in
        if case .number = format.read(level) { true } else { false }
      }
      if areNumbers, levels.contains(where: { $0.contains(mark) }) {
        self = .thousands(mark)
        return
      }
    }
    guard let unit = levels.first.map(Self.unit(of:)), !unit.isEmpty,
      levels.count > 1, levels.allSatisfy({ Self.unit(of: $0) == unit })
    else { return nil }
    self = .unit
  }

  /// The letters after a number, with at most one space between; empty if there are none.
  private static func unit(of text: String) -> Substring {
    let number = text.prefix { ($0.isASCII && $0.isNumber) || "+-.,".contains($0) }
    let rest = text[number.endIndex...].drop { $0 == " " }
    let isUnit = rest.allSatisfy { $0.isLetter || "/°²³".contains($0) }
    return number.contains { $0.isNumber } && isUnit ? rest : ""
  }

  /// Whether the text is a time such as `9:30` or `17:05:00`.
  private static func isTime(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return (2...3).contains(parts.count)
      && parts.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy("0123456789".contains) }
      && (Int(parts[0]) ?? 24) < 24 && parts[1...].allSatisfy { (Int($0) ?? 60) < 60 }
  }

  /// Whether the text is a number once U+2212 is replaced by a minus sign and spaces that do not
  /// break are removed.
  private static func isTypeset(_ text: String, _ decimal: UInt8) -> Bool {
    let plain = text.replacing("\u{2212}", with: "-").filter {
      !"\u{A0}\u{202F}\u{2009}".contains($0)
    }
    if case .number = NumberFormat(decimal: decimal).read(plain) { return true }
    return false
  }

  private static let marks = [",", ".", "'", " "]
  private static let currencies = ["$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY"]

  /// Whether the text is a number, grouped or not, preceded or followed by one of the signs.
  private static func isAmount(_ text: String, of signs: [String]) -> Bool {
    let bare = text.filter { $0 != " " }
    for sign in signs {
      var number = bare
      if bare.hasSuffix(sign) {
        number = String(bare.dropLast(sign.count))
      } else if let range = bare.firstRange(of: sign),
        bare[..<range.lowerBound].allSatisfy({ "+-".contains($0) })
      {
        number = bare.replacingCharacters(in: range)
      } else {
        continue
      }
      return number.contains { $0.isNumber }
        && number.allSatisfy { ($0.isASCII && $0.isNumber) || "+-.,'".contains($0) }
    }
    return false
  }

  /// Whether the text is a day, such as `2024-01-31`, `31.1.2024` or `1/31/24`, or a month, such as
  /// `2024-01`, optionally followed by a time.
  private static func isDate(_ text: String) -> Bool {
    let day = text.prefix { $0 != "T" && $0 != " " }
    for separator in ["-", "/", "."] as [Character] {
      let parts = day.split(separator: separator, omittingEmptySubsequences: false)
      guard parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { continue }
      let numbers = parts.compactMap { Int($0) }
      guard numbers.count == parts.count else { continue }
      if parts.count == 2, separator == "-" { return parts[0].count == 4 && isMonth(numbers[1]) }
      guard parts.count == 3 else { continue }
      if parts[0].count == 4 { return isMonth(numbers[1]) && isDay(numbers[2]) }
      guard parts[2].count == 4 || (parts[2].count == 2 && separator != ".") else { continue }
      return isDay(numbers[0]) && isDay(numbers[1]) && numbers[..<2].contains(where: isMonth)
    }
    return false
  }

  private static func isMonth(_ number: Int) -> Bool { (1...12).contains(number) }
  private static func isDay(_ number: Int) -> Bool { (1...31).contains(number) }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>) -> String {
    String(self[..<range.lowerBound]) + self[range.upperBound...]
  }
}

extension DatasetReader {
  /// Warnings about headers, and about features whose format suggests another type.
  public func columnWarnings(_ tables: TableSet) -> [DataWarning] {
    var result = headerWarnings(tables.data)
    if roles.labelFile != nil { result += headerWarnings(tables.labels) }
    guard roles.inputs == nil else { return result }
    for column in featureColumns(of: tables) where roles.texts?.matches(column.name) != true {
      switch column.cells {
      case .numbers:
        guard tables.data.notes.zeroLed.contains(column.position) else { continue }
        result.append(.kind(.codes, column: column.name))
      case .texts(let levels, _):
        if column.isIdentifier {
          result.append(
            .identifier(column: column.name, levels: levels.count, rows: tables.data.rowCount))
        } else if let kind = ColumnKind(levels, decimal: delimited.decimal.byte) {
          result.append(.kind(kind, column: column.name))
        }
      }
    }
    return result + voteWarning(tables)
  }

  private func headerWarnings(_ table: Table) -> [DataWarning] {
    table.notes.warnings(of: table.source).filter { warning in
      guard case .rowNames(_, let column) = warning else { return true }
      return table.column(named: column) == nil
    }
  }

  /// A warning if the rows look like votes: several rows per item, each from another annotator.
  private func voteWarning(_ tables: TableSet) -> [DataWarning] {
    guard case .target(let label) = roles.labels, roles.labelFile == nil,
      let votes = tables.data.votes(label: label)
    else { return [] }
    return [.votes(item: votes.item, annotator: votes.annotator, label: votes.label)]
  }
}

extension Table {
  /// The columns of votes, one vote per row, if items and annotators have usual names, and items
  /// have several rows, each of another annotator. If `label` is nil, it is found by a usual name.
  func votes(label: String?) -> (item: String, annotator: String, label: String)? {
    func column(_ role: ColumnRole) -> Column? {
      let names = VoteReader.usualNames.first { $0.role == role }?.names ?? []
      return columns.first { names.contains($0.name.lowercased()) && $0.name != label }
    }
    guard let label = label ?? column(.vote)?.name, let annotator = column(.annotator),
      let item = column(.item)
    else { return nil }
    let (items, annotators) = (item.groups, annotator.groups)
    var pairs: Set<[Int]> = []
    for row in items.indices where !pairs.insert([items[row], annotators[row]]).inserted {
      return nil
    }
    guard Set(items).count < items.count else { return nil }
    return (item.name, annotator.name, label)
  }
}

extension Column {
  /// Whether the column is text, not numbers with a few words, and nearly all of its more than
  /// twenty cells differ.
  var isIdentifier: Bool {
    guard case .texts(let levels, let codes) = cells, levels.count > 20,
      nonNumberCount >= numberCount
    else { return false }
    return levels.count * 10 >= codes.count { $0 >= 0 } * 9
  }

  /// A number for each row, equal for equal cells.
  fileprivate var groups: [Int] {
    switch cells {
    case .texts(_, let codes): return codes.map(Int.init)
    case .numbers(let values, _):
      var known: [Double: Int] = [:]
      return values.map { value in
        let group = known[value] ?? known.count
        known[value] = group
        return group
      }
    }
  }
}
