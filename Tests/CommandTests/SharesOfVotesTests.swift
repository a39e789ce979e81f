import Testing

/// `--votes-per-row`: shares with a known number of votes are converted to counts.
@Suite struct SharesOfVotesTests {
  private static let counts = [(1, 4, 6), (2, 3, 7), (3, 9, 1), (4, 1, 2), (5, 2, 2), (6, 5, 0)]

  /// The same votes as counts, as exact shares and as shares of three digits.
  private func folder() throws -> Workspace {
    let folder = try Workspace()
    var (votes, exact, rounded) = ("x,n_a,n_b\n", "x,p_a,p_b,n\n", "x,n,p_a,p_b\n")
    for (x, a, b) in Self.counts {
      let share = Double(a) / Double(a + b)
      let thousandths = (1000 * share).rounded()
      votes += "\(x),\(a),\(b)\n"
      exact += "\(x),\(share),\(1 - share),\(a + b)\n"
      rounded += "\(x),\(a + b),\(thousandths / 1000),\((1000 - thousandths) / 1000)\n"
    }
    try folder.write(votes, to: "votes.csv")
    try folder.write(exact, to: "exact.csv")
    try folder.write(rounded, to: "rounded.csv")
    return folder
  }

  private func results(_ arguments: [String], in folder: Workspace) throws -> String {
    let outcome = try Tool.run(arguments + ["--quiet"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    // All lines except those with the name of the file.
    return outcome.text.split(separator: "\n").filter { !$0.contains(".csv") }
      .joined(separator: "\n")
  }

  @Test(arguments: ["exact.csv", "rounded.csv"])
  func areCounts(_ file: String) throws {
    let folder = try folder()
    let shares = ["--probs", "p_*", "--votes-per-row", "n"]
    #expect(
      try results(["fit", file, "--json"] + shares, in: folder)
        == results(["fit", "votes.csv", "--json", "--counts", "n_*"], in: folder))
    let made = try Tool.run(
      ["fit", "votes.csv", "--counts", "n_*", "-o", "m.json", "--quiet"], in: folder)
    #expect(made.status == 0)
    let evaluation = try results(["evaluate", "m.json", file, "--json"] + shares, in: folder)
    #expect(
      try evaluation
        == results(["evaluate", "m.json", "votes.csv", "--json", "--counts", "n_*"], in: folder))
    #expect(evaluation.contains("\"p_value\""))
  }

  @Test func rowsThatAreNoSharesOfTheVotesAreNamed() throws {
    let folder = try folder()
    let arguments = [
      "fit", "exact.csv", "--probs", "p_*", "--votes-per-row", "10", "--ignore", "n",
    ]
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("error[label.fractional]: row 4 (exact.csv, line 5)"))
    #expect(outcome.errors.contains("1 row") == false)
    let skipping = try Tool.run(arguments + ["--on-bad-row", "skip"], in: folder)
    #expect(skipping.status == 0)
    #expect(skipping.errors.contains("1 row with labels that cannot be used was skipped"))
    #expect(skipping.text.contains("total weight 50 (votes)"))
  }

  @Test(arguments: [
    (["--probs", "p_*", "--votes-per-row", "m"], Int32(65), "no column \"m\" for --votes-per-row"),
    (["--target", "n", "--votes-per-row", "3"], 64, "goes with --probs"),
    (["--probs", "p_*", "--votes-per-row", "2.5"], 64, "--votes-per-row"),
    (["--probs", "p_*", "--votes-per-row", "0"], 64, "--votes-per-row"),
  ])
  func refused(options: [String], status: Int32, words: String) throws {
    let outcome = try Tool.run(["fit", "exact.csv"] + options, in: folder())
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }
}
