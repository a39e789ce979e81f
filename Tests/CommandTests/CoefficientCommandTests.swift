import Surprisal
import Testing

/// Tests of columns, contrasts, effects at values and quasi-multinomial errors by the tool.
extension InferenceCommandTests {
  @Test func columnsAreTested() throws {
    let folder = try folder()
    let fit = ["fit", "data.csv", "--target", "class", "--interaction", "x:color"]
    let outcome = try Tool.run(
      fit + ["--test", "color", "--test", "x:*", "--json", "-o", "m.json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let tests = try json(outcome.text)["tests_of_columns"]?.arrayValue ?? []
    #expect(tests.map { $0["columns"] } == [.strings(["color"]), .strings(["x:color"])])
    #expect(tests[0]["features"] == .strings(["color[red]", "x:color[red]"]))
    for (test, freedom) in zip(tests, [4, 2]) {
      let rows = test["tests"]?.arrayValue ?? []
      #expect(
        rows.map { $0["test"]?.stringValue } == ["likelihood-ratio", "wald", "score"],
        "\(test["refused"] ?? .null)")
      #expect(rows.allSatisfy { $0["degrees_of_freedom"] == .integer(freedom) })
      #expect(rows.allSatisfy { ($0["p_value"]?.doubleValue ?? 2) <= 1 })
    }
    // The likelihood ratio is computed from the two fits.
    let small = try Tool.run(
      ["fit", "data.csv", "--target", "class", "--features", "x", "--json"], in: folder)
    let values = try [outcome.text, small.text].map {
      try json($0)["log_likelihood"]?.doubleValue ?? .nan
    }
    let ratio = tests[0]["tests"]?.arrayValue?[0]["statistic"]?.doubleValue ?? .nan
    #expect((ratio - 2 * (values[0] - values[1])).magnitude < 1e-9)

    let text = try Tool.run(fit + ["--test", "color", "--l2", "0.1"], in: folder)
    #expect(text.text.contains("tests that all coefficients of columns are zero"))
    #expect(
      text.text.contains(
        "color: no likelihood-ratio, wald, score test: with a prior the fits do not maximise"))
    let wrong = try Tool.run(fit + ["--test", "colour"], in: folder)
    #expect(wrong.status == 65 && wrong.errors.contains("error[column.missing]"))
    #expect(wrong.errors.contains("did you mean \"color\"?"))
  }

  @Test func contrastsOfASavedModel() throws {
    let folder = try folder()
    _ = try Tool.run(["fit", "data.csv", "--target", "class", "-o", "m.json"], in: folder)
    let summary = ["summary", "m.json"]
    let both = ["--contrast", "b:x - c:x", "--contrast", "2*b:color[red]"]
    let value = try json(Tool.run(summary + both + ["--json"], in: folder).text)
    let rows = value["contrasts"]?.arrayValue ?? []
    #expect(rows.count == 2)
    #expect(value["joint_test_of_contrasts"]?["degrees_of_freedom"] == .integer(2))
    // Relative to class c the first contrast is a coefficient of the summary.
    let other = try json(
      Tool.run(summary + ["--reference", "c", "--json"], in: folder).text)
    let coefficient = other["coefficients"]?.arrayValue?.first {
      $0["class"] == .string("b") && $0["feature"] == .string("x")
    }
    for key in ["estimate", "std_error", "z", "p_value", "low", "high"] {
      let (found, expected) = (
        rows[0][key]?.doubleValue ?? .nan, coefficient?[key]?.doubleValue ?? .nan
      )
      #expect((found - expected).magnitude < 1e-12, "\(key)")
    }
    let text = try Tool.run(summary + both, in: folder)
    #expect(text.text.contains("linear combinations of coefficients, log odds"))
    #expect(text.text.contains("joint Wald test that all are zero: chi-square"))
    let tidy = try Tool.run(summary + both + ["--tidy"], in: folder)
    #expect(
      tidy.text.hasPrefix(
        "contrast,estimate,std.error,statistic,p.value,conf.low,conf.high\nb:x - c:x,"))
    let wrong = try Tool.run(summary + ["--contrast", "b:y"], in: folder)
    #expect(wrong.status == 64 && wrong.errors.contains("no coefficient is called \"b:y\""))
    #expect(wrong.errors.contains("did you mean \"b:x\"?"))

    try folder.write("x,class\n1,a\n2,a\n3,b\n4,b\n", to: "apart.csv")
    _ = try Tool.run(["fit", "apart.csv", "--target", "class", "-o", "s.json"], in: folder)
    let infinite = try Tool.run(["summary", "s.json", "--contrast", "b:x"], in: folder)
    #expect(infinite.status == 64 && infinite.errors.contains("there is no such contrast"))
  }

  @Test func effectsAtValues() throws {
    let folder = try folder()
    _ = try Tool.run(["fit", "data.csv", "--target", "class", "-o", "m.json"], in: folder)
    let common = ["summary", "m.json", "--effects", "data.csv"]
    let set = common + ["--at", "x=0,2.5", "--at", "color=red,blue"]
    let outcome = try Tool.run(set + ["--json"], in: folder)
    let value = try json(outcome.text)
    let parts = value["effects_at"]?.arrayValue ?? []
    #expect(parts.count == 4 && value["effects"] == nil, "\(outcome.errors)")
    #expect(parts[0]["at"] == .members(["x": .number(0), "color": .string("red")]))
    // All rows are then equal: the mean is the prediction of one.
    let one = try Tool.run(
      ["predict", "m.json", "-"], in: folder, input: Array("x,color\n2.5,red\n".utf8))
    let shares = one.text.split(separator: "\n")[1].split(separator: ",").compactMap { Double($0) }
    for (mean, share) in zip(parts[2]["means"]?.arrayValue ?? [], shares) {
      #expect(((mean["estimate"]?.doubleValue ?? .nan) - share).magnitude < 1e-12)
      #expect((mean["low"]?.doubleValue ?? .nan) < share)
    }
    let text = try Tool.run(set, in: folder)
    #expect(
      text.text.contains("mean predicted probabilities over 60 rows with x = 2.5, color = red"))
    let tidy = try Tool.run(set + ["--tidy"], in: folder)
    #expect(tidy.text.hasPrefix("at.x,at.color,y.level,term,estimate,std.error,"))
    #expect(tidy.text.contains("\n0,red,a,(mean),"))
    for (wrong, words) in [
      ("y=1", "no feature is called"), ("x=a", "it holds finite numbers"),
      ("color=green", "its levels are"), ("x=0,1", "twice"),
    ] {
      let refused = try Tool.run(
        common + ["--at", wrong] + (words == "twice" ? ["--at", "x=2"] : []), in: folder)
      #expect(refused.status == 64 && refused.errors.contains(words), "\(refused.errors)")
    }
  }

  @Test func quasiMultinomialErrors() throws {
    let folder = try Workspace()
    let lines = (0..<20).map { "\($0),\($0 * 7 % 5),\(1 + $0 * 3 % 4)" }
    try folder.write((["x,n_a,n_b"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    let fit = ["fit", "data.csv", "--counts", "n_*"]
    let plain = try json(Tool.run(fit + ["--json"], in: folder).text)
    let value = try json(
      Tool.run(fit + ["--std-errors", "quasi", "--json", "-o", "m.json"], in: folder).text)
    #expect(value["std_errors"] == .string("quasi") && value["std_errors_units"] == .null)
    #expect(value["std_errors_degrees_of_freedom"] == .integer(18) && value["aic"] == .null)
    let phi = plain["dispersion_phi"]?.doubleValue ?? .nan
    for (a, b) in zip(
      value["coefficients"]?.arrayValue ?? [], plain["coefficients"]?.arrayValue ?? [])
    {
      let (scaled, own) = (
        a["std_error"]?.doubleValue ?? .nan, b["std_error"]?.doubleValue ?? .nan
      )
      #expect((scaled / own - phi.squareRoot()).magnitude < 1e-9)
    }
    let summary = try Tool.run(["summary", "m.json"], in: folder)
    #expect(summary.text.contains("standard errors: quasi-multinomial, observed information times"))
    #expect(summary.text.contains("t with 18 degrees of freedom"))
    let refused = try Tool.run(fit + ["--std-errors", "quasi", "--l2", "0.1"], in: folder)
    #expect(refused.status == 0)
    #expect(refused.text.contains("standard errors: none, the dispersion is"))
  }
}
