import Foundation
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

@Suite("All outputs of a command, or none")
struct OutputSetTests {
  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test("outputs appear together, folders with them") func together() throws {
    try withFolder { folder in
      try AtomicFile(folder + "/a").write("old")
      let set = try OutputSet([AtomicFile(folder + "/a"), AtomicFile(folder + "/b")], inputs: [])
      try set.makeFolder(folder + "/deep/er/")
      try set.stage("new".utf8, as: AtomicFile(folder + "/a"))
      let stream = try set.stage(AtomicFile(folder + "/b"))
      try set.stage("c".utf8, as: AtomicFile(folder + "/deep/er/c"))
      for part in ["1", "2"] { try stream.write(part) }
      #expect(contents(folder + "/a") == "old")
      #expect(try names(folder).filter { !$0.hasPrefix(".") } == ["a", "deep"])
      try set.commit()
      #expect(contents(folder + "/a") == "new" && contents(folder + "/b") == "12")
      #expect(try names(folder) == ["a", "b", "deep"])
      #expect(try names(folder + "/deep/er") == ["c"])
    }
  }

  @Test("without a commit no files are left") func dropped() throws {
    try withFolder { folder in
      do {
        let set = try OutputSet([AtomicFile(folder + "/a")], inputs: [])
        try set.makeFolder(folder + "/deep/er")
        try set.stage("new".utf8, as: AtomicFile(folder + "/a"))
        try set.stage("new".utf8, as: AtomicFile(folder + "/deep/er/c"))
        #expect(try names(folder).count == 2)
      }
      #expect(try names(folder).isEmpty)
    }
  }

  @Test("if one file cannot be renamed, the others are reverted", arguments: [false, true])
  func reverted(noClobber: Bool) throws {
    try withFolder { folder in
      if !noClobber { try AtomicFile(folder + "/old").write("old") }
      let files = ["old", "new", "taken"].map {
        AtomicFile(folder + "/" + $0, noClobber: noClobber)
      }
      do {
        let set = try OutputSet(files, inputs: [])
        for file in files { try set.stage("text".utf8, as: file) }
        // Faults that can only happen while the command works.
        try FileManager.default.createDirectory(
          atPath: folder + "/taken", withIntermediateDirectories: false)
        #expect(throws: FileError.self) { try set.commit() }
      }
      #expect(try names(folder) == (noClobber ? ["taken"] : ["old", "taken"]))
      if !noClobber { #expect(contents(folder + "/old") == "old") }
    }
  }

  @Test("paths to the same file, existing or not") func oneFile() throws {
    try withFolder { folder in
      let data = folder + "/data"
      try AtomicFile(data).write("a\n1\n")
      try FileManager.default.linkItem(atPath: data, toPath: folder + "/hard")
      try link(folder + "/soft", to: "data")
      try link(folder + "/here", to: ".")
      try link(folder + "/dangling", to: "absent")
      let last = URL(filePath: folder).lastPathComponent
      for same in ["data", "hard", "soft", "here/data", "../\(last)/data"] {
        let error = #expect(throws: FileError.self) {
          _ = try OutputSet([AtomicFile(folder + "/" + same)], inputs: [InputFile(data)])
        }
        #expect(error?.code == "usage" && error?.exitCode == 64, "\(same)")
      }
      for (first, second) in [
        ("absent", "absent"), ("absent", "here/absent"), ("dangling", "absent"), ("data", "soft"),
      ] {
        let error = #expect(throws: FileError.self) {
          _ = try OutputSet(
            [first, second].map { AtomicFile(folder + "/" + $0) }, inputs: [])
        }
        #expect(error?.code == "usage", "\(first) \(second)")
      }
      _ = try OutputSet(
        [folder + "/absent", folder + "/other", "/dev/null", "/dev/null"].map { AtomicFile($0) },
        inputs: [InputFile(data), InputFile("-"), InputFile("/dev/null")])
      let late = try OutputSet([], inputs: [InputFile(data)])
      #expect(throws: FileError.self) { _ = try late.stage(AtomicFile(folder + "/soft")) }
      #expect(throws: FileError.standardInputTwice) {
        _ = try OutputSet([], inputs: [InputFile("-"), InputFile(data), InputFile("-")])
      }
      #expect(contents(data) == "a\n1\n")
    }
  }
}
