import SurprisalTables

/// The release of this package.
public enum SurprisalVersion {
  /// The release, as `surprisal --version` prints it.
  public static let current = "0.1.0"
  /// The release as model files name their writer.
  public static let writer = "surprisal \(current)"
}
