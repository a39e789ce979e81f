import SurprisalDatasets
import SurprisalTables

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Dataset {
  /// Reads a file given by its URL: `init(contentsOf:labels:)` with its path.
  public init(contentsOf url: URL, labels: LabelColumns) throws {
    try self.init(contentsOf: url.path, labels: labels)
  }
}
