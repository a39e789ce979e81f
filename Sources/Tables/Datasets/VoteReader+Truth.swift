import SurprisalAnnotation
import SurprisalDatasets

extension VoteReader {
  /// True classes of items.
  public struct Truth: Sendable, Equatable {
    /// The class of each item of the votes, -1 if it is not known.
    public let classes: [Int32]
    /// Items of the file without votes.
    public let otherItems: [String]
  }

  /// The names by which a column of true classes is found.
  public static let truthNames = ["gold", "truth", "true_class", "true_label", "class", "label"]

  /// Reads the true classes of items: the column of items is named as in the votes, the column of
  /// classes has a usual name or is the only other one. An empty cell is an unknown class.
  ///
  /// Throws `FileError`, `LabelColumnError`, and `VoteTableError` for a class that the votes do not
  /// know, for an item with two classes, and if no item has votes.
  public func readTruth(_ file: InputFile, of votes: Votes) throws -> Truth {
    var names: [String] = []
    let table = try TableFile(file, options: delimited).read { name in
      names.append(name)
      return .text
    }
    let item = try column(names.contains(item ?? "") ? item : nil, .item, table, names)
    let others = names.filter { $0 != item.name }
    let usual = Self.truthNames.lazy.compactMap { usual in
      others.first { $0.lowercased() == usual }
    }.first
    guard let name = usual ?? (others.count == 1 ? others.first : nil),
      let column = table.column(named: name)
    else {
      throw VoteTableError.noClasses(file: table.source, usual: Self.truthNames, among: names)
    }
    return try truth(table, item, column, of: votes)
  }

  private func truth(
    _ table: Table, _ item: Column, _ column: Column, of votes: Votes
  ) throws -> Truth {
    let (items, labels) = (
      Names(item, rowCount: table.rowCount), Names(column, rowCount: table.rowCount)
    )
    let classes = Self.places(of: votes.classNames)
    let unknown = labels.levels.filter { classes[$0] == nil }
    guard unknown.isEmpty else {
      throw VoteTableError.unknownTruth(
        ClassNames.sorted(unknown), file: table.source, classes: votes.classNames)
    }
    let places = Self.places(of: votes.itemNames)
    var result = [Int32](repeating: -1, count: votes.itemCount)
    var seen: [Int32: Int32] = [:]
    var others: [String] = []
    for row in 0..<table.rowCount where items.codes[row] >= 0 && labels.codes[row] >= 0 {
      let (code, label) = (items.codes[row], labels.codes[row])
      let name = items.levels[Int(code)]
      if let first = seen[code], first != label {
        throw VoteTableError.contradiction(
          table.place(row: row, column: column), item: name, first: labels.levels[Int(first)],
          second: labels.levels[Int(label)])
      }
      if let place = places[name] {
        result[Int(place)] = classes[labels.levels[Int(label)]] ?? -1
      } else if seen[code] == nil {
        others.append(name)
      }
      seen[code] = label
    }
    guard result.contains(where: { $0 >= 0 }) else {
      throw VoteTableError.noSharedItems(file: table.source)
    }
    return Truth(classes: result, otherItems: others)
  }
}
