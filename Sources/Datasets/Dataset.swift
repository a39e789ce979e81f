import SurprisalLinearAlgebra
import SurprisalProbability

/// Features and labels of N rows, with optional weights and offsets.
public struct Dataset: Sendable {
  /// The design matrix and the encoding of its columns.
  public package(set) var features: Features
  /// The label of each row.
  public let labels: Labels
  /// The names of the C classes, in the order of the labels.
  public let classNames: [String]
  /// The weight of each row.
  public let weights: RowWeights
  /// N x C numbers that are added to the logits and not fitted; nil for none.
  public let offsets: BlockedMatrix?
  /// For a part of another data set: the row of that data set for each row, so that errors can name
  /// it; otherwise nil.
  package let origin: [Int]?
  /// How the rows relate to those that were given, if they were arranged for the training of a
  /// network; otherwise nil.
  package internal(set) var arrangement: RowArrangement?

  /// Combines the parts and checks that they have the same number of rows.
  ///
  /// Classes are called `0`, `1`, ... unless named. Throws `.rowMismatch`, `.noRows`, and `.weight`
  /// or `.frequency` for a number that is not a valid weight.
  public init(
    features: Features, labels: Labels, classNames: [String]? = nil,
    weights: RowWeights = .uniform, offsets: BlockedMatrix? = nil
  ) throws(DatasetError) {
    let names = classNames ?? (0..<labels.classCount).map(String.init)
    guard labels.rowCount > 0 else { throw .noRows }
    try DatasetError.require("features", features.rowCount, equals: labels.rowCount)
    try DatasetError.require("class names", names.count, equals: labels.classCount)
    if let count = weights.values?.count {
      try DatasetError.require("weights", count, equals: labels.rowCount)
    }
    try weights.requireNumbers()
    if let offsets {
      try DatasetError.require("offsets", offsets.rowCount, equals: labels.rowCount)
      try DatasetError.require(
        "columns of the offsets", offsets.columnCount, equals: labels.classCount)
    }
    self.features = features
    self.labels = labels
    self.classNames = names
    self.weights = weights
    self.offsets = offsets
    (origin, arrangement) = (nil, nil)
  }

  /// N.
  public var rowCount: Int { labels.rowCount }
  /// C.
  public var classCount: Int { labels.classCount }

  /// The rows at `rows`, in that order, as an independent data set.
  public func selecting(rows: [Int]) -> Dataset { selecting(rows, origin: nil) }

  /// The rows at `rows`, in that order, as a part of this data set: errors name rows of this data
  /// set.
  package func part(rows: [Int]) -> Dataset {
    selecting(rows, origin: rows.map { row in origin.map { $0[row] } ?? row })
  }

  private func selecting(_ rows: [Int], origin: [Int]?) -> Dataset {
    Dataset(
      unchecked: features.selecting(rows: rows), labels: labels.selecting(rows: rows),
      classNames: classNames, weights: weights.selecting(rows: rows),
      offsets: offsets?.selecting(rows: rows), origin: origin,
      arrangement: arrangement?.selecting(rows: rows))
  }

  /// The rows at `rows`, in that order, with weights for each of them: `merged` describes the rows
  /// of this data set that they represent. Errors name rows of this data set.
  package func merging(rows: [Int], _ weights: RowWeights, _ merged: MergedRows) -> Dataset {
    Dataset(
      unchecked: features.selecting(rows: rows), labels: labels.selecting(rows: rows),
      classNames: classNames, weights: weights, offsets: offsets?.selecting(rows: rows),
      origin: rows.map { row in origin.map { $0[row] } ?? row }, arrangement: .merged(merged))
  }

  /// The data set without rows of weight zero, which do not affect a fit. Errors name rows by their
  /// position in this data set.
  public func droppingZeroWeights() -> Dataset {
    guard let values = weights.values, values.contains(0) else { return self }
    return part(rows: values.indices.filter { values[$0] > 0 })
  }

  /// The same rows with other labels of the same classes and other weights.
  package func replacing(labels: Labels, weights: RowWeights) -> Dataset {
    precondition(labels.rowCount == rowCount && labels.classCount == classCount)
    return Dataset(
      unchecked: features, labels: labels, classNames: classNames, weights: weights,
      offsets: offsets, origin: origin, arrangement: nil)
  }

  private init(
    unchecked features: Features, labels: Labels, classNames: [String], weights: RowWeights,
    offsets: BlockedMatrix?, origin: [Int]?, arrangement: RowArrangement?
  ) {
    self.features = features
    self.labels = labels
    self.classNames = classNames
    self.weights = weights
    self.offsets = offsets
    self.origin = origin
    self.arrangement = arrangement
  }
}
