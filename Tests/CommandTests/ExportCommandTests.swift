import Foundation
import TestSupport
import Testing

/// The source code written by the tool compiles, and its predictions equal those of the tool.
@Suite struct ExportCommandTests {
  private struct Case: CustomTestStringConvertible {
    let name: String
    var fit: [String]
    var calibration: [String] = []
    var tolerance = 1e-15
    var testDescription: String { name }
  }

  private static let network = ["--model", "mlp", "--hidden", "5,4", "--epochs", "8"]

  private static let cases: [Case] = [
    Case(name: "text", fit: ["--missing", "indicator", "--l2", "0.01"]),
    Case(
      name: "interaction",
      fit: ["--missing", "mean", "--interaction", "color:x", "--l2", "0.01", "--standardize"]),
    Case(
      name: "gelu",
      fit: ["--missing", "mean", "--activation", "gelu", "--skip", "--layer-norm"] + network),
    Case(
      name: "ensemble",
      fit: ["--missing", "mean", "--activation", "tanh", "--ensemble", "2"] + network,
      calibration: ["--method", "matrix", "--l2", "0.1"]),
    Case(
      name: "isotonic", fit: ["--features", "x,y", "--missing", "mean"],
      calibration: ["--method", "isotonic"], tolerance: 1e-12),
  ]

  private static let rows: [(color: String, x: String, y: String, label: String)] =
    (0..<60).map { row in
      let color = ["red", "gr\u{FC}n", "", "a?\\b"][row * 7 % 4]
      let x = row % 9 == 4 ? "" : "\(Double(row * 37 % 61) / 20 - 1.5)"
      let score = (Double(x) ?? 0) + (color == "red" ? 1 : 0) + Double(row * 13 % 7) / 3 - 1
      return (color, x, "\(row * 5 % 11)", score > 0.5 ? "yes" : score > -0.5 ? "no" : "so \"so\"")
    }

  /// Compares the tool's probabilities with those printed by a program, one row of bits per line.
  private func agree(
    _ test: Case, ending: String, compile: String, program: (_ inputs: String) -> String
  ) throws {
    let folder = try Workspace()
    let lines = Self.rows.map { row in
      "\(row.color),\(row.x),\(row.y),\"\(row.label.replacingOccurrences(of: "\"", with: "\"\""))\""
    }
    try folder.write(
      (["color,x,y,label"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    func tool(_ arguments: [String]) throws -> String {
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
      return outcome.text
    }
    _ = try tool(["fit", "data.csv", "--target", "label", "-o", "m.json", "--quiet"] + test.fit)
    var model = "m.json"
    if !test.calibration.isEmpty {
      model = "c.json"
      _ = try tool(
        ["calibrate", "m.json", "data.csv", "--target", "label", "-o", model, "--quiet"]
          + test.calibration)
    }
    let predicted = try tool(["predict", model, "data.csv"]).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").suffix(3).compactMap { Double($0) } }
    _ = try tool(["export", model, "-o", "m" + ending])
    let hasColors = !test.fit.contains("--features")
    try folder.write(program(hasColors ? "color" : ""), to: "main" + ending)
    let run = try Tool.shell("\(compile) && ./program", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let found = run.text.split(separator: "\n").map { line in
      line.split(separator: " ").compactMap { UInt64($0).map { Double(bitPattern: $0) } }
    }
    #expect(found.count == predicted.count && predicted.count == 60)
    for (left, right) in zip(found, predicted) {
      #expect(left.count == 3 && right.count == 3)
      let distance = zip(left, right).map { ($0 - $1).magnitude }.max() ?? .infinity
      #expect(distance <= test.tolerance)
    }
  }

  @Test(arguments: cases) private func c(_ test: Case) throws {
    try agree(
      test, ending: ".c",
      compile: "cc -std=c99 -Wall -Wextra -Werror -ffp-contract=off m.c main.c -o program -lm"
    ) { texts in
      let argument = texts.isEmpty ? "" : "const char *const *texts, "
      let calls = Self.rows.map { row in
        let color = row.color.utf8.map { "\\\(String($0, radix: 8).leftPadded)" }.joined()
        return "  show((double[]){\(row.x.isEmpty ? "NAN" : row.x), \(row.y)}, \"\(color)\");"
      }
      return """
        #include <math.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        int m_predict(const double *numbers, \(argument)double *probabilities);
        static void show(const double *numbers, const char *text) {
          double p[3];
          const char *texts[] = {text};
          if (m_predict(numbers, \(texts.isEmpty ? "" : "texts, ")p)) exit(1);
          for (int i = 0; i < 3; i++) {
            uint64_t bits;
            memcpy(&bits, &p[i], 8);
            printf("%llu ", (unsigned long long)bits);
          }
          (void)texts;
          printf("\\n");
        }
        int main(void) {
        \(calls.joined(separator: "\n"))
          return 0;
        }
        """
    }
  }

  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled), arguments: cases)
  private func swift(_ test: Case) throws {
    try agree(
      test, ending: ".swift", compile: "swiftc -swift-version 6 m.swift main.swift -o program"
    ) { texts in
      let calls = Self.rows.map { row in
        let color = row.color.unicodeScalars.map { "\\u{\(String($0.value, radix: 16))}" }.joined()
        return "show([\(row.x.isEmpty ? ".nan" : row.x), \(row.y)], \"\(color)\")"
      }
      return """
        func show(_ numbers: [Double], _ text: String) {
          let p = M.probabilities(numbers\(texts.isEmpty ? "" : ", [text]")) ?? []
          print(p.map { "\\($0.bitPattern)" }.joined(separator: " "))
        }
        \(calls.joined(separator: "\n"))
        """
    }
  }
}

extension String {
  /// The text padded to three digits.
  fileprivate var leftPadded: String { String(repeating: "0", count: max(0, 3 - count)) + self }
}
