import ArgumentParser
import Surprisal

/// The columns of features, weights and offsets.
struct FeatureOptions: ParsableArguments {
  @Option(
    "columns",
    "The features: names, globs or ranges, 'x1..x9'. Default: columns without another part.")
  var features: String?

  @Option("columns", "Columns to leave out; they are not even read.") var ignore: String?

  @Option(
    "columns",
    "Columns to take as text, though their cells may be numbers: each value is then a level.")
  var text: String?

  @OptionGroup var multiplicity: RowWeightOptions

  @Option("columns", "One column a class, added to its logit, such as 'o_*'.") var offset: String?

  @Option("error|drop|mean|indicator", "What is done about empty cells of features.")
  var missing = MissingPolicy.refuse

  @Option("a:b", "The product of two or more features; may be given again.")
  var interaction: [String] = []

  @Option(
    "column=level",
    "The base level of a text column; may be given again. Default: the first in order.")
  var base: [String] = []

  @Option("n", "The most levels a text column may have.") var maxLevels = 1000

  func validate() throws {
    if let bad = base.first(where: { !$0.contains("=") }) {
      throw ValidationError("--base takes column=level, not '\(bad)'")
    }
    if let bad = interaction.first(where: { $0.split(separator: ":").count < 2 }) {
      throw ValidationError("--interaction takes names with colons between, not '\(bad)'")
    }
    if maxLevels < 1 { throw ValidationError("--max-levels takes a number from 1 on") }
  }

  /// Applies the options of features to column roles.
  func apply(to layout: inout ColumnRoles) {
    layout.features = features.map { ColumnPattern($0) }
    layout.ignored = ignore.map { ColumnPattern($0) }
    layout.texts = text.map { ColumnPattern($0) }
    multiplicity.apply(to: &layout)
    layout.offsets = offset.map { ColumnPattern($0) }
    layout.encoding.missing = missing
    layout.encoding.levelLimit = maxLevels
    layout.encoding.interactions = interaction.map { $0.split(separator: ":").map(String.init) }
    for pair in base {
      guard let equals = pair.firstIndex(of: "=") else { continue }
      layout.encoding.bases[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
    }
  }
}

extension MissingPolicy: ExpressibleByArgument {}
