import Foundation
import Surprisal
import TestSupport
import Testing

/// Compares the output of `fit --json`, and of `predict` for its model file, with the exact
/// reference answers.
@Suite struct ReferenceCommandTests {
  @Test(arguments: ReferenceCase.small)
  func reproducesTheAnswer(_ id: String) throws {
    try Self.check(ReferenceCase(id))
  }

  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled), arguments: ReferenceCase.largeAtHand)
  func reproducesTheAnswerOfLargeCases(_ id: String) throws {
    try Self.check(ReferenceCase(id))
  }

  /// If there is no maximum, the output reports it, and with --strict the exit status.
  @Test func irisSeparates() throws {
    let folder = try Workspace()
    let path = try #require(SharedData.url("data/iris.csv")).path
    let arguments = ["fit", path, "--target", "class", "--json", "--quiet"]
    let json = try JSONParser().parse(Tool.run(arguments, in: folder).text)
    #expect(json["termination"]?.stringValue == "separation")
    #expect(json["converged"]?.boolValue == false)
    #expect(json["aic"]?.isNull == true)
    #expect(try Tool.run(arguments + ["--strict"], in: folder).status == 3)
  }

  /// Two runs with any number of threads give the same bytes.
  @Test func modelFilesHaveTheSameBytes() throws {
    let folder = try Workspace()
    let path = try #require(SharedData.url("data/synth_dense.csv")).path
    for (name, threads) in [("a", "1"), ("b", "2"), ("c", "7"), ("d", "1")] {
      let outcome = try Tool.run(
        ["fit", path, "--probs", "p_*", "--threads", threads, "-o", name, "--quiet"], in: folder)
      #expect(outcome.status == 0)
    }
    let first = try folder.read("a")
    #expect(!first.isEmpty)
    for name in ["b", "c", "d"] { #expect(try folder.read(name) == first) }
  }

  static func check(_ item: ReferenceCase) throws {
    let folder = try Workspace()
    let path = try #require(SharedData.url(item.dataPath)).path
    let fit = try Tool.run(
      arguments(of: item, path) + ["--json", "--strict", "-o", "model.json"], in: folder, limit: 600
    )
    #expect(fit.status == 0, "\(item): \(fit.errors)")
    let json = try JSONParser().parse(fit.text)
    #expect(json["converged"]?.boolValue == true)
    for (key, field) in [
      ("objective", "objective"), ("cross_entropy", "cross_entropy"),
      ("total_weight", "sum_of_weights"),
    ] {
      let found = json[key]?.doubleValue ?? .nan
      #expect(
        relativeDistance(found, item.value[field].number) <= 1e-10, "\(item) \(key): \(found)")
    }
    let divergence = json["kl_divergence"]?.doubleValue ?? .nan
    #expect((divergence - item.value["kl"].number).magnitude <= 1e-10, "\(item)")
    checkLikelihood(item, json)
    let predictions = try Tool.run(["predict", "model.json", path], in: folder)
    #expect(predictions.status == 0, "\(item): \(predictions.errors)")
    checkPredictions(item, predictions.text)
  }

  private static func arguments(of item: ReferenceCase, _ path: String) -> [String] {
    var result = ["fit", path, "--quiet"]
    switch item.labels {
    case .hard: result += ["--target", "class"]
    case .soft: result += ["--probs", "p_*"]
    case .counts: result += ["--counts", "n_*"]
    }
    if item.labels == .counts, !item.weighsVotes {
      result += ["--count-weight", "row", "--likelihood", "categorical"]
    }
    if item.lambda > 0 { result += ["--l2", "\(item.lambda)"] }
    if let names = item.featureNames { result += ["--features", names.joined(separator: ",")] }
    return result
  }

  private static func checkLikelihood(_ item: ReferenceCase, _ json: JSONValue) {
    let full = json["log_likelihood"]?.doubleValue ?? .nan
    let constant = json["log_likelihood_constant"]?.doubleValue ?? .nan
    #expect(relativeDistance(full - constant, item.value["loglik_kernel"].number) <= 1e-10)
    if item.weighsVotes {
      #expect(
        relativeDistance(full, item.value["loglik_with_coefficients"].number) <= 1e-10, "\(item)")
    }
    guard item.lambda == 0 else { return }
    #expect(json["degrees_of_freedom"]?.doubleValue == item.freedom, "\(item)")
    guard item.weighsVotes else { return }
    let akaike = json["aic"]?.doubleValue ?? .nan
    #expect(
      relativeDistance(akaike, item.value["aic_with_coefficients"].number) <= 1e-10, "\(item)")
  }

  private static func checkPredictions(_ item: ReferenceCase, _ text: String) {
    let lines = text.split(separator: "\n")
    #expect(Double(lines.count) == item.value["N"].number + 1, "\(item)")
    for (line, expected) in zip(lines.dropFirst(), item.value["fitted_first_20_rows"].array) {
      let found = line.split(separator: ",").dropFirst().compactMap { Double($0) }
      #expect(found.count == expected.numbers.count, "\(item)")
      for (found, expected) in zip(found, expected.numbers) {
        #expect((found - expected).magnitude <= item.probabilityTolerance, "\(item)")
      }
    }
  }
}
