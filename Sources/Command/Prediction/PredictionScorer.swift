import Surprisal

/// Scores models and files of predictions against the labels of a data file, according to the
/// options.
struct PredictionScorer {
  let data: InputFile
  let rows: LabelledRows
  /// The column that identifies clusters.
  var cluster: String?
  let quiet: Bool
  /// Whether counts may be fractions.
  var allowsFractionalCounts = true
  /// The bytes of predictions in memory, and of values computed from them.
  var held = 0
  /// Collects the skipped rows.
  let collector: RejectCollector

  var threads: ThreadCount { rows.threads.count }

  /// The scored data, with the values needed for printing.
  struct Scored {
    let evaluation: Evaluation
    let classNames: [String]
    /// The loaded data.
    let loaded: LoadedData
    let predictions: Predictions
    /// The model, if predictions come from one.
    var model: FittedModel?
    var record: FitRecord?
    /// The fit, if the data are its training rows.
    var ownFit: FitStatistics?
    var notes: [String] = []
    /// Warnings from reading the data and the predictions.
    var warnings: [DataWarning] = []

    var clusters: Clusters? { loaded.clusters }
  }

  /// Probabilities from a file, or log-probabilities of a model: a matrix, or computed block by
  /// block.
  enum Predictions {
    case probabilities(ClassProbabilities)
    case logarithms(BlockedMatrix)
    case computed(BlockwisePredictions)

    func selecting(rows: [Int]) -> Predictions {
      switch self {
      case .probabilities(let values): .probabilities(values.selecting(rows: rows))
      case .logarithms(let values): .logarithms(values.selecting(rows: rows))
      case .computed(let source): .computed(source.selecting(rows: rows))
      }
    }

    /// How they are held.
    var storage: PredictionStorage {
      if case .computed(let source) = self { return .blocks(heldClasses: source.heldClasses) }
      return .matrix
    }
  }

  /// Scores a model.
  func score(model path: String) throws -> Scored {
    let saved = try ModelFile.read(InputFile(path))
    let classifier = saved.classifier
    let names = try declaredOrder(of: classifier.classNames)
    let loaded = try load(for: classifier, classes: names)
    let storage = try storage(
      loaded,
      copies: (classifier.calibration == nil ? 2 : 4) + (names == classifier.classNames ? 0 : 1))
    do throws(DatasetError) {
      var columns = loaded.requireColumns()
      var check = DependenceCheck(of: saved)
      if check != nil { columns = try check?.add(columns) ?? columns }
      let classified = ClassifiedRows(
        classifier: classifier, columns: columns, offsets: loaded.dataset.offsets,
        classNames: names)
      var scored = try score(
        try classified.logProbabilities(storage, threads: threads), loaded, names)
      scored.model = saved
      // Criteria describe the fit, so they do not apply after a calibration.
      scored.record = classifier.calibration == nil ? saved.record : nil
      scored.ownFit = scored.record.map(\.statistics)
        .flatMap { $0.areOf(loaded.dataset) ? $0 : nil }
      scored.notes =
        Self.notes(classifier.likelihood) + Self.notes(classifier.calibration)
        + [check?.warning?.message].compactMap { $0 }
      scored.warnings = loaded.warnings
      return scored
    } catch {
      throw DataDiagnosis(error, in: loaded.source)
    }
  }

  /// Scores a file with one column of probabilities per class.
  func score(predictions path: String, columns: String) throws -> Scored {
    let read = try read(predictions: path, columns: columns)
    let loaded = read.loaded
    try requireMemory(loaded, copies: 2)
    var scored = try score(
      .probabilities(read.probabilities), loaded, loaded.dataset.classNames)
    scored.warnings = read.warnings
    return scored
  }

  /// The predictions of a subset of rows.
  func scored(_ whole: Scored, rows: [Int]) throws -> Scored {
    var part = try score(
      whole.predictions.selecting(rows: rows), whole.loaded.selecting(rows: rows), whole.classNames)
    (part.model, part.record, part.notes) = (whole.model, whole.record, whole.notes)
    part.warnings = whole.warnings
    return part
  }

  private func score(
    _ predictions: Predictions, _ loaded: LoadedData, _ classNames: [String]
  ) throws(DatasetError) -> Scored {
    let (labels, weights) = (loaded.dataset.labels, loaded.dataset.weights)
    let evaluation =
      switch predictions {
      case .probabilities(let values):
        try Evaluation(of: values, against: labels, weights: weights, threads: threads)
      case .logarithms(let values):
        try Evaluation(
          ofLogProbabilities: values, against: labels, weights: weights, threads: threads)
      case .computed(let source):
        try Evaluation(
          ofBlockwise: source, against: labels, weights: weights, threads: threads)
      }
    return Scored(
      evaluation: evaluation, classNames: classNames, loaded: loaded, predictions: predictions)
  }

  /// The classes of a model in the declared order.
  private func declaredOrder(of known: [String]) throws -> [String] {
    guard let declared = rows.labels.declaredClasses else { return known }
    let unknown = declared.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw UsageError(
        "--classes names classes that the model does not have: \(unknown.joined(separator: ", "))",
        suggestion: "its classes are \(known.joined(separator: ", "))")
    }
    let absent = known.filter { !declared.contains($0) }
    guard absent.isEmpty else {
      throw UsageError(
        "--classes does not name these classes of the model: \(absent.joined(separator: ", "))",
        suggestion: "name all of them, in their order")
    }
    return declared
  }

  /// A note that calibrated probabilities are scored.
  private static func notes(_ calibration: CalibrationRecord?) -> [String] {
    guard let calibration else { return [] }
    return [
      "the model is calibrated: \(calibration.method.words), fitted to "
        + "\(NumberText.count(calibration.rowCount)) rows"
    ]
  }

  /// A note on the meaning of the predictions, if the labels are of another kind.
  private static func notes(_ likelihood: any Likelihood) -> [String] {
    guard likelihood is NoisyLabel else { return [] }
    return [
      "the model predicts the class behind a noisy label; the labels are scored as they stand, "
        + "noise included"
    ]
  }
}

extension PredictionScorer {
  /// The data with the columns that a model reads, and with labels in the given order of classes.
  func load(for classifier: SavedClassifier, classes: [String]) throws -> LoadedData {
    if classifier.usesOffsets, rows.weights.cells.offset == nil {
      throw UsageError(
        "the model was fitted with offsets, and needs them to predict",
        suggestion: "name their columns, one per class, with --offset 'o_*'")
    }
    var roles = try roles()
    roles.inputs = classifier.inputs
    roles.knownClasses = classes
    let loaded = try load(roles)
    Console.report(loaded.warnings, quiet: quiet)
    return loaded
  }

  /// The data, and the predictions of a file for the same rows.
  struct ReadPredictions {
    let loaded: LoadedData
    let probabilities: ClassProbabilities
    /// The places of the predictions.
    let source: DataSource
    /// Warnings from reading both.
    let warnings: [DataWarning]
  }

  /// The data and the predictions of a file, with the clusters of rows.
  func read(predictions path: String, columns: String) throws -> ReadPredictions {
    var roles = try roles()
    try rows.table.requireTable(InputFile(path))
    let predicted = try PredictionFile(
      InputFile(path), columns: ColumnPattern(columns), beside: roles,
      options: rows.table.delimited(collecting: nil, threads: threads)
    ).read()
    roles.inputs = ModelInputs.none
    roles.knownClasses = predicted.classNames
    roles.knowsPredictions = true
    let (loaded, probabilities, source) = try predicted.matched(
      with: load(roles), skipsRows: rows.table.onBadRow == .skip)
    // Rows that cannot be used in the file of predictions are skipped in the data too.
    try collector.add(
      rowsLeftOutOf: loaded, data, rows.table.delimited(collecting: nil, threads: threads))
    let warnings = predicted.warnings + loaded.warnings
    Console.report(warnings, quiet: quiet)
    return ReadPredictions(
      loaded: loaded, probabilities: probabilities, source: source, warnings: warnings)
  }

  private func roles() throws -> ColumnRoles {
    try rows.table.checkStorage(of: data)
    for path in rows.labels.files { try rows.table.requireTable(InputFile(path)) }
    var roles = ColumnRoles(labels: try rows.labels.requireColumns(of: rows.table.format(of: data)))
    try rows.labels.apply(to: &roles)
    roles.featureStorage = rows.table.featureStorage
    rows.weights.apply(to: &roles)
    roles.ignoresUnseen = rows.ignoreUnseen
    roles.allowsFractionalCounts = allowsFractionalCounts
    roles.cluster = cluster
    roles.clusterPurpose = .scores
    return roles
  }

  private func load(_ roles: ColumnRoles) throws -> LoadedData {
    let reader = DatasetReader(
      roles: roles, delimited: rows.table.delimited(collecting: collector, threads: threads))
    let loaded = try reader.read(data)
    try collector.add(rowsLeftOutOf: loaded, data, reader.delimited)
    return loaded
  }
}

extension LoadedData {
  /// The bytes of the features.
  var featureBytes: Int { dataset.features.matrix.storageSize }
}
