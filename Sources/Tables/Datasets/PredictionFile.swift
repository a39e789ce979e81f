import SurprisalDatasets
import SurprisalProbability

/// Predictions of any model: a file with one column of probabilities for each class.
public struct PredictionFile: Sendable {
  private let file: InputFile
  private let roles: ColumnRoles
  private let options: DelimitedOptions

  /// A file and its columns. The matching of rows, the tolerance of sums, their normalization and
  /// the declared classes are those of the labels of `data`.
  public init(
    _ file: InputFile, columns: ColumnPattern, beside data: ColumnRoles,
    options: DelimitedOptions = DelimitedOptions()
  ) {
    self.file = file
    var roles = ColumnRoles(labels: .probabilities(columns))
    roles.arePredictions = true
    roles.features = ColumnPattern("")
    roles.normalizesLabels = data.normalizesLabels
    roles.sumTolerance = data.sumTolerance
    roles.declaredClasses = data.declaredClasses
    roles.key = data.key
    roles.encoding.missing = data.encoding.missing
    self.roles = roles
    // An explicitly set format is that of the data.
    var options = options
    options.format = nil
    options.allowsIndexHeader = true
    self.options = options
  }

  /// The classes and the probabilities, checked like labels: rows sum to one within the tolerance
  /// and are divided by their sum.
  public func read() throws -> PredictedRows {
    var names: [String] = []
    let table = try TableFile(file, options: options).read(isLabels: true) { name in
      names.append(name)
      return roles.columnType(of: name)
    }
    let rows = try DatasetReader(roles: roles, delimited: options).load(
      TableSet(data: table, labels: table, names: names, labelNames: names))
    guard case .probabilities(let probabilities) = rows.dataset.labels else {
      preconditionFailure("probability columns give probabilities")
    }
    return PredictedRows(rows: rows, probabilities: probabilities)
  }
}

/// The usable rows of a file of predictions.
public struct PredictedRows: Sendable {
  fileprivate let rows: LoadedData
  /// One distribution per row.
  public let probabilities: ClassProbabilities

  /// The classes, in the order of the probabilities.
  public var classNames: [String] { rows.dataset.classNames }

  /// Warnings about the header.
  public var warnings: [DataWarning] { rows.warnings.filter { !$0.dropsRows } }

  /// The data and the predictions of matching rows: rows with the same number in their files, or
  /// with the same key; `source` has the places of the predictions. Throws as `RowMatch` does.
  public func matched(
    with data: LoadedData, skipsRows: Bool
  ) throws -> (data: LoadedData, probabilities: ClassProbabilities, source: DataSource) {
    let match = try RowMatch(data.side, rows.side, skipsRows: skipsRows)
    let isWhole =
      match.first.count == data.dataset.rowCount
      && match.second.elementsEqual(0..<probabilities.rowCount)
    if isWhole { return (data, probabilities, rows.source) }
    guard !match.first.isEmpty else {
      let lost = data.warnings + (match.leftOut.map { [.leftOut($0)] } ?? [])
      throw LabelColumnError.noRowsLeft(
        file: data.source.file, reasons: lost.filter(\.dropsRows))
    }
    return (
      data.selecting(rows: match.first, leavingOut: match.leftOut),
      probabilities.selecting(rows: match.second), rows.selecting(rows: match.second).source
    )
  }
}

extension LoadedData {
  fileprivate var side: RowMatch.Side {
    RowMatch.Side(
      file: source.file, numbers: rowNumbers, keys: keys, fileRowCount: fileRowCount)
  }
}
