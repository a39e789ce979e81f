/// Rows that belong together: the same item, rater or group.
public struct Clusters: Sendable, Equatable {
  /// The name of the column they came from.
  public let name: String
  /// The number of the cluster of each row of the data set, from 0.
  public let indices: [Int]

  /// Clusters by identifier: rows with equal ones belong together.
  public init<Identifier: Hashable>(_ identifiers: [Identifier], name: String = "cluster") {
    var numbers: [Identifier: Int] = [:]
    indices = identifiers.map { identifier in
      if let number = numbers[identifier] { return number }
      numbers[identifier] = numbers.count
      return numbers.count - 1
    }
    self.name = name
  }

  /// The clusters of some rows, numbered anew without gaps.
  package func selecting(rows: [Int]?) -> Clusters {
    guard let rows else { return self }
    return Clusters(rows.map { indices[$0] }, name: name)
  }

  /// How many there are.
  public var count: Int { (indices.max() ?? -1) + 1 }
}
