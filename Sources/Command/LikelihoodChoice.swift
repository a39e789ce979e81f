import Surprisal

/// A likelihood with what the command line says of it.
struct LikelihoodChoice {
  /// Where the estimate of an unknown confusion matrix starts: most labels are right.
  private static let startingDiagonal = 0.9

  private let name: LikelihoodName
  private let options: EstimatorOptions

  init(_ name: LikelihoodName, _ options: EstimatorOptions) {
    self.name = name
    self.options = options
  }

  /// The likelihood over these classes.
  ///
  /// Throws `UsageError` for an option that belongs to another likelihood.
  func likelihood(classNames: [String]) throws -> any Likelihood {
    var values: [String: [Double]] = [:]
    for option in name.known.optionNames { values[option] = [] }
    if let precision = options.precision {
      try require("precision", flag: "--precision")
      values["precision"] = [precision]
    }
    if let path = options.confusion {
      try require("confusion", flag: "--confusion")
      values["confusion"] = try ConfusionFile(path, classNames: classNames).entries()
    }
    if name.known.optionNames.contains("starting_diagonal"), options.confusion == nil {
      values["starting_diagonal"] = [Self.startingDiagonal]
    }
    guard
      let likelihood = name.known.likelihood(options: values, classCount: classNames.count)
    else {
      throw UsageError(
        "the \(name.known.name) likelihood cannot have these options",
        details: values.keys.sorted().map { "\($0): \(values[$0] ?? [])" })
    }
    return likelihood
  }

  private func require(_ option: String, flag: String) throws {
    guard name.known.optionNames.contains(option) else {
      throw UsageError(
        "\(flag) does not go with the \(name.known.name) likelihood",
        cure: "leave it out, or choose another --likelihood")
    }
  }
}

/// A confusion matrix in a file: a row a true class, a column a label, in the order of the classes,
/// or with the names of the classes as header.
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
