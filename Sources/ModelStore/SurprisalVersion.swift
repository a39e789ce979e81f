import SurprisalTables

/// The release of this package.
public enum SurprisalVersion {
  /// The release, as `surprisal --version` prints it.
  public static let current = "0.1.0"
  /// The name of the writer in model files.
  public static let writer = "surprisal \(current)"
}
