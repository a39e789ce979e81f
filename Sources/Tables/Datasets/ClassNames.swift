/// The order of classes and the likeness of their names.
enum ClassNames {
  /// Ascending by value where all names are numbers, by their bytes otherwise.
  static func sorted(_ names: [String]) -> [String] {
    let byBytes = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let values = byBytes.map { Double($0) }
    guard values.allSatisfy({ $0?.isFinite ?? false }) else { return byBytes }
    return zip(byBytes, values).sorted { ($0.1 ?? 0) < ($1.1 ?? 0) }.map(\.0)
  }

  /// Names that become equal when spaces are trimmed or numbers read; nil if there are none.
  static func similar(_ names: [String]) -> [String]? {
    var groups: [String: [String]] = [:]
    for name in names {
      let trimmed = name.drop { $0 == " " || $0 == "\t" }
      let bare = String(trimmed.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
      groups[Double(bare).map { "\($0)" } ?? bare, default: []].append(name)
    }
    let alike = groups.values.filter { $0.count > 1 }.flatMap { $0 }
    return alike.isEmpty ? nil : alike.sorted()
  }
}
