import Foundation
import Surprisal
import TestSupport
import Testing

/// Outputs, pipes and signals.
@Suite struct OutputTests {
  private func folder() throws -> Workspace {
    let folder = try Workspace()
    try folder.write("x,class\n1,a\n2,b\n3,a\n4,b\n", to: "data.csv")
    try folder.write(GoldenModel.text, to: "m.json")
    return folder
  }

  /// The same, with many rows to predict.
  private func folder(rows: Int) throws -> Workspace {
    let folder = try folder()
    try folder.write("x\n" + (0..<rows).map { "\($0)\n" }.joined(), to: "many.csv")
    return folder
  }

  private static let fit = "\"$TOOL\" fit data.csv --target class --l2 0.01"

  @Test("109: a full standard output") func fullOutput() throws {
    let folder = try folder()
    let kind = try? FileManager.default.attributesOfItem(atPath: "/dev/full")[.type]
    guard kind as? FileAttributeType == .typeCharacterSpecial else { return }
    for command in [Self.fit, "\"$TOOL\" check data.csv", "\"$TOOL\" predict m.json data.csv"] {
      let outcome = try Tool.shell(command + " > /dev/full", in: folder)
      #expect(outcome.status == 74, "\(command): \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error[io.write]: "), "\(command): \(outcome.errors)")
    }
  }

  @Test("113: an existing file is replaced") func replaced() throws {
    let folder = try folder()
    try folder.write("old", to: "new.json")
    let outcome = try Tool.shell(Self.fit + " -o new.json > out.txt", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.read("new.json") == Array(GoldenModel.text.utf8))
  }

  @Test(
    "115: a link is kept, its target replaced",
    arguments: [" fit data.csv --target class -o link", " predict m.json data.csv -o link"])
  func link(_ command: String) throws {
    let folder = try folder()
    let line = "echo old > target; ln -s target link; \"$TOOL\"\(command) > out.txt"
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: folder.url("link").path)
    #expect(link == "target")
    #expect(try folder.read("target") != Array("old\n".utf8))
    #expect(folder.names == ["data.csv", "m.json", "target", "link", "out.txt"])
  }

  @Test(
    "a pipe is written, not replaced",
    arguments: [" fit data.csv --target class -o pipe", " predict m.json data.csv -o pipe"])
  func pipe(_ command: String) throws {
    let folder = try folder()
    let line =
      "mkfifo pipe; cat pipe > got & \"$TOOL\"\(command) > out.txt; s=$?; wait; test -p pipe && exit $s"
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try !folder.read("got").isEmpty)
  }

  @Test("119: a closed pipe ends the command silently") func closedPipe() throws {
    let folder = try folder(rows: 60_000)
    let line = "{ \"$TOOL\" predict m.json many.csv; echo $? > status; } | head -n 1"
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.text == "predicted,p_a,p_b\n")
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try folder.read("status") == Array("141\n".utf8))
  }

  @Test("120: a limit on the size of files is an error, not a signal") func fileSizeLimit() throws {
    let folder = try folder(rows: 3000)
    let line = "ulimit -f 8; \"$TOOL\" predict m.json many.csv -o p.csv"
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.status == 74, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("error[io.write]: "), "\(outcome.errors)")
    #expect(folder.names == ["data.csv", "m.json", "many.csv"])
  }

  @Test(
    "117, 118: an interrupted fit saves nothing",
    arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
  func interrupted(signal: String, status: Int32) throws {
    let folder = try folder()
    var text = "x,y,class\n"
    for row in 0..<4000 { text += "\(row * 37 % 101),\(row * 61 % 97),\(row * 7919 % 5)\n" }
    try folder.write(text, to: "big.csv")
    // The first line of progress shows that the fit has started; the tolerance cannot be reached.
    let line = """
      "$TOOL" fit big.csv --target class --solver lbfgs --progress --tolerance 1e-300 \
        --max-iterations 1000000 -o new.json 2> log &
      pid=$!
      while ! grep -q iteration log; do sleep 0.02; kill -0 $pid || exit 99; done
      kill -\(signal) $pid
      wait $pid
      """
    let outcome = try Tool.shell(line, in: folder)
    let log = String(decoding: try folder.read("log"), as: UTF8.self)
    #expect(outcome.status == status, "\(outcome.errors) \(log)")
    #expect(folder.names == ["data.csv", "m.json", "big.csv", "log"])
  }

  @Test(
    "117, 118: what takes long is given up at once",
    arguments: [
      "fit big.csv --target class --features x,y --profile -o new",
      "fit big.csv --target class --likelihood noisy-label --restarts 50 -o new",
      "fit big.csv --target class --prior jeffreys -o new",
      "fit big.csv --target class --features x,y --l2 1 --effects -o new",
      "cv big.csv --target class --folds 10 --repeats 10 --refit min -o new",
      "aggregate votes.csv --fit-test 1000 --restarts 100 -o new",
    ]) func givenUp(_ command: String) throws
  {
    let folder = try folder()
    var numbers = TestNumbers(seed: 1)
    let rows = (0..<60_000).map { _ in
      (0..<3).map { _ in "\(Int.random(in: 0..<8, using: &numbers))" }.joined(separator: ",") + "\n"
    }
    try folder.write("x,y,class\n" + rows.joined(), to: "big.csv")
    let votes = rows.enumerated().map { "\($0 / 4),\($1)" }
    try folder.write("item,annotator,label,z\n" + votes.joined(), to: "votes.csv")
    let before = folder.names
    let line = """
      "$TOOL" \(command) > /dev/null 2> /dev/null &
      pid=$!; sleep 1; kill -TERM $pid || exit 99
      sleep 2; kill -0 $pid 2> /dev/null && { kill -9 $pid; exit 98; }
      wait $pid
      """
    let outcome = try Tool.shell(line, in: folder)
    // An optimised build may finish before the signal.
    if outcome.status == 99 { return }
    #expect(outcome.status == 143, "\(outcome.errors)")
    #expect(folder.names == before)
  }

  @Test("14: rejected rows are kept byte for byte") func rejects() throws {
    let folder = try Workspace()
    try folder.write("x,class\n1,a\n2\n3,b\n4,\"b\",c\r\n5,a\n", to: "data.csv")
    let outcome = try Tool.shell(
      Self.fit + " --on-bad-row skip --rejects bad.csv -o new.json > out.txt", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("warning[rows.rejected]: 2 rows that could not be read"))
    #expect(try folder.read("bad.csv") == Array("2\n4,\"b\",c\r\n".utf8))
  }

  @Test func versionWithTheKernels() throws {
    let folder = try Workspace()
    for order in [["--version", "--json"], ["--json", "--version"]] {
      let outcome = try Tool.run(order, in: folder, environment: ["SURPRISAL_KERNELS": "reference"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let report = try JSONParser().parse(outcome.text)
      #expect(report["version"]?.stringValue == SurprisalVersion.current)
      #expect(report["kernels"]?.stringValue == "reference")
      #expect(
        report["available_kernels"]?.arrayValue?.compactMap(\.stringValue)
          == KernelSet.available.map(\.name))
      let commit = report["commit"]?.stringValue
      #expect(commit.map { $0.count >= 40 && $0.allSatisfy(\.isHexDigit) } ?? true)
    }
    #expect(
      try Tool.run(["--version"], in: folder).text == "surprisal \(SurprisalVersion.current)\n")
  }
}
