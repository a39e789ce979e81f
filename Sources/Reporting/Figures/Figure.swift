/// A figure of a report: a picture, and the numbers it was drawn from.
public protocol Figure: Sendable {
  /// A name for files and links, such as `reliability`.
  var name: String { get }
  /// The title.
  var title: String { get }
  /// What is seen and how it is read, a sentence or three.
  var caption: String { get }
  /// What was left out, put together or cut, a sentence each.
  var notes: [String] { get }
  /// The numbers.
  var table: FigureTable { get }
  /// The picture at a width.
  func drawing(_ width: FigureWidth) -> Drawing
}

extension Figure {
  public var notes: [String] { [] }

  /// The picture as an SVG file.
  public func svg(_ width: FigureWidth = .wide) -> String {
    drawing(width).document(label: label)
  }

  /// What is read out in the place of the picture.
  var label: String { "\(title). \(caption) The numbers are in the table." }
}

/// For what width a picture is laid out: text keeps its size, so a narrow page has its own picture.
public enum FigureWidth: Sendable, CaseIterable {
  /// A page on a desk, or paper.
  case wide
  /// A telephone.
  case narrow

  /// The width in pixels.
  var points: Double { self == .wide ? 720 : 344 }

  /// One of two values.
  func choose<T>(_ wide: T, _ narrow: T) -> T { self == .wide ? wide : narrow }
}
