import ArgumentParser
import Surprisal

/// Units of hidden layers: `256,128`, or `none`.
struct HiddenLayers: ExpressibleByArgument {
  /// The units of each layer; nil if the text is invalid.
  let units: [Int]?
  /// Whether they are chosen on held-out rows.
  let isAutomatic: Bool
  private let text: String

  private static let most = Specification.Network.mostUnits
  private static let mostLayers = Specification.Network.mostLayers

  init?(argument: String) {
    text = argument
    isAutomatic = argument == Specification.Network.automatic
    if argument == "none" || isAutomatic {
      units = []
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap(Self.units)
    units = numbers.count == parts.count && parts.count <= Self.mostLayers ? numbers : nil
  }

  private static func units(_ text: Substring) -> Int? {
    Int(text).flatMap { (1...most).contains($0) ? $0 : nil }
  }

  /// Layers as written on the command line.
  static func text(of units: [Int]) -> String {
    units.isEmpty ? "none" : units.map(String.init).joined(separator: ",")
  }

  /// The error of the text, with the allowed values.
  var complaint: String {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let problem =
      if parts.count > Self.mostLayers {
        "has \(parts.count) layers"
      } else if parts.count > 1, parts.contains(where: \.isEmpty) {
        "has a comma too many"
      } else if let bad = parts.first(where: { Self.units($0) == nil }), parts.count > 1 {
        "has \(EscapedText(bad))"
      } else {
        "is none of these"
      }
    return
      "--hidden takes the units of each layer, whole numbers from 1 to \(Self.most) with commas "
      + "between, such as 256,128, at most \(Self.mostLayers) of them, none or auto: "
      + "\(EscapedText(text)) "
      + problem
  }
}
