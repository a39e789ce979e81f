import Foundation
import Testing

/// Outputs of every command: none replaces an input or another output, and all or none are written.
@Suite struct OutputSetTests {
  /// Whether the system has a device that is always full.
  private static var hasFullDevice: Bool {
    let kind = try? FileManager.default.attributesOfItem(atPath: "/dev/full")[.type]
    return kind as? FileAttributeType == .typeCharacterSpecial
  }

  @Test("all outputs are written, even if messages cannot be", arguments: OutputCase.all)
  func complete(_ row: OutputCase) throws {
    let folder = try OutputCase.folder()
    let before = folder.names
    let first = try Tool.shell(row.line() + " --json", in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let expected = folder.contents
    let written = Set((row.outputs + row.running).map { OutputCase.name(of: $0) })
    #expect(folder.names.subtracting(before).subtracting(["figures"]) == written)
    let rejected = row.inputs.contains("data.csv") ? "9\n" : ""
    if written.contains("out-rejects") { #expect(expected["out-rejects"] == Array(rejected.utf8)) }
    for redirection in ["2>&-", "2</dev/null"] + (Self.hasFullDevice ? ["2>/dev/full"] : []) {
      let other = try OutputCase.folder()
      let outcome = try Tool.shell("\(row.line()) --json \(redirection)", in: other)
      #expect(outcome.status == 0 && outcome.output == first.output, "\(redirection)")
      #expect(other.contents == expected, "\(redirection)")
    }
  }

  @Test("a command that cannot print its result leaves no file", arguments: OutputCase.all)
  func noResult(_ row: OutputCase) throws {
    // If export writes a file, it does not print the result.
    if row.command.hasPrefix("export") { return }
    for redirection in [">&-"] + (Self.hasFullDevice ? [">/dev/full"] : []) {
      let folder = try OutputCase.folder()
      let before = folder.names
      let json = row.command.hasPrefix("predict") ? "" : " --json"
      // If predict writes a file, it does not print the result.
      let line =
        row.command.hasPrefix("predict") ? row.line().replacing("-o out-o", with: "") : row.line()
      let outcome = try Tool.shell("\(line)\(json) \(redirection)", in: folder)
      #expect(outcome.status == 74, "\(redirection): \(outcome.errors)")
      #expect(outcome.errors.contains("error[io.write]: writing standard output"))
      let running = row.running.map { OutputCase.name(of: $0) }
      #expect(folder.names == before.union(running), "\(redirection)")
    }
  }

  @Test("no output is an input, another output or an impossible name", arguments: OutputCase.all)
  func refused(_ row: OutputCase) throws {
    let folder = try OutputCase.folder()
    let before = folder.contents
    let flags = row.outputs + row.running
    let long = String(repeating: "n", count: 256)
    var tries: [(given: [String: String], status: Int32)] = []
    for (index, flag) in flags.enumerated() {
      tries += row.inputs.map { ([flag: "./" + $0], 64) }
      tries += flags[..<index].map { ([flag: "same", $0: "./same"], 64) }
      tries += [([flag: long], 73), ([flag: "none/x"], 73), ([flag: "-"], 64)]
    }
    // For these commands a dash is the standard output.
    let streams = ["predict", "report", "export", "calibrate data.csv"].contains {
      row.command.hasPrefix($0)
    }
    for (given, status) in tries where !(streams && given["-o"] == "-") {
      let outcome = try Tool.shell(row.line(given), in: folder)
      #expect(outcome.status == status, "\(given): \(outcome.errors)")
      #expect(folder.contents == before, "\(given)")
    }
  }

  @Test("the standard streams are outputs and inputs too") func streams() throws {
    for (line, file) in [
      ("\"$TOOL\" fit - --target class -o data2.csv < data2.csv", "data2.csv"),
      ("\"$TOOL\" predict m.json data2.csv >> data2.csv", "data2.csv"),
      ("\"$TOOL\" predict m.json - < data2.csv >> data2.csv", "data2.csv"),
      ("\"$TOOL\" fit data2.csv --target class -o m.json >> m.json", "m.json"),
      ("\"$TOOL\" summary m.json --vcov p.csv 2>> p.csv", "p.csv"),
    ] {
      let folder = try OutputCase.folder()
      let before = try folder.read(file)
      let outcome = try Tool.shell(line, in: folder)
      #expect(outcome.status == 64, "\(line): \(outcome.errors)")
      #expect(try folder.read(file).starts(with: before), "\(line)")
    }
    let folder = try OutputCase.folder()
    let line =
      "\"$TOOL\" fit data2.csv --target class -o /dev/stdout --json --quiet | head -n 1 > got"
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.read("got").starts(with: Array("{\"calibration\":".utf8)))
  }

  @Test("an input error found late leaves no output") func late() throws {
    for line in [
      "summary m.json --effects nope.csv --vcov v", "summary m.json --effects p.csv --vcov v",
      "fit data2.csv --target class --l2 0.1 --effects --reference c -o v --vcov w",
      "report m.json data2.csv --target class --svg figures --path p.csv -o v",
      "evaluate m.json data.csv --probs 'p_*' --on-bad-row skip --rejects v",
    ] {
      let folder = try OutputCase.folder()
      let before = folder.names
      let outcome = try Tool.shell("\"$TOOL\" \(line)", in: folder)
      #expect(outcome.status != 0 && folder.names == before, "\(line): \(folder.names)")
    }
  }

  @Test("a fit without a covariance keeps its model") func noCovariance() throws {
    let folder = try OutputCase.folder()
    let before = folder.names
    let line = "\"$TOOL\" fit data2.csv --target class --max-iterations 1 --vcov v"
    let kept = try Tool.shell("\(line) -o m", in: folder)
    #expect(kept.status == 3 && folder.names == before.union(["m"]), "\(kept.errors)")
    #expect(kept.errors.contains("warning[fit.nocovariance]"), "\(kept.errors)")
    #expect(try Tool.shell(line, in: folder).status == 64)
    #expect(folder.names == before.union(["m"]))
  }

  @Test(
    "a signal leaves no temporary file, whatever the command waits for",
    arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
  func waiting(signal: String, status: Int32) throws {
    for command in ["predict m.json - -o new", "fit - --target class -o new"] {
      let folder = try OutputCase.folder()
      let before = folder.names.union(["pipe", "log"])
      let line = """
        mkfifo pipe; sleep 60 > pipe & feeder=$!
        "$TOOL" \(command) < pipe 2> log &
        pid=$!; sleep 0.4; kill -\(signal) $pid; wait $pid; status=$?; kill $feeder; exit $status
        """
      let outcome = try Tool.shell(line, in: folder)
      #expect(outcome.status == status, "\(command): \(outcome.errors)")
      #expect(folder.names == before, "\(command)")
    }
  }

  @Test("an argument that is not UTF-8, and help that cannot be printed") func arguments() throws {
    let folder = try OutputCase.folder()
    let before = folder.names
    let line = "\"$TOOL\" fit data2.csv --target class -o \"$(printf '\\377q')\""
    let outcome = try Tool.shell(line, in: folder)
    #expect(outcome.status == 64 && folder.names == before, "\(outcome.errors)")
    for request in ["--help", "fit --help", "--version", "help fit"] {
      let outcome = try Tool.shell("\"$TOOL\" \(request) >&-", in: folder)
      #expect(outcome.status == 74, "\(request)")
    }
  }
}
