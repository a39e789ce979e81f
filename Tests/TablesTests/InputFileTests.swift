import Foundation
import SurprisalLinearAlgebra
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

/// The names in a folder, sorted.
func names(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Creates a folder for a test and removes it afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/interchange-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

@Suite("Files that are read")
struct InputFileTests {
  @Test("a missing file, with the nearest name")
  func missing() throws {
    try withFolder { folder in
      try Data().write(to: URL(filePath: folder + "/training.csv"))
      let error = #expect(throws: FileError.self) {
        try InputFile(folder + "/trainnig.csv").readAll()
      }
      #expect(error?.code == "io.open" && error?.exitCode == 66)
      #expect(error?.message.hasSuffix("trainnig.csv\": there is no such file") == true)
      #expect(error?.suggestion?.hasSuffix("training.csv\"?") == true)
      let other = #expect(throws: FileError.self) { try InputFile(folder + "/q").readAll() }
      #expect(other?.suggestion?.contains("did you mean") == false)
    }
  }

  @Test("a folder, an empty name and a name with a NUL")
  func directory() throws {
    try withFolder { folder in
      for path in [folder, "", "a\u{0}b"] {
        let error = #expect(throws: FileError.self) { try InputFile(path).readAll() }
        #expect(error?.code == "io.open")
      }
    }
  }

  @Test("a table from a file, read twice if a column turns out to be text late")
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

  @Test("threads share a large file without changing the result", arguments: [1, 2, 5])
  func shared(threads: Int) throws {
    try withFolder { folder in
      let path = folder + "/t.bin"
      // No two parts of it are equal.
      let bytes = (0..<700_000).flatMap { number in
        withUnsafeBytes(of: UInt32(number) &* 2_654_435_761, Array.init)
      }
      try Data(bytes).write(to: URL(filePath: path))
      var source = try InputFile(path).open()
      for _ in 0..<2 {
        var found: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1_300_007)
        while true {
          let count = try buffer.withUnsafeMutableBytes {
            try source.read(into: $0, threads: ThreadCount(threads))
          }
          if count == 0 { break }
          found += buffer[..<count]
        }
        #expect(found == bytes && source.offset == bytes.count)
        try source.rewind()
      }
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
      do throws(FileError) {
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
    do throws(FileError) {
      let all = try source.readAll(budget: MemoryBudget(bytes: bytes))
      #expect(bytes == 10_000 && all.count == 5000)
    } catch {
      #expect(bytes == 100 && error.code == "limit.memory" && error.exitCode == 71)
    }
    #expect(MemoryBudget.ofMachine.bytes > 1 << 20)
  }
}
