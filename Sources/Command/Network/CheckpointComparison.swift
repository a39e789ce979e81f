import Surprisal

/// Checks whether training can be resumed from a checkpoint, and reports the differences if not.
struct CheckpointComparison {
  private let differences: [TrainingIdentity.Difference]
  private let hasConstantRate: Bool
  /// The number of passes that the checkpoint has completed.
  private let passes: Int

  private static let absent = "not given"
  private static let option = "likelihood.options."
  /// Options without a value: `given` or not.
  private static let switches = [
    "network.layer_norm", "network.skip", "dataset.single",
  ]
  private static let words = [
    "dataset.sparse": "sparse features", "dataset.rows": "rows", "dataset.columns": "columns",
    "dataset.classes": "classes", "dataset.labels": "the labels, weights or offsets",
    "dataset.features": "the features", "dataset.groups": "the groups of rows",
    "validation.labels": "the labels, weights or offsets of the validation rows",
    "validation.features": "the features of the validation rows",
  ]

  init(_ training: TrainingIdentity, _ checkpoint: TrainingCheckpoint) {
    passes = checkpoint.state.history.count
    hasConstantRate = training.hasConstantRate
    differences = training.differences(from: checkpoint.training, passes: passes)
  }

  /// Throws `UsageError` if the checkpoint belongs to another training run.
  func require(file: String) throws(UsageError) {
    guard !differences.isEmpty else { return }
    throw UsageError(
      "the checkpoint \(EscapedText(file)) belongs to another training run",
      details: differences.map(line), suggestion: suggestion)
  }

  private func name(_ property: String) -> String {
    if let words = Self.words[property] { return words }
    if property.hasPrefix(Self.option) {
      return "\(property.dropFirst(Self.option.count)) of the likelihood"
    }
    return Flags.name(of: property)
  }

  /// A value as written on the command line; nil if it was not given.
  private func text(_ value: String?, of property: String) -> String? {
    guard let value else { return nil }
    if Self.switches.contains(property) { return value == "true" ? "given" : nil }
    switch property {
    case "network.hidden": return value.isEmpty ? "none" : value
    case "dataset.sparse": return value == "true" ? "yes" : "no"
    default: return value
    }
  }

  private func line(_ difference: TrainingIdentity.Difference) -> String {
    let (property, name) = (difference.property, name(difference.property))
    guard !difference.isOfFingerprint else {
      return "\(name) differ from those of the checkpoint"
        + (property.hasPrefix("validation.") ? ", or have another order" : "")
    }
    let before = text(difference.before, of: property).map { EscapedText($0).text } ?? Self.absent
    let now = text(difference.now, of: property) ?? Self.absent
    let line = "\(name): \(before) in the checkpoint, \(EscapedText(now).text) now"
    guard property == "network.epochs" else { return line }
    return hasConstantRate
      ? line + "; \(passes) passes are already done"
      : line + "; with --schedule cosine the rate of each pass depends on their number"
  }

  private var suggestion: String {
    var words: [String] = []
    for difference in differences where !difference.property.hasPrefix(Self.option) {
      guard let flag = Flags.flag(of: difference.property) else { continue }
      switch text(difference.before, of: difference.property) {
      case nil: words.append("leave out \(flag)")
      case "given": words.append("give \(flag)")
      case let value?: words.append("give \(flag) \(EscapedText(value).text)")
      }
    }
    if words.count < differences.count { words.append("use the data of that training run") }
    return words.joined(separator: ", ") + ", or start again without --resume"
  }
}
