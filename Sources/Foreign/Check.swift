import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalFitting
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalProbability
import SurprisalReporting
import SurprisalTables

/// Reports the content of data and whether they can be fitted, without a fit.
@c(surprisal_check)
public func surprisalCheck(
  _ features: UnsafePointer<surprisal_features>?, _ data: UnsafePointer<surprisal_data>?,
  _ likelihood: UnsafePointer<CChar>?, _ threads: Int32, _ json: ForeignText?, _ text: ForeignText?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let features = features?.pointee, let data = data?.pointee else {
      throw CallError.argument("features or data is NULL")
    }
    let name = try likelihood.map { try SurprisalForeign.text($0, "the likelihood") }
    let check = try check(
      features, data, Specification.Likelihood(name: name), threads: Run.threads(threads))
    give(check.json, json)
    text?.pointee = copied(check.text)
  }
}

private func check(
  _ features: surprisal_features, _ data: surprisal_data,
  _ likelihood: Specification.Likelihood, threads: ThreadCount
) throws -> DataCheck {
  let columns = try features.profiles(threads)
  let rows = features.rowCount
  let table = TableProfile(
    name: "arrays", rowCount: rows,
    columns: columns + (try data.labelProfiles(after: columns.count)))
  do {
    let dataset = try data.dataset(features.learned(threads: threads))
    let names = dataset.classNames
    do {
      let likelihood = try likelihood.model(for: dataset)
      let profile = try profile(consume dataset, likelihood, threads)
      return DataCheck(table: table, dataset: profile)
    } catch let error as DatasetError {
      throw ArrayFault(error, classNames: names)
    }
  } catch let error as CallError {
    throw error
  } catch {
    return DataCheck(table: table, dataset: nil, problem: located(error))
  }
}

private func profile<L: Likelihood>(
  _ data: consuming Dataset, _ likelihood: L, _ threads: ThreadCount
) throws -> DatasetProfile {
  try DatasetProfile(of: data, likelihood: likelihood, threads: threads)
}

extension surprisal_features {
  fileprivate var rowCount: Int {
    Int(clamping: matrix?.pointee.rows ?? sparse?.pointee.rows ?? rows)
  }

  /// The summaries of the columns; none for a sparse matrix, as for a LIBSVM file.
  fileprivate func profiles(_ threads: ThreadCount) throws -> [ColumnProfile] {
    guard sparse == nil else { return [] }
    if table != nil {
      return try tableColumns().columns.enumerated().map {
        ColumnProfile($1, role: .feature, position: $0 + 1)
      }
    }
    let matrix = try numbers(threads)
    return try columnNames(matrix.columnCount).enumerated().map { index, name in
      ColumnProfile(
        Column(name: name, numbers: Column.Numbers(matrix, column: index)), role: .feature,
        position: index + 1)
    }
  }
}

extension surprisal_data {
  /// The columns of labels; for one class per row a text column `class`.
  fileprivate func labelProfiles(after count: Int) throws -> [ColumnProfile] {
    guard let matrix = labels?.pointee else { throw CallError.argument("the labels are NULL") }
    let values = try matrix.blocked("labels")
    if label_kind == Int32(SURPRISAL_CLASSES) {
      let (labels, names) = try responses()
      guard case .classes(let classes) = labels else { return [] }
      let column = Column(name: "class", words: names, codes: classes.indices)
      return [ColumnProfile(column, role: .label, position: count + 1)]
    }
    return try names(count: values.columnCount).prefix(values.columnCount).enumerated().map {
      ColumnProfile(
        Column(name: $1, numbers: Column.Numbers(values, column: $0)), role: .label,
        position: count + $0 + 1)
    }
  }
}
