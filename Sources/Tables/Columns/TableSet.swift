/// The table with the features and the one with the labels, which may be the same.
public struct TableSet: Sendable {
  /// Features, weights and offsets, and the labels unless they are elsewhere.
  public private(set) var data: Table
  /// The labels.
  public private(set) var labels: Table
  /// The names of all columns of the data file, read or not.
  public let names: [String]
  /// The same of the label file.
  public let labelNames: [String]

  /// Two tables of the same rows; the names are those of the columns that were read unless given.
  public init(
    data: Table, labels: Table, names: [String]? = nil, labelNames: [String]? = nil
  ) {
    self.data = data
    self.labels = labels
    self.names = names ?? data.columns.map(\.name)
    self.labelNames = labelNames ?? labels.columns.map(\.name)
  }

  /// Lets columns go that are not read again: what was made of them is then held once.
  mutating func forget(columns isForgotten: (String) -> Bool) {
    data.forget(columns: isForgotten)
    labels.forget(columns: isForgotten)
  }
}
