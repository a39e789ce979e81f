import Foundation
import TestSupport
import Testing

/// Kills at random times, in each command with all its outputs: every file is the old or the new
/// one, and a command ended by a signal that can be handled leaves no temporary file.
///
/// `SURPRISAL_FUZZ` in the environment multiplies their number.
@Suite(.tags(.heavy), .enabled(if: faultTestsEnabled)) struct KillTests {
  @Test("110: kills while a command runs", arguments: OutputCase.all)
  func kills(_ row: OutputCase) throws {
    let outputs = Set(row.outputs.map { OutputCase.name(of: $0) })
    let running = Set(row.running.map { OutputCase.name(of: $0) })
    let whole = try OutputCase.folder()
    let start = ContinuousClock.now
    let passed = try Tool.shell(row.line(), in: whole)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(passed.status == 0, "\(passed.errors)")
    let after = whole.contents
    var ends: [Int32: Int] = [:]
    // Cases run at the same time: each has a target of its own.
    let place = OutputCase.all.firstIndex { $0.command == row.command } ?? 0
    try Fuzz("kill-\(place)", inputs: 24).run { numbers in
      (
        signal: ["KILL", "TERM", "INT", "HUP"].randomElement(using: &numbers) ?? "",
        delay: Double.random(in: 0...1.1 * seconds, using: &numbers)
      )
    } check: { kill in
      let folder = try OutputCase.folder()
      for name in outputs.union(running) { try folder.write("old\n", to: name) }
      let before = folder.contents
      // The streams are those of the test: a killed command may print half of its output.
      let line = """
        \(row.line()) > /dev/null 2> /dev/null & pid=$!
        sleep \(kill.delay); kill -\(kill.signal) $pid 2> /dev/null; wait $pid
        """
      let status = try Tool.shell(line, in: folder).status
      ends[status, default: 0] += 1
      return Self.fault(folder, before, after, running, kill.signal, status)
    }
    #expect(ends.count > 1, "\(ends)")
  }

  private static func fault(
    _ folder: Workspace, _ before: [String: [UInt8]], _ after: [String: [UInt8]],
    _ running: Set<String>, _ signal: String, _ status: Int32
  ) -> String? {
    let statuses: [String: Int32] = ["KILL": 137, "TERM": 143, "INT": 130, "HUP": 129]
    guard status == 0 || status == statuses[signal] else { return "status \(status)" }
    let contents = folder.contents
    for (name, bytes) in before where !running.contains(name) {
      guard contents[name] == bytes || contents[name] == after[name] else {
        return "\(name) is neither the old file nor the new one"
      }
      if status == 0, contents[name] != after[name] { return "\(name) is not the new file" }
      if status != 0, signal != "KILL", contents[name] != bytes { return "\(name) is new" }
    }
    let left = Set(contents.keys).subtracting(before.keys).subtracting(["figures"])
    // Nothing can run after SIGKILL.
    let isExcused = signal == "KILL" && left.allSatisfy { $0.hasPrefix(".surprisal-") }
    return left.isEmpty || isExcused ? nil : "\(left) are left"
  }
}
