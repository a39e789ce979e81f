import Foundation
import Surprisal
import Testing

/// The tool's output on uncertainty: effects, intervals, criteria, Firth's method.
@Suite struct InferenceCommandTests {
  private static let rows = (0..<60).map { row -> String in
    let x = Double(row * 37 % 61) / 10
    return "\(x),\(["red", "blue"][row * 7 % 5 % 2]),\(["a", "b", "c"][(row * 11 + row / 7) % 3])"
  }

  func folder() throws -> Workspace {
    let folder = try Workspace()
    try folder.write((["x,color,class"] + Self.rows).joined(separator: "\n") + "\n", to: "data.csv")
    return folder
  }

  func json(_ text: String) throws -> JSONValue { try JSONParser().parse(text) }

  @Test func effectsOfAFitAndOfAModelAgree() throws {
    let folder = try folder()
    let fit = try Tool.run(
      ["fit", "data.csv", "--target", "class", "--effects", "--json", "-o", "m.json"], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    let summary = try Tool.run(
      ["summary", "m.json", "--effects", "data.csv", "--json"], in: folder)
    #expect(summary.status == 0, "\(summary.errors)")
    let (first, second) = (try json(fit.text)["effects"], try json(summary.text)["effects"])
    #expect(first != nil && first?.arrayValue?.count == 6)
    for (a, b) in zip(first?.arrayValue ?? [], second?.arrayValue ?? []) {
      #expect(a["feature"] == b["feature"] && a["base"] == b["base"])
      for key in ["estimate", "std_error", "p_value"] {
        let (found, expected) = (a[key]?.doubleValue ?? .nan, b[key]?.doubleValue ?? .nan)
        #expect((found - expected).magnitude < 1e-12, "\(key)")
      }
    }
    let tidy = try Tool.run(["summary", "m.json", "--effects", "data.csv", "--tidy"], in: folder)
    #expect(
      tidy.text.hasPrefix(
        "y.level,term,estimate,std.error,statistic,p.value,conf.low,conf.high\na,x,"))
    let text = try Tool.run(["summary", "m.json", "--effects", "data.csv"], in: folder)
    #expect(text.text.contains("average marginal effects on the probability of a class, over 60"))
  }

  @Test func intervalsSurroundProbabilities() throws {
    let folder = try folder()
    _ = try Tool.run(["fit", "data.csv", "--target", "class", "-o", "m.json"], in: folder)
    let plain = try Tool.run(["predict", "m.json", "data.csv"], in: folder)
    let wide = try Tool.run(["predict", "m.json", "data.csv", "--interval"], in: folder)
    #expect(wide.status == 0, "\(wide.errors)")
    let lines = wide.text.split(separator: "\n").map(String.init)
    #expect(
      lines[0] == "predicted,p_a,p_b,p_c,low_a,low_b,low_c,high_a,high_b,high_c")
    for (line, short) in zip(lines, plain.text.split(separator: "\n")) {
      #expect(line.hasPrefix(short), "the probabilities are those without intervals")
    }
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",").dropFirst().compactMap { Double($0) }
      #expect(cells.count == 9)
      for index in 0..<3 {
        #expect(cells[3 + index] < cells[index] && cells[index] < cells[6 + index])
      }
    }
    let narrow = try Tool.run(
      ["predict", "m.json", "data.csv", "--interval", "--level", "0.5", "--json"], in: folder)
    let rows = try json(narrow.text)["predictions"]?.arrayValue ?? []
    #expect(rows.count == 60 && rows.allSatisfy { $0["low"] != nil && $0["high"] != nil })
    let single = try Tool.run(
      ["predict", "m.json", "-", "--interval"], in: folder, input: Array("x,color\n0,red\n".utf8))
    #expect(single.text.split(separator: "\n").count == 2)
  }

  @Test func intervalsAreRefusedWithTheReason() throws {
    let folder = try folder()
    _ = try Tool.run(
      ["fit", "data.csv", "--target", "class", "--std-errors", "none", "-o", "m.json"], in: folder)
    let refused = try Tool.run(["predict", "m.json", "data.csv", "--interval"], in: folder)
    #expect(refused.status == 64 && refused.output.isEmpty)
    #expect(refused.errors.contains("the model has no standard errors"))
    for arguments in [
      ["--level", "0.9"], ["--interval", "--level", "1"], ["--interval", "--type", "logits"],
    ] {
      let wrong = try Tool.run(["predict", "m.json", "data.csv"] + arguments, in: folder)
      #expect(wrong.status == 64)
    }
  }

  @Test func jeffreysKeepsSeparatedDataFinite() throws {
    let folder = try Workspace()
    try folder.write("x,class\n1,a\n2,a\n3,a\n4,b\n5,b\n6,b\n", to: "data.csv")
    let flat = try Tool.run(["fit", "data.csv", "--target", "class", "--json"], in: folder)
    #expect(try json(flat.text)["coefficients"]?.arrayValue?[0]["estimate"] == .null)
    #expect(flat.text.contains("2 of the 2 coefficients against class a are infinite"))
    #expect(flat.text.contains("--prior jeffreys"))
    let firth = try Tool.run(
      ["fit", "data.csv", "--target", "class", "--prior", "jeffreys", "--json", "-o", "m.json"],
      in: folder)
    #expect(firth.status == 0, "\(firth.errors)")
    let value = try json(firth.text)
    #expect(value["converged"] == .bool(true) && value["aic"] == .null)
    #expect(
      value["coefficients"]?.arrayValue?.allSatisfy { $0["std_error"]?.doubleValue != nil } == true)
    let summary = try Tool.run(["summary", "m.json", "--equivalents"], in: folder)
    #expect(summary.text.contains("Firth's method") && summary.text.contains("brglm2"))
    for arguments in [["--l2", "0.1"], ["--count-weight", "row"]] {
      let wrong = try Tool.run(
        ["fit", "data.csv", "--target", "class", "--prior", "jeffreys"] + arguments, in: folder)
      #expect(wrong.status == 64, "\(arguments)")
    }
  }

  @Test func criteriaFollowTheReading() throws {
    let folder = try Workspace()
    let lines = (0..<20).map { "\($0),\($0 * 7 % 5),\(1 + $0 * 3 % 4),\($0 % 6)" }
    try folder.write((["x,n_a,n_b,g"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    let base = ["fit", "data.csv", "--counts", "n_*", "--features", "x", "--json"]
    let votes = try json(Tool.run(base, in: folder).text)
    #expect(votes["aic"]?.doubleValue != nil && votes["tic"] == .null)
    #expect(votes["deviance_degrees_of_freedom"]?.doubleValue == 18)
    for arguments in [
      ["--likelihood", "categorical"], ["--count-weight", "row"], ["--weight", "g"],
      ["--std-errors", "cluster:g"],
    ] {
      let outcome = try Tool.run(base + arguments, in: folder)
      let value = try json(outcome.text)
      #expect(value["aic"] == .null && value["bic"] == .null, "\(arguments)")
      #expect(value["criteria_reason"]?.stringValue?.isEmpty == false, "\(arguments)")
      #expect(value["tic"]?.doubleValue != nil, "\(arguments)")
      #expect(value["effective_parameters"]?.doubleValue != nil, "\(arguments)")
    }
  }

  /// Two classes have half the symmetric penalty: scikit-learn's C is 2 / (l2 W).
  @Test func equivalentsOfThePenalty() throws {
    let folder = try folder()
    for (arguments, share) in [([String](), 1.0), (["--binary"], 0.5)] {
      if !arguments.isEmpty {
        let two = Self.rows.map { $0.hasSuffix("c") ? String($0.dropLast()) + "b" : $0 }
        try folder.write(
          (["x,color,class"] + two).joined(separator: "\n") + "\n", to: "data.csv")
      }
      _ = try Tool.run(
        ["fit", "data.csv", "--target", "class", "--l2", "0.05", "-o", "m.json"], in: folder)
      let outcome = try Tool.run(["summary", "m.json", "--equivalents", "--json"], in: folder)
      let lines = try json(outcome.text)["equivalents"]?.arrayValue ?? []
      func value(_ program: String) -> Double {
        lines.first { $0["program"]?.stringValue == program }?["value"]?.doubleValue ?? .nan
      }
      #expect((value("scikit-learn") - 1 / (share * 0.05 * 60)).magnitude < 1e-12)
      #expect((value("glmnet") - share * 0.05).magnitude < 1e-15)
      #expect((value("Stan, brms") - (1 / (share * 3)).squareRoot()).magnitude < 1e-12)
    }
  }

  /// With more columns than rows, no coefficients are printed, but the reason.
  @Test func unidentifiedCoefficientsAreNotPrinted() throws {
    let folder = try Workspace()
    let lines = (0..<5).map { row in
      (0..<7).map { "\((row * 5 + $0 * $0 * 3 + row * row * $0) % 11)" }.joined(separator: ",")
        + ",0.\(row + 1),0.\(9 - row - (row == 4 ? 1 : 0))"
    }
    try folder.write(
      (["a,b,c,d,e,f,g,p_x,p_y"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    let arguments = ["fit", "data.csv", "--probs", "p_*", "--normalize-labels"]
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.text.contains("coefficients: not identified, and not printed"))
    #expect(outcome.text.contains("the maximum is not identified: 8 columns of rank 5 for 5 rows"))
    #expect(!outcome.text.contains("std.error  z"))
    let all = try Tool.run(arguments + ["--all"], in: folder)
    #expect(all.text.contains("coefficients, log odds against class x"))
  }

  /// The column of the clusters is not a feature, with a warning, unless it is named as one.
  @Test func clustersAndFeatures() throws {
    let folder = try Workspace()
    let rows = Self.rows.enumerated().map { "\($1),town\(10 + $0 % 12)" }
    try folder.write(
      (["x,color,class,town"] + rows).joined(separator: "\n") + "\n", to: "data.csv")
    let common = ["fit", "data.csv", "--target", "class", "--std-errors", "cluster:town"]
    let left = try Tool.run(common + ["--json"], in: folder)
    #expect(left.errors.contains("warning[feature.cluster]: \"town\""))
    #expect(try json(left.text)["features"] == .strings(["x", "color[red]"]))
    #expect(try json(left.text)["std_errors_degrees_of_freedom"] == .integer(11))
    let both = try Tool.run(common + ["--features", "x,town", "--json"], in: folder)
    #expect(!both.errors.contains("feature.cluster"), "\(both.errors)")
    #expect(
      try json(both.text)["features"]
        == .strings(["x"] + (11..<22).map { "town[town\($0)]" }))
    let without = try Tool.run(common + ["--features", "x"], in: folder)
    #expect(!without.errors.contains("feature.cluster"))
    #expect(without.text.contains("Pr(>|t|)") && without.text.contains("t with 11 degrees"))
    let numbers = try Tool.run(
      [
        "fit", "data.csv", "--target", "class", "--std-errors", "cluster:x", "--features", "x",
        "--json",
      ], in: folder)
    #expect(numbers.status == 0, "\(numbers.errors)")
    #expect(try json(numbers.text)["std_errors"] == .string("cluster"))
  }

  @Test func rowsThatBreakADependence() throws {
    let folder = try Workspace()
    let rows = (0..<30).map { row -> String in
      let x = Double(row * 17 % 31)
      return "\(x),\(2 * x - 3),\(["a", "b"][row * 5 % 7 % 2])"
    }
    try folder.write((["x,y,class"] + rows).joined(separator: "\n") + "\n", to: "data.csv")
    try folder.write("x,y,class\n1,-1,a\n1,100,b\n2,1,a\n", to: "new.csv")
    let fit = try Tool.run(["fit", "data.csv", "--target", "class", "-o", "m.json"], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    let own = try Tool.run(["predict", "m.json", "data.csv"], in: folder)
    #expect(!own.errors.contains("warning"), "\(own.errors)")
    let new = try Tool.run(["predict", "m.json", "new.csv", "--interval"], in: folder)
    #expect(
      new.errors.contains("warning[feature.dependence]: 1 of 3 rows violate \"y\" = -3 + 2 * "))
    let scores = try Tool.run(
      ["evaluate", "m.json", "new.csv", "--target", "class", "--json"], in: folder)
    let notes = try json(scores.text)["notes"]?.arrayValue ?? []
    #expect(notes.contains { $0.stringValue?.contains("1 of 3 rows violate") ?? false })
  }

  @Test func infiniteCoefficientsHaveSigns() throws {
    let folder = try Workspace()
    try folder.write("x,class\n1,a\n2,a\n3,b\n4,b\n", to: "data.csv")
    let arguments = ["fit", "data.csv", "--target", "class", "-o", "m.json"]
    let text = try Tool.run(arguments, in: folder)
    #expect(text.text.contains(" - i ") && text.text.contains(" + i "))
    let summary = try json(Tool.run(["summary", "m.json", "--json"], in: folder).text)
    let rows = summary["coefficients"]?.arrayValue ?? []
    #expect(rows.map { $0["sign"] } == [.string("-"), .string("+")])
    #expect(rows.allSatisfy { $0["state"] == .string("infinite") && $0["estimate"] == .null })
    let tidy = try Tool.run(["summary", "m.json", "--tidy"], in: folder).text
    #expect(tidy.contains("b,(Intercept),-Inf,NA") && tidy.contains("b,x,Inf,NA"))
  }
}
