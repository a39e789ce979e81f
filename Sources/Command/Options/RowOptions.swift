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

  func validate() throws {
    if weight != nil, frequency != nil {
      throw ValidationError("give one of --weight and --frequency")
    }
  }

  /// Puts them into a layout.
  func apply(to layout: inout ColumnRoles) {
    layout.weight = weight
    layout.frequency = frequency
    layout.offsets = offset.map { ColumnPattern($0) }
  }
}
