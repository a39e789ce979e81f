import Foundation
import Surprisal
import Testing

/// `fit --config FILE`: the printed specification can be read, and flags override it.
@Suite struct ConfigurationTests {
  private func run(_ arguments: [String], in folder: Workspace) throws -> Tool.Outcome {
    try Tool.run(["fit", "data.csv", "--probs", "p_*", "--quiet"] + arguments, in: folder)
  }

  /// The specification of a run, in a file.
  private func save(_ outcome: Tool.Outcome, in folder: Workspace) throws {
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONParser().parse(outcome.text)
    let specification = try #require(value["specification"])
    try folder.write(JSONWriter.pretty.text(of: specification), to: "run.json")
  }

  @Test(arguments: [
    [],
    [
      "--l2", "0.01", "--standardize", "--reference", "b", "--std-errors", "sandwich",
      "--solver", "lbfgs", "--tolerance", "1e-6", "--no-intercept",
    ],
    ["--likelihood", "continuous-categorical", "--label-smoothing", "0.1", "--seed", "9"],
    ["--likelihood", "noisy-label", "--confusion", "confusion.csv"],
    ["--class-weight", "a=2", "--label-temperature", "2", "--max-iterations", "30"],
    [
      "--model", "mlp", "--hidden", "4", "--epochs", "3", "--validation", "0.2", "--skip",
      "--layer-norm", "--solver", "sgd", "--l2", "0.001", "--ensemble", "2",
    ],
  ])
  func printedSpecificationGivesTheSameModel(options: [String]) throws {
    let folder = try NetworkRun.folder()
    try folder.write("a,b\n0.9,0.1\n0.2,0.8\n", to: "confusion.csv")
    try save(run(options + ["--json", "-o", "first.model"], in: folder), in: folder)
    let second = try run(["--config", "run.json", "-o", "second.model", "--json"], in: folder)
    #expect(second.status == 0, "\(second.errors)")
    #expect(try folder.read("first.model") == folder.read("second.model"))
    let before = try folder.read("run.json")
    try save(second, in: folder)
    #expect(try folder.read("run.json") == before)
  }

  @Test func flagsComeBeforeTheFile() throws {
    let folder = try NetworkRun.folder()
    try folder.write(
      #"{"prior": {"l2": 0.5, "standardized": true}, "solver": "lbfgs"}"#, to: "run.json")
    let mixed = try run(
      ["--config", "run.json", "--l2", "0.01", "--solver", "auto", "-o", "mixed"], in: folder)
    let plain = try run(["--l2", "0.01", "--standardize", "-o", "plain"], in: folder)
    #expect(mixed.status == 0 && plain.status == 0, "\(mixed.errors)")
    #expect(try folder.read("mixed") == folder.read("plain"))
  }

  @Test(arguments: [
    (#"{"tolerence": 1}"#, 65, "specification.json", "did you mean \"tolerance\"?"),
    (#"{"tolerance": 0}"#, 65, "specification.value", "tolerance takes a positive number"),
    (#"{"prior": {"l2": "x"}}"#, 65, "specification.json", "\"prior.l2\" takes a number"),
    ("{", 65, "specification.json", "run.json"),
    (#"{"reference": "c"}"#, 64, "usage", "is not a class"),
    (#"{"model": "mlp"}"#, 64, "usage", "--reference has no effect for a network"),
  ])
  func filesThatCannotBe(text: String, status: Int32, code: String, words: String) throws {
    let folder = try NetworkRun.folder()
    try folder.write(text, to: "run.json")
    let flags = code == "usage" && text.contains("mlp") ? ["--reference", "a"] : []
    let outcome = try run(["--config", "run.json", "-o", "m.json"] + flags, in: folder)
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains("error[\(code)]"), "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(folder.names == ["data.csv", "run.json"])
  }

  @Test func theStandardInputIsForData() throws {
    let folder = try NetworkRun.folder()
    let outcome = try run(["--config", "-"], in: folder)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--config - is no file"), "\(outcome.errors)")
  }

  @Test func noModelReplacesTheFile() throws {
    let folder = try NetworkRun.folder()
    try folder.write("{}", to: "run.json")
    let outcome = try run(["--config", "run.json", "-o", "run.json"], in: folder)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("same file"), "\(outcome.errors)")
  }

  @Test func crossValidationTakesTheFile() throws {
    let folder = try NetworkRun.folder()
    try folder.write(
      #"{"prior": {"standardized": true}, "seed": 5, "likelihood": {"name": "categorical"}}"#,
      to: "run.json")
    let common = ["cv", "data.csv", "--probs", "p_*", "--folds", "3", "--l2", "0.1,1", "--json"]
    let file = try Tool.run(common + ["--config", "run.json", "--quiet"], in: folder)
    let flags = try Tool.run(common + ["--standardize", "--seed", "5", "--quiet"], in: folder)
    #expect(file.status == 0, "\(file.errors)")
    #expect(file.output == flags.output)
    try folder.write(#"{"model": "mlp"}"#, to: "run.json")
    let network = try Tool.run(
      common + ["--config", "run.json", "--epochs", "2", "--quiet"], in: folder)
    #expect(network.status == 0, "\(network.errors)")
    #expect(network.output != file.output)
  }
}
