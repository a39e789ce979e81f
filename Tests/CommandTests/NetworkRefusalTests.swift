import Foundation
import Testing

/// Options that `fit --model mlp` refuses, and the messages.
@Suite struct NetworkRefusalTests {
  private func errors(_ options: [String]) throws -> String {
    let outcome = try Tool.run(
      ["fit", "data.csv", "--probs", "p_*"] + options, in: NetworkRun.folder())
    #expect(outcome.status == 64, "\(options) \(outcome.errors)")
    #expect(outcome.text.isEmpty)
    return outcome.errors
  }

  @Test(arguments: [
    ["--model", "mlp", "--reference", "a"], ["--model", "mlp", "--solver", "newton"],
    ["--model", "mlp", "--no-intercept"], ["--model", "mlp", "--prior", "jeffreys"],
    ["--model", "mlp", "--std-errors", "sandwich"], ["--model", "mlp", "--vcov", "v.csv"],
    ["--hidden", "4"], ["--solver", "adamw"], ["--model", "mlp", "--dropout", "1"],
    ["--model", "mlp", "--resume"], ["--model", "mlp", "--patience", "2", "--epochs", "3"],
    ["--model", "mlp", "--validation", "1.5"], ["--model", "mlp", "--validation", "nan"],
    ["--model", "mlp", "--solver", "lbfgs", "--epochs", "3"],
  ])
  func optionsThatMeanNothing(options: [String]) throws {
    #expect(!(try errors(options)).isEmpty)
  }

  /// A share that leaves no rows is not an error of the file.
  @Test(arguments: [
    ("0.001", "leaves none for validation"), ("0.999", "leaves none for training"),
  ])
  func sharesThatLeaveNothing(share: String, words: String) throws {
    let text = try errors(["--model", "mlp", "--validation", share])
    #expect(text.contains("--validation \(share) of 90 rows \(words)"), "\(text)")
    #expect(text.contains("shares from 0.0111 to 0.989"), "\(text)")
    #expect(!text.contains("data.csv"))
  }

  /// The suggested values are accepted.
  @Test(arguments: ["0.0111", "0.989"])
  func namedSharesAreAccepted(share: String) throws {
    let outcome = try Tool.run(
      NetworkRun.common + ["--epochs", "1", "--validation", share], in: NetworkRun.folder())
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test(arguments: [
    (["--skip"], "--skip means nothing with --hidden none"),
    (["--layer-norm"], "--layer-norm is about hidden units"),
    (["--dropout", "0.2"], "--dropout is about hidden units"),
    (["--activation", "tanh"], "--activation is about hidden units"),
  ])
  func optionsOfHiddenUnits(options: [String], words: String) throws {
    #expect(try errors(["--model", "mlp", "--hidden", "none"] + options).contains(words))
  }

  @Test(arguments: [
    ("0", "is none of these"), ("-3", "is none of these"), ("4,,2", "a comma too many"),
    ("abc", "is none of these"), ("4,x", #"has "x""#), ("1000001", "is none of these"),
    ("", "is none of these"), (String(repeating: "1,", count: 64) + "1", "has 65 layers"),
  ])
  func layersThatCannotBe(text: String, words: String) throws {
    let errors = try errors(["--model", "mlp", "--hidden", text])
    #expect(errors.contains("whole numbers from 1 to 1000000"), "\(errors)")
    #expect(errors.contains(words), "\(errors)")
  }

  @Test(arguments: ["--log", "--checkpoint"])
  func noFileIsCalledMinus(flag: String) throws {
    let folder = try NetworkRun.folder()
    let outcome = try Tool.run(NetworkRun.common + [flag, "-"], in: folder)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("\(flag) needs a file, not -"), "\(outcome.errors)")
    #expect(folder.names == ["data.csv"])
  }

  @Test func excessiveStrengths() throws {
    let prior = try errors(["--model", "mlp", "--l2", "1e300"])
    #expect(prior.contains("labels are below the rounding"), "\(prior)")
    let decay = try errors(["--model", "mlp", "--weight-decay", "1e300"])
    #expect(decay.contains("exceeds 1"), "\(decay)")
    #expect(decay.contains("at most 1000"), "\(decay)")
  }

  /// A prior that is too strong for training gives a warning; one of ordinary strength does not.
  @Test func aPriorThatOutweighsTheLabelsIsSaid() throws {
    let folder = try NetworkRun.folder()
    let strong = try Tool.run(NetworkRun.common + ["--l2", "1e12"], in: folder)
    #expect(strong.status == 0 && strong.text.contains("outweighs the labels"), "\(strong.text)")
    let usual = try Tool.run(NetworkRun.common + ["--l2", "0.01"], in: folder)
    #expect(usual.status == 0 && !usual.text.contains("outweighs"), "\(usual.text)")
  }

  /// Options of networks that cross-validation does not accept, and options for networks only.
  @Test(arguments: [
    (["--model", "mlp", "--hidden", "auto"], "--hidden takes"),
    (["--model", "mlp", "--validation", "other.csv"], "--validation takes a proportion"),
    (["--model", "mlp", "--solver", "newton"], "newton does not train networks"),
    (["--model", "mlp", "--no-intercept"], "--no-intercept"),
    (["--hidden", "4"], "--hidden is an option of networks"),
  ])
  func crossValidationRefuses(options: [String], words: String) throws {
    let outcome = try Tool.run(
      ["cv", "data.csv", "--probs", "p_*"] + options, in: NetworkRun.folder())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  /// Options that a network cannot have are refused before training.
  @Test(arguments: [
    (["--effects"], "--effects is not for a network"),
    (["--group", "x", "--validation", "none"], "--group keeps rows together"),
    (["--hidden", "auto", "--log", "run.jsonl"], "--log is for the training of one network"),
    (["--hidden", "auto", "--validation", "none"], "needs rows that are held out"),
  ])
  func trainingRefuses(options: [String], words: String) throws {
    let outcome = try Tool.run(
      ["fit", "data.csv", "--probs", "p_*", "--model", "mlp"] + options, in: NetworkRun.folder())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(!outcome.errors.contains("epoch"), "\(outcome.errors)")
  }
}
