import ArgumentParser
import Surprisal

/// `surprisal demo`
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Fit a published table of votes, explain the result and suggest next commands.",
    discussion: """
      Examples:
        surprisal demo
        surprisal demo --data > housing.csv
      """)

  @Flag(help: "Print the data of the demo as CSV.") var data = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    if data { return try OutputOptions.print(DemoData.csv, terminator: "") }
    let loaded = try load()
    let model = try fit(loaded)
    if output.json {
      try output.print(json: ModelPrinter(model: model).json())
    } else {
      try output.print(text: DemoTour(model: model, evaluation: try evaluation(model, loaded)).text)
    }
  }

  private func load() throws -> LoadedData {
    var layout = ColumnRoles(labels: .counts(prefix: "n_"))
    layout.encoding.bases = ["influence": "low", "dwelling": "tower", "contact": "low"]
    return try DatasetReader(roles: layout).read(text: DemoData.csv, name: DemoData.name)
  }

  private func fit(_ loaded: LoadedData) throws -> FittedModel {
    try Specification(likelihood: .init(name: Multinomial().name)).fit(loaded.dataset)
  }

  private func evaluation(_ model: FittedModel, _ loaded: LoadedData) throws -> Evaluation {
    try Evaluation(
      of: model.classifier.probabilities(for: loaded.dataset.features),
      against: loaded.dataset.labels)
  }
}
