import ArgumentParser
import Surprisal

/// Weights and offsets of rows, for commands that take the features from a model.
struct RowOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Importance weights of rows.", valueName: "column"))
  var weight: String?

  @Option(
    help: ArgumentHelp(
      "How many times each row stands for itself: whole numbers.", valueName: "column"))
  var frequency: String?

  @Option(
    help: ArgumentHelp(
      "The offsets the model was fitted with, such as 'o_*'.", valueName: "columns"))
  var offset: String?

  @Option(
    help: ArgumentHelp(
      "What is done about empty cells that the model or the labels cannot have.",
      valueName: "error|drop"))
  var missing = MissingPolicy.refuse

  @Option(
    help: ArgumentHelp(
      "What is done about levels the model was not trained on: zero takes them as the base level.",
      valueName: "error|zero"))
  var unseen = UnseenChoice.error

  func validate() throws {
    try missing.requireDropOrError()
    if weight != nil, frequency != nil {
      throw ValidationError("give one of --weight and --frequency")
    }
  }

  /// Puts them into a layout.
  func apply(to layout: inout ColumnRoles) {
    layout.weight = weight
    layout.frequency = frequency
    layout.offsets = offset.map { ColumnPattern($0) }
    layout.encoding.missing = missing
    layout.takesUnseenAsBase = unseen == .zero
  }
}

/// What is done about levels that a model was not trained on.
enum UnseenChoice: String, ExpressibleByArgument, CaseIterable {
  case error
  case zero
}

extension MissingPolicy {
  /// Substitutes belong to a fit.
  func requireDropOrError() throws {
    guard self == .mean || self == .indicator else { return }
    throw ValidationError(
      "--missing \(rawValue) is for fit: the model then has the substitutes; give error or drop")
  }
}
