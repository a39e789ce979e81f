import ArgumentParser
import Surprisal

/// Weights and offsets of rows, for commands that take the features from a model.
struct RowOptions: ParsableArguments {
  @OptionGroup var multiplicity: RowWeightOptions
  @OptionGroup var cells: CellOptions

  /// Applies these options to column roles.
  func apply(to layout: inout ColumnRoles) {
    multiplicity.apply(to: &layout)
    cells.apply(to: &layout)
  }
}

/// The weight or frequency of a row.
struct RowWeightOptions: ParsableArguments {
  @Option("column", "Importance weights of rows.") var weight: String?
  @Option("column", "How many equal rows each row is: whole numbers.") var frequency: String?

  func validate() throws {
    if weight != nil, frequency != nil {
      throw ValidationError("give one of --weight and --frequency")
    }
  }

  /// Applies these options to column roles.
  func apply(to layout: inout ColumnRoles) {
    layout.weight = weight
    layout.frequency = frequency
  }
}

/// Offsets, and the treatment of cells that a model cannot use.
struct CellOptions: ParsableArguments {
  @Option("columns", "The offsets the model was fitted with, such as 'o_*'.") var offset: String?

  @Option(
    "error|drop", "What is done about empty cells that the model cannot use.",
    name: .customLong("missing"))
  var missingCells = MissingCells(policy: .refuse)

  @Option(
    "error|zero",
    "What is done about levels the model was not trained on: zero takes them as the base level.")
  var unseen = UnseenChoice.error

  /// The treatment of empty cells.
  var missing: MissingPolicy { missingCells.policy }

  func validate() throws {
    guard missing == .mean || missing == .indicator else { return }
    throw ValidationError(
      "--missing \(missing.rawValue) is for fit: the model then has the substitutes; give error or "
        + "drop")
  }

  /// Applies these options to column roles.
  func apply(to layout: inout ColumnRoles) {
    layout.offsets = offset.map { ColumnPattern($0) }
    layout.encoding.missing = missing
    layout.takesUnseenAsBase = unseen == .zero
  }
}

/// The treatment of levels that a model was not trained on.
enum UnseenChoice: String, ExpressibleByArgument, CaseIterable {
  case error
  case zero
}

/// A policy for cells that a model cannot use. The policies that substitute cells are parsed too,
/// so that the error can explain that only a fit supports them.
struct MissingCells: ExpressibleByArgument {
  let policy: MissingPolicy

  init(policy: MissingPolicy) { self.policy = policy }

  init?(argument: String) {
    guard let policy = MissingPolicy(rawValue: argument) else { return nil }
    self.init(policy: policy)
  }

  static let allValueStrings = [MissingPolicy.refuse, .drop].map(\.rawValue)
  var defaultValueDescription: String { policy.rawValue }
}
