import ArgumentParser
import Surprisal

/// The columns of features, weights and offsets.
struct FeatureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The features: names, globs or ranges, 'x1..x9'. Default: columns without another part.",
      valueName: "columns"))
  var features: String?

  @Option(help: ArgumentHelp("Columns to leave out; they are not even read.", valueName: "columns"))
  var ignore: String?

  @Option(
    help: ArgumentHelp(
      "Columns to take as text, though their cells may be numbers: each value is then a level.",
      valueName: "columns"))
  var text: String?

  @OptionGroup var multiplicity: RowWeightOptions

  @Option(
    help: ArgumentHelp(
      "One column a class, added to its logit, such as 'o_*'.", valueName: "columns"))
  var offset: String?

  @Option(
    help: ArgumentHelp(
      "What is done about empty cells of features.", valueName: "error|drop|mean|indicator"))
  var missing = MissingPolicy.refuse

  @Option(
    help: ArgumentHelp("The product of two or more features; may be given again.", valueName: "a:b")
  )
  var interaction: [String] = []

  @Option(
    help: ArgumentHelp(
      "The base level of a text column; may be given again. Default: the first in order.",
      valueName: "column=level"))
  var base: [String] = []

  @Option(help: ArgumentHelp("The most levels a text column may have.", valueName: "n"))
  var maxLevels = 1000

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
