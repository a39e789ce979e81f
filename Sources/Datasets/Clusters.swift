/// A grouping of rows that are not independent: the same item, rater or group.
public struct Clusters: Sendable, Equatable {
  /// The name of the column that identifies the clusters.
  public let name: String
  /// The cluster of each row of the data set, numbered from 0.
  public let indices: [Int]

  /// Clusters by identifier: rows with equal identifiers form a cluster.
  public init<Identifier: Hashable>(_ identifiers: [Identifier], name: String = "cluster") {
    var numbers: [Identifier: Int] = [:]
    indices = identifiers.map { identifier in
      if let number = numbers[identifier] { return number }
      numbers[identifier] = numbers.count
      return numbers.count - 1
    }
    self.name = name
  }

  /// The clusters of a subset of rows, renumbered without gaps.
  package func selecting(rows: [Int]?) -> Clusters {
    guard let rows else { return self }
    return Clusters(rows.map { indices[$0] }, name: name)
  }

  /// The number of clusters.
  public var count: Int { (indices.max() ?? -1) + 1 }
}
