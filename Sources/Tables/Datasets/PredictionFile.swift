import SurprisalDatasets
import SurprisalProbability

/// Anybody's predictions: a file with one column of probabilities for each class.
public struct PredictionFile: Sendable {
  private let file: InputFile
  private let roles: ColumnRoles
  private let options: DelimitedOptions

  /// A file and the columns in it. How rows are matched, how far sums may be off, whether rows are
  /// divided by their sum and which classes were declared is as for the labels of `data`.
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
    // A format that was named is that of the data.
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

/// The rows of a file of predictions that can be used.
public struct PredictedRows: Sendable {
  fileprivate let rows: LoadedData
  /// One distribution a row.
  public let probabilities: ClassProbabilities

  /// The classes, in the order of the probabilities.
  public var classNames: [String] { rows.dataset.classNames }

  /// What was noticed in the header.
  public var warnings: [DataWarning] { rows.warnings.filter { !$0.dropsRows } }

  /// The data and the predictions with the rows that belong together: those of the same number in
  /// their files, or of the same key. Throws as `RowMatch` does.
  public func matched(
    with data: LoadedData, skipsRows: Bool
  ) throws -> (data: LoadedData, probabilities: ClassProbabilities) {
    let match = try RowMatch(data.side, rows.side, skipsRows: skipsRows)
    let isWhole =
      match.first.count == data.dataset.rowCount
      && match.second.elementsEqual(0..<probabilities.rowCount)
    if isWhole { return (data, probabilities) }
    guard !match.first.isEmpty else {
      let lost = data.warnings + (match.leftOut.map { [.leftOut($0)] } ?? [])
      throw LabelColumnError.noRowsLeft(
        file: data.source.file, reasons: lost.filter(\.dropsRows))
    }
    return (
      data.selecting(rows: match.first, leavingOut: match.leftOut),
      probabilities.selecting(rows: match.second)
    )
  }
}

extension LoadedData {
  fileprivate var side: RowMatch.Side {
    RowMatch.Side(
      file: source.file, numbers: rowNumbers, keys: keys, fileRowCount: fileRowCount)
  }
}
