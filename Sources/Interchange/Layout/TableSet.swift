/// The table with the features and the one with the labels, which may be the same.
public struct TableSet: Sendable {
  /// Features, weights and offsets, and the labels unless they are elsewhere.
  public let data: Table
  /// The labels.
  public let labels: Table

  /// Two tables of the same rows.
  public init(data: Table, labels: Table) {
    self.data = data
    self.labels = labels
  }
}
