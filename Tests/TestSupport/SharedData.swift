import Foundation
import Testing

/// Data sets and reference answers: those of the project in `Tests/Data` and
/// `Tests/Reference/shared`, and larger ones, if they exist, in `../shared/data` and
/// `../shared/reference`.
public enum SharedData {
  /// The location of a file, or nil if it is absent. The path names one of two folders, `data` and
  /// `reference`, and a file: `reference/scalars.json`.
  public static func url(_ path: String) -> URL? {
    let beside = packageRoot.deletingLastPathComponent()
      .appendingPathComponent("shared").appendingPathComponent(path)
    return [projectURL(path), beside].first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// The location of a file in the project.
  public static func projectURL(_ path: String) -> URL {
    let folders = [("data/", "Data/"), ("reference/", "Reference/shared/")]
    let place = folders.first { path.hasPrefix($0.0) }
      .map { $0.1 + path.dropFirst($0.0.count) }
    return packageRoot.appendingPathComponent("Tests").appendingPathComponent(place ?? path)
  }

  /// The message of a skipped test: where the file can be obtained.
  static func absence(of path: String) -> String {
    "\(path) is not part of the project; the data sets SJAFFE, Yeast_cold, Movie and emotion6 are in "
      + "the PyLDL repository (SpriteMisaka/PyLDL on GitHub), see Tests/Data/README.md"
  }

  private static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

extension Trait where Self == ConditionTrait {
  /// Runs the test if these files exist, `data/SJAFFE.csv` for example.
  public static func needs(_ paths: String...) -> Self {
    let missing = paths.first { SharedData.url($0) == nil }
    return .enabled(
      if: missing == nil, Comment(rawValue: missing.map(SharedData.absence) ?? ""))
  }
}
