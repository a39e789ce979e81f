import Foundation
import Testing

/// Runs the tool that was built with the tests.
enum Tool {
  /// The result of a run.
  struct Outcome {
    let status: Int32
    let output: [UInt8]
    let errors: String
    /// The largest resident memory, in bytes; 0 unless it was measured.
    let peakMemory: Int

    /// The standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// The maximum processor time of a run, in seconds: no command may hang.
  static let longest = 60.0

  /// The executable in the folder of the test bundle. SURPRISAL_TOOL in the environment names
  /// another one, such as that of an optimised build.
  static let executable: URL? = {
    if let path = ProcessInfo.processInfo.environment["SURPRISAL_TOOL"] {
      return URL(fileURLWithPath: path)
    }
    let starts = [
      URL(fileURLWithPath: CommandLine.arguments.first ?? ""), Bundle.main.bundleURL,
      URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath(),
    ]
    for start in starts {
      var folder = start
      for _ in 0..<4 {
        let candidate = folder.appendingPathComponent("surprisal")
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder),
          !isFolder.boolValue
        {
          return candidate
        }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }()

  /// Runs the tool in a folder and waits for its end.
  static func run(
    _ arguments: [String], in folder: Workspace, input: [UInt8]? = nil,
    environment: [String: String] = [:], limit: Double = longest, measuresMemory: Bool = false
  ) throws -> Outcome {
    let tool = try #require(executable, "the tool is built together with the tests")
    return try launch(
      tool, arguments, in: folder, input: input, environment: environment, limit: limit,
      measuresMemory: measuresMemory)
  }

  /// Runs a line of the shell, which calls the tool `$TOOL`.
  static func shell(
    _ line: String, in folder: Workspace, environment: [String: String] = [:]
  ) throws -> Outcome {
    let tool = try #require(executable, "the tool is built together with the tests")
    return try launch(
      URL(fileURLWithPath: "/bin/sh"), ["-c", line], in: folder, input: nil,
      environment: environment.merging(["TOOL": tool.path]) { $1 })
  }

  /// Streams are files: no pipe can fill up, and none stays open in a process started meanwhile.
  private static func launch(
    _ tool: URL, _ arguments: [String], in folder: Workspace, input: [UInt8]?,
    environment: [String: String], limit: Double = longest, measuresMemory: Bool = false
  ) throws -> Outcome {
    let streams = try Workspace()
    try streams.write(input ?? [], to: "in")
    try streams.write([], to: "out")
    try streams.write([], to: "err")
    var process = try ChildProcess(
      tool.path, arguments, in: folder.url.path,
      environment: [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "SWIFT_BACKTRACE": "enable=no",
      ].merging(environment) { $1 },
      input: streams.url("in").path, output: streams.url("out").path,
      errors: streams.url("err").path)
    if !process.waits(seconds: limit, measuresMemory: measuresMemory) {
      process.kill()
      Issue.record("\(arguments) did not end within \(limit) seconds")
    }
    return Outcome(
      status: process.status, output: try streams.read("out"),
      errors: String(decoding: try streams.read("err"), as: UTF8.self),
      peakMemory: process.peakMemory)
  }
}
