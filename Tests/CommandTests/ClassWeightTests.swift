import Surprisal
import TestSupport
import Testing

/// `--class-weight`, against weights of rows.
@Suite struct ClassWeightTests {
  private static let rows = [
    (0.5, "a"), (1.0, "b"), (1.5, "a"), (2.0, "a=b"), (2.5, "b"), (3.0, "a"), (0.2, "a=b"),
    (1.1, "a"), (2.2, "b"), (0.4, "a=b"), (1.9, "a"), (0.1, "a"),
  ]

  private func folder(weights: [String: Double] = [:]) throws -> Workspace {
    let folder = try Workspace()
    let lines = Self.rows.map { "\($0.0),\($0.1),\(weights[$0.1] ?? 1),2" }
    try folder.write(
      (["x,class,w,f"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    return folder
  }

  private func fit(_ options: [String], in folder: Workspace) throws -> Tool.Outcome {
    try Tool.run(
      ["fit", "data.csv", "--target", "class", "--features", "x", "--l2", "0.1"] + options,
      in: folder)
  }

  private func objective(_ options: [String], in folder: Workspace) throws -> Double {
    let outcome = try fit(options + ["--tolerance", "1e-11", "--json", "--quiet"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(try JSONParser().parse(outcome.text)["objective"]?.doubleValue)
  }

  /// LogisticRegression(C=1/1.2, class_weight="balanced", tol=1e-12) of scikit-learn 1.9.1.
  @Test func balancedClassesAreThoseOfScikitLearn() throws {
    let found = try objective(["--class-weight", "balanced"], in: folder())
    #expect(relativeDistance(found, 1.017819360647037) < 1e-12)
  }

  @Test func aWeightOfAClassIsOneOfItsRows() throws {
    let named = try objective(["--class-weight", "a=2.5,a=b=0.25"], in: folder())
    let rows = try objective(
      ["--weight", "w"], in: folder(weights: ["a": 2.5, "a=b": 0.25]))
    #expect(named == rows)
    #expect(try named != objective([], in: folder()))
  }

  @Test func theNoticeSaysWhatProbabilitiesAre() throws {
    let outcome = try fit(["--class-weight", "b=3"], in: folder())
    #expect(outcome.errors.contains("classes are weighted (\"a\" 1.0, \"a=b\" 1.0, \"b\" 3.0)"))
  }

  @Test(arguments: [
    (["--class-weight", "c=2"], Int32(65), "do not have: \"c\""),
    (["--class-weight", "a=-1"], 64, "--class-weight"),
    (["--class-weight", "a=1,a=2"], 64, "--class-weight"),
    (["--class-weight", "a"], 64, "--class-weight"),
    (["--class-weight", "a=0,b=0,a=b=0"], 65, "weight"),
    (["--class-weight", "b=2", "--frequency", "f"], 65, "--weight"),
  ])
  func refused(options: [String], status: Int32, words: String) throws {
    let outcome = try fit(options, in: folder())
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func countsAreRefused() throws {
    let folder = try Workspace()
    try folder.write("x,n_a,n_b\n1,2,3\n2,3,1\n3,1,1\n", to: "votes.csv")
    let outcome = try Tool.run(
      ["fit", "votes.csv", "--counts", "n_*", "--class-weight", "balanced"], in: folder)
    #expect(outcome.status == 65)
  }
}
