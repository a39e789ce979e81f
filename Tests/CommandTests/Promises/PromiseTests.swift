import Foundation
import Surprisal
import Testing

/// Checks that each promise of the table is shown by a test, and tests the promises that no other
/// suite covers.
@Suite struct PromiseTests {
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("every promise is in the table once") func numbers() {
    #expect(Promise.all.map(\.number) == Array(1...126))
  }

  @Test("every promise is shown by a test", arguments: Promise.all)
  func isShown(_ promise: Promise) throws {
    #expect(!promise.checks.isEmpty)
    let prefix = "\(promise.number) "
    for check in promise.checks {
      switch check {
      case .refusals: #expect(BadInputTests.all.contains { $0.name.hasPrefix(prefix) })
      case .fits:
        #expect(DegenerateFitTests.cases.contains { $0.testDescription.hasPrefix(prefix) })
      case .spellings:
        #expect(SameModelTests.spellings.contains { $0.testDescription.hasPrefix(prefix) })
      case .test(let name):
        let parts = name.split(separator: ".").map(String.init)
        let file = Self.tests.appendingPathComponent(parts[0] + ".swift")
        let source = try String(contentsOf: file, encoding: .utf8)
        #expect(source.contains("func \(parts[1])("), "\(name)")
      }
    }
  }

  @Test("a number in a table of inputs is that of a promise that names the table")
  func numbersOfTables() {
    func expect(_ name: String, _ check: Promise.Check) {
      guard let number = name.split(separator: " ").first.flatMap({ Int($0) }) else { return }
      let promise = Promise.all.first { $0.number == number }
      #expect(promise?.checks.contains(check) == true, "\(name)")
    }
    for row in BadInputTests.all { expect(row.name, .refusals) }
    for row in DegenerateFitTests.cases { expect(row.testDescription, .fits) }
    for row in SameModelTests.spellings { expect(row.testDescription, .spellings) }
  }

  // MARK: Files

  @Test("2: a socket") func socket() throws {
    let folder = try Workspace()
    let descriptor = Foundation.socket(AF_UNIX, 1, 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = "/tmp/surprisal-\(UUID().uuidString.prefix(8))"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    #expect(bound == 0)
    defer { unlink(path) }
    let outcome = try Tool.run(["check", path], in: folder)
    #expect(outcome.status == 66, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("error[io.open]: "), "\(outcome.errors)")
  }

  @Test("35: input without end") func endless() throws {
    let folder = try Workspace()
    for command in ["check -", "fit - --target f2 -o m.json", "cv - --target f2 --folds 2"] {
      let outcome = try Tool.shell(
        "yes 1,2 | \"$TOOL\" \(command) --no-header --max-memory 2M", in: folder)
      #expect(outcome.status == 71, "\(command): \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error[limit.memory]: "), "\(outcome.errors)")
      #expect(!outcome.errors.contains("rows fit"), "nobody knows how many rows there are")
      #expect(folder.names.isEmpty)
    }
  }

  @Test("39, 44: indices of a sparse file are names of features of the model") func indices()
    throws
  {
    let folder = try Workspace()
    let rows = "0 1:1 2:0.5\n1 1:2\n0 2:1\n1 1:0.5 2:2\n"
    try folder.write(rows, to: "one.svm")
    let fit = try Tool.run(["fit", "one.svm", "--l2", "0.1", "-o", "m.json"], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    try folder.write("0 0:1 1:1\n1 1:1\n", to: "zero.svm")
    try folder.write("0 1:1 5:1\n", to: "five.svm")
    try folder.write("0 1:1\n", to: "less.svm")
    for (file, code) in [("zero.svm", "libsvm.base"), ("five.svm", "model.features")] {
      let outcome = try Tool.run(["predict", "m.json", file], in: folder)
      #expect(outcome.status == 65, "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error[\(code)]: "), "\(outcome.errors)")
    }
    let ignored = try Tool.run(["predict", "m.json", "five.svm", "--ignore-unseen"], in: folder)
    #expect(ignored.status == 0, "\(ignored.errors)")
    #expect(ignored.text == (try Tool.run(["predict", "m.json", "less.svm"], in: folder).text))
  }

  @Test("43: queries give one warning, comments are skipped") func queries() throws {
    let folder = try Workspace()
    try folder.write(
      "# head\n0 qid:1 1:1 # c\n1 qid:1 1:2\n0 qid:2 1:3\n1 qid:2 1:1\n", to: "q.svm")
    let outcome = try Tool.run(["fit", "q.svm", "--l2", "0.1"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.ranges(of: "warning[libsvm.qid]").count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("4 rows have a qid"), "\(outcome.errors)")
  }

  // MARK: Votes and fits

  @Test("73: votes of an annotator on one item are counted") func votes() throws {
    let folder = try Workspace()
    let once = "item,annotator,label\n1,a,x\n1,b,x\n2,a,x\n2,b,y\n1,c,x\n2,c,y\n"
    for (text, count) in [(once, nil), (once + "1,a,y\n2,a,x\n2,a,x\n", "3 votes")] {
      try folder.write(text, to: "votes.csv")
      let outcome = try Tool.run(["aggregate", "votes.csv", "--json"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let warnings = try JSONParser().parse(outcome.text)["warnings"]?.arrayValue ?? []
      let found = warnings.first { $0["code"]?.stringValue == "votes.repeated" }
      #expect((found != nil) == (count != nil))
      if let count { #expect(found?["message"]?.stringValue?.hasPrefix(count) == true) }
    }
  }

  private func record(_ text: String, _ flags: String, in folder: Workspace) throws -> JSONValue {
    try folder.write(text, to: "data.csv")
    let outcome = try Tool.run(
      ["fit", "data.csv", "--target", "class", "--json"]
        + flags.split(separator: " ").map(String.init), in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONParser().parse(outcome.text)
  }

  @Test("86: a column far from zero loses no digits") func offset() throws {
    let folder = try Workspace()
    let (values, classes) = ([0, 1, 2, 3, 4, 5, 6, 7], ["a", "b", "a", "a", "b", "b", "a", "b"])
    let records = try [0, 1_000_000_000].map { shift in
      try record(
        "x,class\n" + zip(values, classes).map { "\($0 + shift),\($1)\n" }.joined(), "",
        in: folder)
    }
    for key in ["estimate", "std_error"] {
      let slopes = records.map { $0["coefficients"]?.arrayValue?.last?[key]?.doubleValue ?? .nan }
      #expect((slopes[0] - slopes[1]).magnitude <= 1e-9 * slopes[0].magnitude, "\(slopes)")
    }
  }

  @Test("91: a million rows to one") func imbalance() throws {
    let folder = try Workspace()
    let text = "x,w,class\n0,1000000,a\n0,1,b\n1,1000000,a\n1,3,b\n"
    let json = try record(text, "--frequency w --tolerance 1e-13", in: folder)
    #expect(json["converged"]?.boolValue == true)
    let found = json["coefficients"]?.arrayValue ?? []
    // A saturated model: log odds of the counts, and their variances.
    let expected = [
      (-log(1e6), (1 / 1e6 + 1).squareRoot()), (log(3), (2 / 1e6 + 1 + 1 / 3.0).squareRoot()),
    ]
    #expect(found.count == 2)
    for (item, (estimate, error)) in zip(found, expected) {
      let own = item["estimate"]?.doubleValue ?? .nan
      #expect((own - estimate).magnitude < 1e-9 * estimate.magnitude)
      #expect(((item["std_error"]?.doubleValue ?? .nan) - error).magnitude < 1e-9 * error)
    }
  }

  // MARK: The machine

  @Test("116: two processes with one output") func twoWriters() throws {
    let folder = try OutputCase.folder()
    let line = """
      "$TOOL" fit data2.csv --target class --l2 0.1 -o one --quiet
      "$TOOL" fit data2.csv --target class --l2 4 -o two --quiet
      for i in 1 2 3 4; do
        "$TOOL" fit data2.csv --target class --l2 0.1 -o m --quiet &
        "$TOOL" fit data2.csv --target class --l2 4 -o m --quiet &
      done
      wait
      """
    let before = folder.names
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(folder.names == before.union(["one", "two", "m"]))
    let result = try folder.read("m")
    #expect(try [folder.read("one"), folder.read("two")].contains(result))
  }

  @Test("117: a second interrupt ends a command that continues after the first")
  func secondInterrupt() throws {
    let folder = try OutputCase.folder()
    let rows = (0..<60_000).map { "\($0 * 37 % 101),\($0 * 61 % 97),\($0 * 7919 % 5)\n" }.joined()
    try folder.write("x,y,class\n" + rows, to: "big.csv")
    // A pass over all rows by a wide network takes a long time; the first signal waits for its end.
    let line = """
      "$TOOL" fit big.csv --target class --model mlp --hidden 2048 --validation none -o new \
        > /dev/null 2> /dev/null &
      pid=$!; sleep 2; kill -INT $pid; sleep 0.1; kill -INT $pid; sleep 1
      kill -0 $pid 2> /dev/null && { kill -9 $pid; exit 98; }
      wait $pid
      """
    let before = folder.names
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(folder.names == before)
  }

  @Test("123: outputs contain no date") func clock() throws {
    let line = OutputCase.all[1].line()
    let contents = try ["UTC", "Asia/Tokyo"].map { zone in
      let folder = try OutputCase.folder()
      let outcome = try Tool.shell(
        line + " --json > printed", in: folder, environment: ["TZ": zone])
      #expect(outcome.status == 0, "\(outcome.errors)")
      usleep(1_100_000)
      return folder.contents
    }
    #expect(contents[0] == contents[1])
    let year = "\(Calendar(identifier: .gregorian).component(.year, from: Date()))-"
    for (name, bytes) in contents[0] {
      #expect(!String(decoding: bytes, as: UTF8.self).contains(year), "\(name)")
    }
  }

  @Test("126: an error in one of several threads ends the command") func threadError() throws {
    let folder = try Workspace()
    try folder.write("x,class\n0.001,a\n0.002,b\n0.003,a\n0.004,b\n", to: "train.csv")
    let fit = try Tool.run(
      ["fit", "train.csv", "--target", "class", "--l2", "1e-9", "-o", "m.json"], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    let rows = (0..<20_000).map { "0.00\($0 % 9),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
    try folder.write("x,class\n\(rows)1e308,a\n\(rows)-1e308,b\n", to: "data.csv")
    let errors = try [1, 2, 7].map { threads in
      let outcome = try Tool.run(
        ["evaluate", "m.json", "data.csv", "--target", "class", "-j", "\(threads)"], in: folder)
      #expect(outcome.status == 65, "\(outcome.errors)")
      return outcome.errors
    }
    #expect(errors[0].contains("line 20002") && Set(errors).count == 1, "\(errors)")
  }
}
