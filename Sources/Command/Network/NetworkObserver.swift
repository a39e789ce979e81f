import Surprisal
import Synchronization

/// Shows how training advances, and writes its log and its checkpoint after each pass.
final class NetworkObserver: Sendable {
  private let options: NetworkOptions
  private let training: TrainingOptions
  private let configuration: String
  private let progress: FitProgress
  private let interruption = Interruption()
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  private struct State {
    /// The passes of members that are done, as lines of the log.
    var lines: [String] = []
    var memberLines: [String] = []
    var member = 0
    /// Passes that this run did not make.
    var resumed = 0
    /// Why training was stopped.
    var problem: (any Error)?
  }

  init(
    options: NetworkOptions, training: TrainingOptions, configuration: String, quiet: Bool
  ) {
    self.options = options
    self.training = training
    self.configuration = configuration
    progress = FitProgress(quiet: quiet)
  }

  /// The state to go on from; nil without `--resume`, and where there is no checkpoint yet.
  func resumedState() throws -> StochasticState? {
    guard options.resume, let path = options.checkpoint else { return nil }
    let file = InputFile(path)
    let checkpoint: TrainingCheckpoint
    do {
      checkpoint = try TrainingCheckpoint(file)
    } catch {
      if case .file(.cannotOpen) = error.problem { return nil }
      throw error
    }
    guard checkpoint.configuration == configuration else {
      throw UsageError(
        "the checkpoint \(Excerpt(file.name)) is of another training",
        details: ["it: \(checkpoint.configuration)", "now: \(configuration)"],
        cure: "give the options and data of that training, or leave --resume out")
    }
    state.withLock { $0.resumed = checkpoint.state.history.count }
    return checkpoint.state
  }

  /// After each pass; false to stop.
  func see(_ step: TrainingProgress) -> Bool {
    guard let record = step.history.last else { return true }
    if training.method == .lbfgs {
      progress.show(record.epoch) { lbfgsLine(record) }
      return !interruption.isRequested
    }
    progress.show(step.member.index * step.epochs + record.epoch) { line(step, record) }
    do {
      try writeLog(step)
      if let path = options.checkpoint, let saved = step.state {
        try TrainingCheckpoint(state: saved, configuration: configuration)
          .write(to: AtomicFile(path))
      }
    } catch {
      state.withLock { $0.problem = error }
      return false
    }
    return !interruption.isRequested
  }

  /// Throws why training was stopped, if it was.
  func throwProblem() throws {
    if let problem = state.withLock({ $0.problem }) { throw problem }
    guard let status = interruption.exitStatus else { return }
    progress.finish()
    Talk.say(
      options.checkpoint.map { "interrupted: go on with --checkpoint \($0) --resume" }
        ?? "interrupted: nothing was saved")
    throw NetworkInterruption(status: status)
  }

  func finish() { progress.finish() }

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
    }
    let elapsed = (ContinuousClock.now - start).seconds
    let resumed = state.withLock { $0.resumed }
    let done = step.member.index * step.epochs + record.epoch - resumed
    let left = step.member.count * step.epochs - resumed - done
    let rest = elapsed / Double(max(done, 1)) * Double(max(left, 0))
    return text + "  \(NumberText.fixed(rest, 0)) s left"
  }

  /// The whole log anew: a resumed run leaves the file that an uninterrupted one leaves.
  private func writeLog(_ step: TrainingProgress) throws {
    guard let path = options.log else { return }
    let lines = state.withLock { state in
      if step.member.index != state.member {
        state.lines += state.memberLines
        state.member = step.member.index
      }
      state.memberLines = step.history.map { json($0, step) }
      return state.lines + state.memberLines
    }
    try AtomicFile(path).write(lines.joined(separator: "\n") + "\n")
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
    }
    object["learning_rate"] = JSONValue(record.rate)
    return JSONWriter.compact.text(of: .object(object))
  }
}

/// Training was interrupted by a signal.
struct NetworkInterruption: Error {
  let status: Int32
}
