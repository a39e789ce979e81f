import Foundation
import TestSupport
import Testing

/// System limits, and inputs of excessive size.
@Suite(.tags(.heavy), .enabled(if: faultTestsEnabled)) struct ResourceTests {
  /// The most memory that a command may use for a refused input, in bytes.
  private static let little = 80_000_000

  @Test("17: a field of 1 GiB is refused after a mebibyte") func hugeField() throws {
    let folder = try Workspace()
    let line =
      "{ printf 'x,class\\n'; head -c 1073741824 /dev/zero | tr '\\000' 1; echo ,a; } > data.csv"
    #expect(try Tool.shell(line, in: folder).status == 0)
    let outcome = try Tool.run(
      ["check", "data.csv", "--target", "class"], in: folder, measuresMemory: true)
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("error[limit.field]: "), "\(outcome.errors)")
    #expect(outcome.peakMemory < Self.little)
  }

  @Test("18: ten million columns are refused after a million") func manyColumns() throws {
    let folder = try Workspace()
    #expect(
      try Tool.shell("yes 1 | head -10000000 | tr '\\n' , > data.csv", in: folder).status == 0)
    for flags in [[], ["--max-record", "100000000"]] {
      let outcome = try Tool.run(["check", "data.csv"] + flags, in: folder, measuresMemory: true)
      #expect(outcome.status == 65, "\(outcome.errors)")
      let code = flags.isEmpty ? "limit." : "limit.columns"
      #expect(outcome.errors.hasPrefix("error[\(code)"), "\(outcome.errors)")
      #expect(outcome.peakMemory < 3 * Self.little, "\(outcome.peakMemory)")
    }
  }

  /// The system's limit determines the memory budget, four fifths of it.
  @Test("121: ulimit -v", arguments: OutputCase.all) func addresses(_ row: OutputCase) throws {
    let folder = try OutputCase.folder()
    let rows = (0..<200_000).map { "\($0 * 7 % 501),\($0 * 11 % 13 < 6 ? "a" : "b")\n" }.joined()
    for name in ["data.csv", "data2.csv", "labels.csv"] {
      try folder.write("x,class\n" + rows, to: name)
    }
    try folder.write(
      "p_a,p_b\n" + String(repeating: "0.25,0.75\n", count: 200_000), to: "p.csv")
    let votes = (0..<200_000).map { "i\($0 / 3),w\($0 % 3),\($0 * 7 % 5 < 2 ? "a" : "b")\n" }
    try folder.write("item,annotator,label\n" + votes.joined(), to: "votes.csv")
    let before = folder.names
    let running = Set(row.running.map { OutputCase.name(of: $0) })
    for kilobytes in [400_000, 600_000, 1_000_000] {
      let line = "ulimit -v \(kilobytes); \(row.line()) -j 2 > /dev/null"
      let outcome = try Tool.shell(
        ["export", "summary", "explain"].contains { row.command.hasPrefix($0) }
          ? line.replacing(" -j 2", with: "") : line, in: folder)
      #expect(
        [0, 71].contains(outcome.status), "\(kilobytes): \(outcome.status) \(outcome.errors)")
      if outcome.status != 0 {
        #expect(folder.names.subtracting(running) == before, "\(kilobytes)")
      }
      for name in folder.names.subtracting(before) {
        try FileManager.default.removeItem(at: folder.url(name))
      }
    }
  }

  @Test("few open files", arguments: OutputCase.all) func descriptors(_ row: OutputCase) throws {
    let running = Set(row.running.map { OutputCase.name(of: $0) })
    for limit in 4...16 {
      let folder = try OutputCase.folder()
      let before = folder.names
      let outcome = try Tool.shell("ulimit -n \(limit); exec \(row.line())", in: folder)
      // The system's loader may not even be able to load the libraries of the tool.
      if outcome.status == 127 { continue }
      #expect([0, 71].contains(outcome.status), "\(limit): \(outcome.status) \(outcome.errors)")
      if outcome.status != 0 {
        #expect(folder.names.subtracting(running) == before, "\(limit)")
      }
    }
  }

  @Test("small files: ulimit -f", arguments: OutputCase.all) func fileSizes(_ row: OutputCase)
    throws
  {
    let running = Set(row.running.map { OutputCase.name(of: $0) })
    for blocks in 0...4 {
      let folder = try OutputCase.folder()
      let before = folder.names
      let outcome = try Tool.shell("ulimit -f \(blocks); \(row.line()) --json", in: folder)
      #expect([0, 74].contains(outcome.status), "\(blocks): \(outcome.status) \(outcome.errors)")
      if outcome.status != 0 {
        #expect(folder.names.subtracting(running) == before, "\(blocks)")
      }
    }
  }

  /// A file system of one page, if the test may mount one.
  @Test("a full disk", arguments: OutputCase.all) func fullDisk(_ row: OutputCase) throws {
    let folder = try OutputCase.folder()
    let sizes = [1, 2, 4, 8]
    for pages in sizes {
      let before = folder.contents
      let flags = (row.outputs + row.running).map { ($0, "disk/" + OutputCase.name(of: $0)) }
      let line = """
        mkdir disk; mount -t tmpfs -o size=\(pages * 4096) none disk 2> /dev/null || exit 99
        \(row.line(Dictionary(uniqueKeysWithValues: flags))); status=$?
        ls -A disk > left; umount disk; exit $status
        """
      let outcome = try Tool.shell(
        "unshare -m /bin/sh -c '\(line.replacing("'", with: "'\\''"))'", in: folder)
      if outcome.status == 99 || outcome.status == 127 { return }
      #expect(
        [0, 73, 74].contains(outcome.status), "\(pages): \(outcome.status) \(outcome.errors)")
      let left = String(decoding: try folder.read("left"), as: UTF8.self).split(separator: "\n")
      let running = Set(row.running.map { OutputCase.name(of: $0) })
      let outputs = left.filter { !running.contains(String($0)) }
      #expect(
        outputs.count == (outcome.status == 0 ? row.outputs.count : 0),
        "\(pages): \(left) \(outcome.errors)")
      try FileManager.default.removeItem(at: folder.url("left"))
      try? FileManager.default.removeItem(at: folder.url("disk"))
      #expect(
        folder.contents.filter { $0.key != "figures" } == before.filter { $0.key != "figures" })
    }
  }
}
