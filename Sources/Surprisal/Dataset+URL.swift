import Foundation
import SurprisalDatasets
import SurprisalTables

extension Dataset {
  /// Reads the file of a URL: `init(contentsOf:labels:)` with its path.
  public init(contentsOf url: URL, labels: LabelColumns) throws {
    try self.init(contentsOf: url.path, labels: labels)
  }
}
