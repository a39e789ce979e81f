import Foundation

/// A separate folder for one test, removed at its end.
final class Workspace: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("surprisal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func url(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes a file; a name that ends in `/` creates a folder.
  func write(_ bytes: [UInt8], to name: String) throws {
    if name.hasSuffix("/") {
      try FileManager.default.createDirectory(at: url(name), withIntermediateDirectories: true)
    } else {
      try Data(bytes).write(to: url(name))
    }
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }

  /// The names in the folder, including hidden ones.
  var names: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [])
  }
}
