import Surprisal

/// What a run must have in common with the checkpoint it goes on from, and the words for what it has
/// not.
struct TrainingSettings {
  typealias Setting = TrainingCheckpoint.Setting

  let list: [Setting]

  private static let absent = "not given"
  private static let sizes = ["rows", "columns", "classes"]

  init(
    _ options: NetworkOptions, _ estimator: EstimatorOptions, _ training: TrainingOptions,
    data: Dataset, validation: Dataset?, likelihood: any Likelihood
  ) {
    let network = options.network
    func flag(_ isGiven: Bool) -> String { isGiven ? "given" : Self.absent }
    func optional(_ value: (some CustomStringConvertible)?) -> String {
      value?.description ?? Self.absent
    }
    var list = [
      Setting("--hidden", HiddenLayers.text(of: network.hidden)),
      Setting("--activation", network.activation.rawValue),
      Setting("--layer-norm", flag(network.normalizesLayers)),
      Setting("--dropout", "\(network.dropout)"), Setting("--skip", flag(network.hasSkip)),
      Setting("--input-scale", training.inputScale.rawValue),
      Setting("--likelihood", likelihood.name), Setting("--l2", "\(estimator.l2 ?? 0)"),
      Setting("--seed", "\(estimator.seed)"), Setting("--solver", training.method.rawValue),
      Setting("--epochs", "\(training.epochs)"), Setting("--batch-size", "\(training.batchSize)"),
      Setting("--learning-rate", "\(training.peakRate)"),
      Setting("--schedule", training.schedule.rawValue), Setting("--warm-up", "\(training.warmUp)"),
      Setting("--clip", optional(training.clipping)),
      Setting("--weight-decay", "\(training.decay)"),
      Setting("--validation", optional(options.validation)),
      Setting("--patience", optional(training.patience)),
      Setting("--float32", flag(data.features.matrix.storageKind == .single)),
      Setting("sparse features", data.features.matrix.storageKind == .sparse ? "yes" : "no"),
      Setting("rows", "\(data.rowCount)"), Setting("columns", "\(data.features.columnCount)"),
      Setting("classes", "\(data.classCount)"),
    ]
    for (name, values) in LikelihoodRegistry.options(of: likelihood).sorted(by: { $0.key < $1.key })
    {
      list.append(
        Setting("\(name) of the likelihood", values.map { "\($0)" }.joined(separator: ",")))
    }
    list += Self.fingerprints(of: data, "")
    if let validation { list += Self.fingerprints(of: validation, " of the validation rows") }
    self.list = list
  }

  private static func fingerprints(of data: Dataset, _ whose: String) -> [Setting] {
    let fingerprint = TrainingFingerprint(data)
    return [
      Setting("the labels, weights or offsets\(whose)", fingerprint.labels),
      Setting("the features\(whose)", fingerprint.features),
    ]
  }

  /// Throws `UsageError` where a checkpoint is of another training.
  func require(_ checkpoint: TrainingCheckpoint, file: String) throws(UsageError) {
    let before = Dictionary(
      checkpoint.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    let done = checkpoint.state.history.count
    var differing = list.filter {
      before[$0.name] != $0.value && !isHarmless($0, before: before[$0.name], done: done)
    }
    guard !differing.isEmpty else { return }
    // Data of another size are other data: that needs no further words.
    if differing.contains(where: { Self.sizes.contains($0.name) }) {
      differing.removeAll { $0.name.hasPrefix("the ") }
    }
    throw UsageError(
      "the checkpoint \(EscapedText(file)) is of another training",
      details: differing.map { line($0, before: before[$0.name], done: done) },
      cure: cure(differing, before))
  }

  private func value(_ name: String) -> String? { list.first { $0.name == name }?.value }

  private var isConstant: Bool { value("--schedule") == LearningRate.Schedule.constant.rawValue }

  /// Whether the passes done are those of the run that is asked for all the same.
  private func isHarmless(_ now: Setting, before: String?, done: Int) -> Bool {
    switch now.name {
    // A constant rate does not know how many passes there will be.
    case "--epochs": return isConstant && Int(now.value).map { $0 >= done } ?? false
    // More patience stops no run that less has not.
    case "--patience":
      guard let before, let old = Int(before) else { return false }
      return Int(now.value).map { $0 >= old } ?? true
    default: return false
    }
  }

  private func line(_ now: Setting, before: String?, done: Int) -> String {
    guard !now.name.hasPrefix("the ") else {
      return "\(now.name) are not those of the checkpoint, or in another order"
    }
    let then = before.map { EscapedText($0).text } ?? Self.absent
    let text = "\(now.name): \(then) in the checkpoint, \(EscapedText(now.value).text) now"
    guard now.name == "--epochs" else { return text }
    return isConstant
      ? text + "; \(done) passes are done already"
      : text + "; with --schedule cosine the rate of each pass depends on their number"
  }

  private func cure(_ differing: [Setting], _ before: [String: String]) -> String {
    var words: [String] = []
    for name in differing.map(\.name) where name.hasPrefix("--") {
      switch before[name] {
      case nil, Self.absent: words.append("leave out \(name)")
      case "given": words.append("give \(name)")
      case let value?: words.append("give \(name) \(EscapedText(value).text)")
      }
    }
    if words.count < differing.count { words.append("give the data of that training") }
    return words.joined(separator: ", ") + ", or start anew without --resume"
  }
}
