import ArgumentParser
import Surprisal

/// The standard errors, by name.
enum StandardErrorName: ExpressibleByArgument, Equatable {
  case auto
  case information
  case sandwich
  case cluster(column: String)
  case none

  init?(argument: String) {
    switch argument {
    case "auto": self = .auto
    case "information": self = .information
    case "sandwich": self = .sandwich
    case "none": self = .none
    default:
      guard argument.hasPrefix("cluster:"), argument.count > 8 else { return nil }
      self = .cluster(column: String(argument.dropFirst(8)))
    }
  }

  var defaultValueDescription: String { "auto" }

  static var allValueStrings: [String] {
    ["auto", "information", "sandwich", "cluster:COL", "none"]
  }

  /// The column of the clusters.
  var clusterColumn: String? {
    if case .cluster(let column) = self { column } else { nil }
  }

  /// The library's choice; `clusters` were read from the column.
  func choice(_ clusters: Clusters?) -> StandardErrorChoice {
    switch self {
    case .auto: .automatic
    case .information: .information
    case .sandwich: .sandwich
    case .none: .none
    case .cluster: clusters.map { .cluster($0) } ?? .none
    }
  }
}
