import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalFitting
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalProbability
import SurprisalReporting

/// The destination of a text for the caller; NULL if it is not requested.
public typealias ForeignText = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// Compares probabilities with labels, as a JSON object.
@c(surprisal_evaluate)
public func surprisalEvaluate(
  _ probabilities: UnsafePointer<surprisal_matrix>?, _ data: UnsafePointer<surprisal_data>?,
  _ threads: Int32, _ json: ForeignText?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let json else { throw CallError.argument("json is NULL") }
    give(try Scored([probabilities], data, threads).printer.json, json)
  }
}

/// Compares probabilities with labels, as text.
@c(surprisal_evaluation_text)
public func surprisalEvaluationText(
  _ probabilities: UnsafePointer<surprisal_matrix>?, _ data: UnsafePointer<surprisal_data>?,
  _ threads: Int32, _ text: ForeignText?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let text else { throw CallError.argument("text is NULL") }
    text.pointee = copied(try Scored([probabilities], data, threads).printer.text)
  }
}

/// Compares several predictions of the same rows.
@c(surprisal_compare)
public func surprisalCompare(
  _ predictions: UnsafePointer<surprisal_matrix>?, _ names: UnsafePointer<UnsafePointer<CChar>?>?,
  _ count: Int64, _ data: UnsafePointer<surprisal_data>?, _ threads: Int32, _ json: ForeignText?,
  _ text: ForeignText?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let predictions, count >= 1 else {
      throw CallError.argument("predictions is NULL, or there are none")
    }
    let names = try texts(names, count: count, "names of the predictions") + ["null"]
    guard Set(names).count == names.count else {
      throw CallError.argument("two predictions have the same name, or one is called null")
    }
    let scored = try Scored((0..<Int(count)).map { predictions + $0 }, data, threads)
    let comparison = try MultipleComparison(
      of: scored.evaluations + [scored.evaluations[0].null],
      amongFirst: scored.evaluations.count, clusters: scored.clusters?.indices,
      threads: Run.threads(threads))
    let printer = try ComparisonPrinter(
      comparison, names: names, records: [:], clusters: scored.clusters, level: 0.95,
      replicates: 0, seed: 1)
    give(printer.json, json)
    text?.pointee = copied(printer.text)
  }
}

/// Computes the likelihood ledger of labels and probabilities.
@c(surprisal_explain)
public func surprisalExplain(
  _ probabilities: UnsafePointer<surprisal_matrix>?, _ data: UnsafePointer<surprisal_data>?,
  _ json: ForeignText?, _ text: ForeignText?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    let printer = LedgerPrinter(try Scored([probabilities], data, 1).ledger)
    give(printer.json, json)
    text?.pointee = copied(printer.text)
  }
}

/// Writes the HTML report on probabilities.
@c(surprisal_report)
public func surprisalReport(
  _ handle: OpaquePointer?, _ probabilities: UnsafePointer<surprisal_matrix>?,
  _ data: UnsafePointer<surprisal_data>?, _ title: UnsafePointer<CChar>?, _ threads: Int32,
  _ html: ForeignText?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let html else { throw CallError.argument("html is NULL") }
    let scored = try Scored([probabilities], data, threads)
    var content = ReportContent(
      title: try title.map { try text($0, "the title") } ?? "Report", dataName: "arrays",
      sourceName: handle == nil ? "probabilities" : "model", classNames: scored.classNames,
      evaluation: scored.evaluations[0])
    if let handle {
      let model = try model(handle)
      content.calibration = model.classifier.calibration
      content.record = content.calibration == nil ? model.record : nil
      content.bases = model.classifier.encoding.baseLevels.map { "\($0.column) = \($0.level)" }
    }
    content.predictions = scored.classNames.count == 3 ? scored.predictions[0] : nil
    content.clusters = scored.clusters
    content.ledger = try? scored.ledger
    html.pointee = copied(try HTMLReport(content).html)
  }
}

/// Passes an object to the caller as text, if requested.
func give(_ value: JSONValue, _ target: ForeignText?) {
  target?.pointee = copied(JSONWriter.pretty.text(of: value))
}

/// The caller's predictions, scored with its labels.
private struct Scored {
  let classNames: [String]
  let labels: Labels
  let weights: RowWeights
  let clusters: Clusters?
  let predictions: [ClassProbabilities]
  let evaluations: [Evaluation]

  init(
    _ matrices: [UnsafePointer<surprisal_matrix>?], _ data: UnsafePointer<surprisal_data>?,
    _ threads: Int32
  ) throws {
    guard let data = data?.pointee else { throw CallError.argument("data is NULL") }
    (labels, classNames) = try data.responses()
    var (predictions, evaluations): ([ClassProbabilities], [Evaluation]) = ([], [])
    do {
      weights = try data.rowWeights(rows: labels.rowCount)
      clusters = try data.rowClusters(rows: labels.rowCount)
      for matrix in matrices {
        guard let matrix else { throw CallError.argument("probabilities is NULL") }
        let values = try ClassProbabilities(matrix.pointee.blocked("probabilities"))
        predictions.append(values)
        evaluations.append(
          try Evaluation(
            of: values, against: labels, weights: weights, threads: Run.threads(threads)))
      }
    } catch let error as DatasetError {
      throw ArrayFault(error, classNames: classNames)
    }
    self.predictions = predictions
    self.evaluations = evaluations
  }

  var printer: EvaluationPrinter {
    get throws {
      var options = EvaluationPrinter.Options(classNames: classNames)
      options.clusters = clusters
      return try EvaluationPrinter(evaluations[0], options: options)
    }
  }

  var ledger: Ledger {
    get throws {
      try Ledger(
        labels: labels, predictions: predictions[0],
        weights: (0..<labels.rowCount).map { weights[$0] })
    }
  }
}
