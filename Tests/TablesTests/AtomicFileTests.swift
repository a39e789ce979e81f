import Foundation
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

@Suite("Atomically written files")
struct AtomicFileTests {
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
      #expect(throws: FileError.self) { try AtomicFile(folder + "/loop").write("x") }
    }
  }

  @Test("paths at which no file can be created")
  func cannotCreate() throws {
    try withFolder { folder in
      try AtomicFile(folder + "/file").write("x")
      for path in [
        folder, folder + "/none/model", folder + "/file/model", "", folder + "/dir/",
        folder + "/" + String(repeating: "n", count: 256),
      ] {
        let output = AtomicFile(path)
        let check = #expect(throws: FileError.self) { try output.checkWritable() }
        #expect(check?.code == "io.create" && check?.exitCode == 73)
        let write = #expect(throws: FileError.self) { try output.write("y") }
        #expect(write == check)
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
        let error = #expect(throws: FileError.self) { try attempt() }
        #expect(error?.exitCode == 73)
      }
      #expect(contents(folder + "/model") == "first")
      #expect(try names(folder) == ["model"])
    }
  }

  @Test(
    "a full device is reported, midway and at the end",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func full() throws {
    let error = #expect(throws: FileError.self) { try AtomicFile("/dev/full").write("x") }
    #expect(error?.code == "io.write" && error?.exitCode == 74)
    var output = try OutputFile(path: "/dev/full")
    var found: FileError?
    do throws(FileError) {
      try output.write("x")
      try output.close()
    } catch { found = error }
    #expect(found?.code == "io.write")
  }

  @Test("streamed output is complete and in order")
  func stream() throws {
    try withFolder { folder in
      var output = try OutputFile(path: folder + "/out")
      for number in 0..<30_000 { try output.write("\(number)\n") }
      try output.close()
      try output.close()
      #expect(contents(folder + "/out") == (0..<30_000).map { "\($0)\n" }.joined())
      var code: Int32?
      do throws(FileError) {
        _ = try OutputFile(path: folder + "/out", noClobber: true)
      } catch {
        code = error.exitCode
      }
      #expect(code == 73)
    }
  }
}
