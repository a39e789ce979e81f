import Foundation
import Testing

@testable import SurprisalInterchange

/// A folder of its own for a test, removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/interchange-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

@Suite("Files that are read")
struct InputFileTests {
  @Test("a file that is missing, with the nearest name")
  func missing() throws {
    try withFolder { folder in
      try Data().write(to: URL(filePath: folder + "/training.csv"))
      let error = #expect(throws: InterchangeError.self) {
        try InputFile(folder + "/trainnig.csv").readAll()
      }
      #expect(error?.code == "io.open" && error?.exitCode == 66)
      #expect(error?.message.hasSuffix("trainnig.csv\": there is no such file") == true)
      #expect(error?.cure?.hasSuffix("training.csv\"?") == true)
      let other = #expect(throws: InterchangeError.self) { try InputFile(folder + "/q").readAll() }
      #expect(other?.cure == nil)
    }
  }

  @Test("a folder, an empty name and a name with a NUL")
  func directory() throws {
    try withFolder { folder in
      for path in [folder, "", "a\u{0}b"] {
        let error = #expect(throws: InterchangeError.self) { try InputFile(path).readAll() }
        #expect(error?.code == "io.open")
      }
    }
  }

  @Test("a table from a file, read a second time where a column turns to text late")
  func table() throws {
    try withFolder { folder in
      let text =
        "a\tb\n" + (0..<5000).map { "\($0)\t\($0 == 4000 ? "x" : "1")" }.joined(separator: "\n")
      try AtomicFile(folder + "/t.tsv").write(text)
      let table = try DelimitedReader().read(InputFile(folder + "/t.tsv"))
      #expect(table.source == "t.tsv")
      #expect(numbers(table, "a") == (0..<5000).map(Double.init))
      #expect(texts(table, "b")?[3999...4000] == ["1", "x"])
    }
  }

  @Test("a file that changes while it is read", arguments: [true, false])
  func changed(grows: Bool) throws {
    try withFolder { folder in
      let path = folder + "/t.csv"
      try AtomicFile(path).write("a\n" + String(repeating: "1\n", count: 300_000))
      var stream = try DelimitedStream(InputFile(path)) { _ in .number }
      _ = try stream.next(maximumRows: 1)
      if grows {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("2\n".utf8))
        try handle.close()
      } else {
        try AtomicFile(path).write("a\n1\n")
      }
      var code: String?
      do throws(InterchangeError) {
        while try stream.next(maximumRows: 1000) != nil {}
      } catch {
        code = error.code
        #expect(error.exitCode == 74)
      }
      #expect(code == "io.changed")
    }
  }

  @Test("a budget of memory", arguments: [100, 10_000])
  func budget(bytes: Int) throws {
    var source = ByteSource(bytes: [UInt8](repeating: 1, count: 5000), name: "x")
    do throws(InterchangeError) {
      let all = try source.readAll(budget: MemoryBudget(bytes: bytes))
      #expect(bytes == 10_000 && all.count == 5000)
    } catch {
      #expect(bytes == 100 && error.code == "limit.memory" && error.exitCode == 71)
    }
    #expect(MemoryBudget.ofMachine.bytes > 1 << 20)
  }
}

@Suite("Files that are written whole")
struct AtomicFileTests {
  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("a new file, replaced with its permissions kept, and nothing left beside it")
  func write() throws {
    try withFolder { folder in
      let path = folder + "/model.json"
      try AtomicFile(path).checkWritable()
      #expect(try names(folder).isEmpty)
      try AtomicFile(path).write("old")
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      try AtomicFile(path).write("new")
      #expect(contents(path) == "new")
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o640)
      #expect(try names(folder) == ["model.json"])
    }
  }

  @Test("a link is kept and its target replaced")
  func link() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/deep", withIntermediateDirectories: false)
      try AtomicFile(folder + "/deep/real").write("old")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: "deep/real")
      try AtomicFile(folder + "/link").write("new")
      #expect(contents(folder + "/deep/real") == "new")
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "deep/real")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/loop", withDestinationPath: "loop")
      #expect(throws: InterchangeError.self) { try AtomicFile(folder + "/loop").write("x") }
    }
  }

  @Test("where no file can be created")
  func cannotCreate() throws {
    try withFolder { folder in
      try AtomicFile(folder + "/file").write("x")
      for path in [folder, folder + "/none/model", folder + "/file/model", "", folder + "/dir/"] {
        for output in [AtomicFile(path)] {
          let check = #expect(throws: InterchangeError.self) { try output.checkWritable() }
          #expect(check?.code == "io.create" && check?.exitCode == 73)
          let write = #expect(throws: InterchangeError.self) { try output.write("y") }
          #expect(write == check)
        }
      }
      #expect(try names(folder) == ["file"])
    }
  }

  @Test("no clobber")
  func noClobber() throws {
    try withFolder { folder in
      let output = AtomicFile(folder + "/model", noClobber: true)
      try output.checkWritable()
      try output.write("first")
      for attempt in [{ try output.checkWritable() }, { try output.write("second") }] {
        let error = #expect(throws: InterchangeError.self) { try attempt() }
        #expect(error?.exitCode == 73)
      }
      #expect(contents(folder + "/model") == "first")
      #expect(try names(folder) == ["model"])
    }
  }

  @Test("an output that is an input, by whatever name")
  func sameFile() throws {
    try withFolder { folder in
      let path = folder + "/data.csv"
      try AtomicFile(path).write("a\n1\n")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/alias", withDestinationPath: "data.csv")
      for output in [
        path, folder + "/alias",
        folder + "/../" + URL(filePath: folder).lastPathComponent + "/data.csv",
      ] {
        let error = #expect(throws: InterchangeError.self) {
          try AtomicFile(output).checkWritable(notSameAs: [InputFile("-"), InputFile(path)])
        }
        #expect(error?.code == "usage" && error?.exitCode == 64)
      }
      try AtomicFile(folder + "/other").checkWritable(notSameAs: [InputFile(path)])
    }
  }

  @Test(
    "a full device is reported, midway and at the end",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func full() throws {
    let error = #expect(throws: InterchangeError.self) { try AtomicFile("/dev/full").write("x") }
    #expect(error?.code == "io.write" && error?.exitCode == 74)
    var output = try OutputFile(path: "/dev/full")
    var found: InterchangeError?
    do throws(InterchangeError) {
      try output.write("x")
      try output.close()
    } catch { found = error }
    #expect(found?.code == "io.write")
  }

  @Test("streamed output arrives whole and in order")
  func stream() throws {
    try withFolder { folder in
      var output = try OutputFile(path: folder + "/out")
      for number in 0..<30_000 { try output.write("\(number)\n") }
      try output.close()
      try output.close()
      #expect(contents(folder + "/out") == (0..<30_000).map { "\($0)\n" }.joined())
      var code: Int32?
      do throws(InterchangeError) {
        _ = try OutputFile(path: folder + "/out", noClobber: true)
      } catch {
        code = error.exitCode
      }
      #expect(code == 73)
    }
  }
}

@Suite("Text from outside")
struct ExcerptTests {
  @Test("control characters are escaped and long text is cut")
  func excerpt() {
    #expect(Excerpt("a\u{1B}[31m\n\u{202E}b").text == "a\\u{1b}[31m\\u{a}\\u{202e}b")
    #expect(
      Excerpt(String(repeating: "é", count: 100)).text == String(repeating: "é", count: 80) + "…")
    #expect(Excerpt(bytes: [UInt8](repeating: 0x61, count: 1 << 20)).text.count == 81)
    #expect(Excerpt(bytes: [0xFF, 0x61]).text == "\u{FFFD}a")
  }

  @Test(
    "the nearest word",
    arguments: [
      ("trian", ["train", "test"], "train"), ("p_cta", ["p_cat", "p_dog"], "p_cat"),
      ("Species", ["species"], "species"),
      ("x", ["abc"], nil), ("a", ["b"], "b"),
    ] as [(String, [String], String?)])
  func nearest(word: String, candidates: [String], answer: String?) {
    #expect(SpellingDistance.nearest(to: word, among: candidates) == answer)
  }
}
