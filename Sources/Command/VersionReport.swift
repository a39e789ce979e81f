import Surprisal
import SurprisalBuild

/// The properties of this build: `surprisal --version --json`.
enum VersionReport {
  /// Whether these arguments request the report.
  static func isWanted(by arguments: some Collection<String>) -> Bool {
    arguments.count == 2 && Set(arguments) == ["--version", "--json"]
  }

  static var json: JSONValue {
    let commit = String(cString: surprisal_build_commit())
    return .members([
      "name": .string("surprisal"),
      "version": .string(SurprisalVersion.current),
      "commit": commit.isEmpty ? .null : .string(commit),
      "is_modified": commit.isEmpty ? .null : .bool(surprisal_build_is_modified() != 0),
      "kernels": .string(KernelSet.current.name),
      "available_kernels": .strings(KernelSet.available.map(\.name)),
    ])
  }
}
