import Surprisal

/// A confusion matrix in a file: one row per true class, one column per label, in the order of the
/// classes, or with the names of the classes as header.
struct ConfusionFile {
  private let path: String
  private let classNames: [String]

  init(_ path: String, classNames: [String]) {
    self.path = path
    self.classNames = classNames
  }

  /// The entries row by row, each row divided by its sum, which must be one within 1e-5.
  func entries() throws -> [Double] {
    let matrix = try read()
    return (0..<matrix.rowCount).flatMap { matrix.values.row($0) }
  }

  /// The matrix, checked.
  func read() throws -> ClassProbabilities {
    var layout = ColumnRoles(labels: .probabilities(ColumnPattern("*")))
    layout.features = ColumnPattern("")
    let loaded = try DatasetReader(roles: layout).read(InputFile(path))
    guard case .probabilities(let matrix) = loaded.dataset.labels,
      matrix.rowCount == classNames.count, matrix.classCount == classNames.count
    else {
      throw LabelColumnError.rowMismatch(
        file: path, found: loaded.dataset.rowCount, expected: classNames.count)
    }
    let columns = loaded.dataset.classNames
    guard Set(columns) == Set(classNames), columns != classNames else { return matrix }
    let order = classNames.compactMap { columns.firstIndex(of: $0) }
    return try ClassProbabilities(matrix.values.selecting(columns: order))
  }
}
