import SurprisalDatasets
import SurprisalEstimation
import SurprisalFitting
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalModels
import SurprisalProbability
import SurprisalReporting

/// Cross-validates softmax regressions along strengths of the prior.
@c(surprisal_cross_validate)
public func surprisalCrossValidate(
  _ specification: UnsafePointer<CChar>?, _ features: UnsafePointer<surprisal_features>?,
  _ data: UnsafePointer<surprisal_data>?, _ folds: UnsafePointer<surprisal_folds>?,
  _ run: UnsafePointer<surprisal_run>?, _ json: ForeignText?, _ text: ForeignText?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let features, let data else { throw CallError.argument("features or data is NULL") }
    let given = try Specification(
      json: SurprisalForeign.text(specification, "the specification"), name: "specification")
    let run = Run(run?.pointee)
    let dataset = try given.labels.adjusting(
      data.pointee.dataset(features.pointee.learned(threads: run.threads)))
    let validation = ForeignValidation(
      specification: given, folds: try Folds(folds?.pointee), run: run)
    do {
      let printer = try validation.validate(
        dataset, given.likelihood.model(for: dataset),
        groups: data.pointee.rowClusters(rows: dataset.rowCount)?.indices)
      give(printer.json, json)
      text?.pointee = copied(printer.text)
    } catch let error as DatasetError {
      throw ArrayFault(error, classNames: dataset.classNames)
    }
  }
}

/// The checked options for held-out rows.
private struct Folds {
  var count = 10
  var repeats = 1
  var isNested = false
  var choice = LambdaChoice.minimum
  var path = RegularizationPath.standard

  init(_ given: surprisal_folds?) throws(CallError) {
    guard let given else { return }
    count = given.folds == 0 ? 10 : Int(given.folds)
    repeats = given.repeats == 0 ? 1 : Int(given.repeats)
    guard count >= 2, (1...10_000).contains(repeats) else {
      throw .argument("there are two folds or more, dealt from 1 to 10000 times")
    }
    isNested = given.nested != 0
    choice = given.one_standard_error == 0 ? .minimum : .oneStandardError
    guard let strengths = given.strengths else { return }
    guard (1...1000).contains(given.strength_count) else {
      throw .argument("there are from 1 to 1000 strengths")
    }
    let values = Array(UnsafeBufferPointer(start: strengths, count: Int(given.strength_count)))
    guard values.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw .argument("a strength is finite and not negative")
    }
    path = RegularizationPath(values)
  }
}

private struct ForeignValidation {
  let specification: Specification
  let folds: Folds
  let run: Run

  func validate<L: Likelihood>(
    _ data: Dataset, _ likelihood: L, groups: [Int]?
  ) throws -> CrossValidationPrinter {
    guard case .softmax(let hasIntercept) = specification.model else {
      throw CallError.argument("softmax regressions are cross-validated, not networks")
    }
    let estimator = SoftmaxPath(
      SoftmaxRegression(hasIntercept: hasIntercept), likelihood: likelihood,
      options: specification.fitOptions(threads: .one))
    let procedure = CrossValidation(
      estimator, path: folds.path, foldCount: folds.count, repeats: folds.repeats,
      isNested: folds.isNested, choice: folds.choice, seed: specification.seed,
      threads: run.threads)
    let run = run
    let result = try procedure.run(
      data, groups: groups,
      observing: { run.goesOn(step: $0.completed, of: $0.total) },
      cancelling: { run.isStopRequested })
    guard let result else { throw CallError.stopped }
    let setting = CrossValidationPrinter.Setting(
      dataName: nil, rowCount: (0..<data.rowCount).count { data.weights[$0] > 0 },
      featureCount: data.features.columnCount, classNames: data.classNames,
      likelihood: likelihood.name, lossIsCrossEntropy: likelihood.equalsMinusCrossEntropy,
      isStandardized: specification.prior.isStandardized, seed: specification.seed,
      choice: folds.choice)
    return CrossValidationPrinter(
      result.summary, setting: setting, includesLabelDistribution: false)
  }
}
