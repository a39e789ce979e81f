import ArgumentParser
import Surprisal
import Synchronization

/// Shows the progress of training, and writes log and checkpoint after each pass.
final class NetworkObserver: Sendable {
  private let options: NetworkOptions
  private let solver: Specification.Solver
  private let checkpoints: [String]
  /// The identity that a checkpoint must match; nil if none is written.
  private let training: TrainingIdentity?
  private let progress: FitProgress
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  private struct State {
    /// The log lines of members that are complete.
    var lines: [String] = []
    var memberLines: [String] = []
    var member = 0
    /// For each member, the number of passes made by earlier runs.
    var resumed: [Int] = []
    /// The error that stopped training.
    var problem: (any Error)?
  }

  /// Creates an observer of the training of a network.
  ///
  /// Throws `SpecificationError` if there is a checkpoint and the likelihood is invalid.
  init(
    _ specification: Specification, _ options: NetworkOptions, data: Dataset, validation: Dataset?,
    groups: Clusters?, progress: FitProgress
  ) throws(SpecificationError) {
    self.options = options
    solver = specification.solver
    checkpoints = options.checkpoints(specification.model.network?.members ?? 1)
    if options.checkpoint != nil {
      training = try TrainingIdentity(
        specification, data: data, validation: validation,
        validationName: validation == nil ? nil : options.training.validation, groups: groups)
    } else {
      training = nil
    }
    self.progress = progress
  }

  /// The state from which each network is resumed: empty without `--resume`, nil if there is no
  /// checkpoint yet.
  func resumedStates() throws -> [StochasticState?] {
    guard options.resume else { return [] }
    let states = try checkpoints.map { try resumedState(InputFile($0)) }
    state.withLock { $0.resumed = states.map { $0?.history.count ?? 0 } }
    return states
  }

  private func resumedState(_ file: InputFile) throws -> StochasticState? {
    do {
      let checkpoint = try TrainingCheckpoint(file)
      if let training { try CheckpointComparison(training, checkpoint).require(file: file.name) }
      return checkpoint.state
    } catch let error as CheckpointError where error.isMissing {
      return nil
    }
  }

  /// Called before the first pass, after each pass and at divergence; returns false to stop.
  func see(_ step: TrainingProgress) -> Bool {
    let isNew = step.history.count > resumedCount(step.member.index) && step.divergence == nil
    guard solver != .lbfgs else {
      if let record = step.history.last { progress.show(record.epoch) { lbfgsLine(record) } }
      return !Interruption.isRequested
    }
    if isNew, let record = step.history.last {
      progress.show(step.member.index * step.epochs + record.epoch) { line(step, record) }
    }
    do {
      try writeLog(step)
      if isNew { try writeCheckpoint(step) }
    } catch {
      state.withLock { $0.problem = error }
      return false
    }
    return !Interruption.isRequested
  }

  private func resumedCount(_ member: Int) -> Int {
    state.withLock { $0.resumed.indices.contains(member) ? $0.resumed[member] : 0 }
  }

  private func writeCheckpoint(_ step: TrainingProgress) throws {
    guard let saved = step.state, let training, checkpoints.indices.contains(step.member.index)
    else { return }
    try TrainingCheckpoint(state: saved, training: training)
      .write(to: AtomicFile(checkpoints[step.member.index]))
  }

  /// Throws the error that stopped training, if any.
  func throwProblem() throws {
    if let problem = state.withLock({ $0.problem }) { throw problem }
    progress.finish()
    try Interruption.check(Self.advice(options.checkpoint) ?? "nothing was saved")
  }

  /// How training that was interrupted can be continued; nil without a checkpoint.
  static func advice(_ checkpoint: String?) -> String? {
    checkpoint.map { "continue with --checkpoint \($0) --resume" }
  }

  private func lbfgsLine(_ record: EpochRecord) -> String {
    "iteration \(record.epoch)  objective \(NumberText.fixed(record.value, 8))"
  }

  private func line(_ step: TrainingProgress, _ record: EpochRecord) -> String {
    let member =
      step.member.count > 1 ? "network \(step.member.index + 1)/\(step.member.count)  " : ""
    var text = "\(member)epoch \(record.epoch)/\(step.epochs)  "
    text += "training \(NumberText.fixed(record.loss, 5))"
    if let score = record.score, let entropy = step.validationEntropy {
      text += "  validation CE \(NumberText.fixed(score + entropy, 5))"
      text += " = H \(NumberText.fixed(entropy, 5)) + KL \(NumberText.fixed(score, 5))"
    } else if let score = record.score {
      text += "  validation \(HeldMeasure.evidence.name) \(NumberText.fixed(score, 5))"
    }
    let elapsed = (ContinuousClock.now - start).seconds
    let resumed = state.withLock { $0.resumed }
    let index = step.member.index
    let done = index * step.epochs + record.epoch - resumed.prefix(index + 1).reduce(0, +)
    let left =
      step.member.count * step.epochs - index * step.epochs - record.epoch
      - resumed.dropFirst(index + 1).reduce(0, +)
    let rest = elapsed / Double(max(done, 1)) * Double(max(left, 0))
    return text + "  \(NumberText.fixed(rest, 0)) s left"
  }

  /// Rewrites the whole log, so that a resumed run leaves the same file as an uninterrupted one.
  private func writeLog(_ step: TrainingProgress) throws {
    guard let path = options.log else { return }
    let lines = state.withLock { state in
      if step.member.index != state.member {
        state.lines += state.memberLines
        state.member = step.member.index
      }
      state.memberLines = step.history.map { json($0, step) }
      if let divergence = step.divergence { state.memberLines.append(json(divergence, step)) }
      return state.lines + state.memberLines
    }
    try AtomicFile(path).write(lines.map { $0 + "\n" }.joined())
  }

  private func json(_ divergence: Divergence, _ step: TrainingProgress) -> String {
    var object = JSONObject()
    if step.member.count > 1 { object["member"] = .integer(step.member.index) }
    object["epoch"] = .integer(divergence.epoch)
    object["diverged"] = .bool(true)
    object["batch"] = .integer(divergence.batch)
    object["objective"] = JSONValue(divergence.value)
    return JSONWriter.compact.text(of: .object(object))
  }

  private func json(_ record: EpochRecord, _ step: TrainingProgress) -> String {
    var object = JSONObject()
    if step.member.count > 1 { object["member"] = .integer(step.member.index) }
    object["epoch"] = .integer(record.epoch)
    object["training_loss"] = JSONValue(record.loss)
    object["objective"] = JSONValue(record.value)
    if let score = record.score, let entropy = step.validationEntropy {
      object["validation_cross_entropy"] = JSONValue(score + entropy)
      object["validation_label_entropy"] = JSONValue(entropy)
      object["validation_kl_divergence"] = JSONValue(score)
    } else if let score = record.score {
      object["validation_minus_log_evidence"] = JSONValue(score)
    }
    object["learning_rate"] = JSONValue(record.rate)
    return JSONWriter.compact.text(of: .object(object))
  }
}
