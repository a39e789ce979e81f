import SurprisalCalibration
import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalFitting
import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalOptimization
import SurprisalReporting
import SurprisalTables
import Synchronization

/// Fits a model to data, as a JSON specification describes it.
@c(surprisal_fit)
public func surprisalFit(
  _ specification: UnsafePointer<CChar>?, _ features: UnsafePointer<surprisal_features>?,
  _ data: UnsafePointer<surprisal_data>?, _ run: UnsafePointer<surprisal_run>?,
  _ result: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let features, let data, let result else {
      throw CallError.argument("features, data or model is NULL")
    }
    result.pointee = nil
    let specification = try Specification(
      json: text(specification, "the specification"), name: "specification")
    let run = Run(run?.pointee)
    var fitRun = run.fitRun(specification)
    let dataset = try data.dataset(features.pointee, specification, in: &fitRun)
    try requireMemory(of: specification, dataset, limit: fitRun.memoryLimit ?? .max)
    let names = dataset.classNames
    let model: FittedModel
    do {
      model = try specification.fit(consume dataset, in: fitRun)
    } catch let error as DatasetError {
      throw ArrayFault(error, classNames: names)
    }
    if run.isStopped { throw CallError.stopped }
    result.pointee = handle(ForeignModel(model))
  }
}

/// Fits a calibration to data that the model was not trained on.
@c(surprisal_calibrate)
public func surprisalCalibrate(
  _ base: OpaquePointer?, _ method: UnsafePointer<CChar>?, _ l2: Double,
  _ features: UnsafePointer<surprisal_features>?, _ data: UnsafePointer<surprisal_data>?,
  _ run: UnsafePointer<surprisal_run>?, _ result: UnsafeMutablePointer<OpaquePointer?>?,
  _ json: ForeignText?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  answering(error) {
    guard let features, let data, let result else {
      throw CallError.argument("features, data or model is NULL")
    }
    result.pointee = nil
    let saved = try model(base)
    let method = try calibrationMethod(named: text(method, "the method"))
    guard l2.isFinite else { throw CallError.argument("l2 is not finite") }
    if l2 >= 0, method == .isotonic {
      throw CallError.argument("isotonic regression has no prior")
    }
    let run = Run(run?.pointee)
    let classifier = saved.classifier.uncalibrated
    let (labels, names) = try data.pointee.responses(known: classifier.classNames)
    let logs = try logProbabilities(
      of: classifier, features.pointee, data.pointee.offsets?.pointee, threads: run.threads)
    func diagnosis(_ fault: CalibrationError) -> CalibrationDiagnosis {
      CalibrationDiagnosis(fault, in: .arrays(classNames: names), classNames: names)
    }
    let weights: RowWeights
    do {
      weights = try data.pointee.rowWeights(rows: labels.rowCount)
    } catch let fault as DatasetError {
      throw diagnosis(.data(fault))
    }
    do throws(CalibrationError) {
      let record = try CalibrationFit(
        method, of: logs, to: labels, weights: weights, lambda: l2 < 0 ? nil : l2,
        options: FitOptions(threads: run.threads)
      ).record
      result.pointee = handle(
        ForeignModel(
          FittedModel(classifier: classifier.calibrated(trusting: record), record: saved.record)))
      json?.pointee = copied(JSONWriter.pretty.text(of: record.json(classNames: names)))
    } catch {
      throw diagnosis(error)
    }
  }
}

private func calibrationMethod(named word: String) throws -> CalibrationMethod {
  guard let method = CalibrationMethod(rawValue: word) else {
    let known = CalibrationMethod.allCases.map(\.rawValue).joined(separator: ", ")
    throw CallError.argument("the method is one of \(known), not \(EscapedText(word))")
  }
  return method
}

/// The settings of the caller's run.
struct Run {
  let threads: ThreadCount
  private let memoryLimit: Int
  private let caller: Caller

  init(_ run: surprisal_run?) {
    threads = Self.threads(run?.threads ?? 1)
    let limit = Int(run?.memory_limit ?? 0)
    memoryLimit = limit > 0 ? limit : MemoryBudget.ofMachine.bytes
    caller = Caller(run)
  }

  /// Whether the caller stopped the fit.
  var isStopped: Bool { caller.isStopped }

  /// `count` threads; for 0 one per processor.
  static func threads(_ count: Int32) -> ThreadCount {
    count > 0 ? ThreadCount(min(Int(count), 1024)) : .processors
  }

  /// Reports the progress of fits to the caller; false if the caller stops them.
  func goesOn(step: Int, of total: Int) -> Bool {
    caller.goesOn(
      surprisal_progress(
        step: Int64(step), most_steps: Int64(total), objective: .nan, gradient_norm: .nan,
        member: 0))
  }

  /// Whether the caller has set the stop flag.
  var isStopRequested: Bool { caller.isFlagged }

  func fitRun(_ specification: Specification) -> FitRun {
    var run = FitRun()
    run.threads = threads
    run.memoryLimit = memoryLimit
    guard caller.isListening else { return run }
    let caller = caller
    let steps = specification.maximumIterations
    run.observer = { step in
      caller.goesOn(
        surprisal_progress(
          step: Int64(step.iteration), most_steps: Int64(steps), objective: step.value,
          gradient_norm: step.gradientNorm, member: 0))
    }
    run.trainingObserver = { progress in
      caller.goesOn(
        surprisal_progress(
          step: Int64(progress.history.count), most_steps: Int64(progress.epochs),
          objective: progress.history.last?.value ?? .nan, gradient_norm: .nan,
          member: Int64(progress.member.index)))
    }
    // Standard errors of a fit that nobody waits for would take long.
    run.optimumFound = { if caller.isStopped || caller.isFlagged { throw CallError.stopped } }
    return run
  }
}

/// The caller of a fit, which receives the progress and may stop it.
///
/// `@unchecked`: the caller synchronises access to what it passes; the library only reads it.
private final class Caller: @unchecked Sendable {
  private let run: surprisal_run?
  private let stopped = Atomic<Bool>(false)

  init(_ run: surprisal_run?) { self.run = run }

  var isListening: Bool { run?.progress != nil || run?.stop != nil }

  var isFlagged: Bool { run?.stop.map { $0.pointee != 0 } ?? false }

  var isStopped: Bool { stopped.load(ordering: .relaxed) }

  func goesOn(_ progress: surprisal_progress) -> Bool {
    var progress = progress
    let isRequested =
      isFlagged
      || run?.progress.map { $0(run?.context, &progress) != 0 } ?? false
    if isRequested { stopped.store(true, ordering: .relaxed) }
    return !isRequested
  }
}

/// Throws `limit.memory` if the layers of a network do not fit in memory.
private func requireMemory(
  of specification: Specification, _ data: Dataset, limit: Int
) throws {
  guard let bytes = specification.networkMemory(of: data) else { return }
  try MemoryBudget(bytes: limit).require(bytes, for: "the training of the network")
}
