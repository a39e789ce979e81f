import Foundation

/// The data and reference answers that stand beside the package, in `../shared`.
public enum SharedData {
  /// Where a shared file is, or nil where there is none. The path is relative to the folder:
  /// `reference/scalars.json`.
  public static func url(_ path: String) -> URL? {
    let url = packageRoot.deletingLastPathComponent()
      .appendingPathComponent("shared").appendingPathComponent(path)
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  /// Whether a shared file is there; a condition for `.enabled(if:)`.
  public static func has(_ path: String) -> Bool { url(path) != nil }

  /// What a skipped test says.
  public static let absence = "../shared, with its data and reference answers, is not here"

  private static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
