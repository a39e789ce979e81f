/// A figure of a report: a picture, and the numbers it was drawn from.
public protocol Figure: Sendable {
  /// A name for files and links, such as `reliability`.
  var name: String { get }
  /// The title.
  var title: String { get }
  /// What the figure shows and how to read it, in one to three sentences.
  var caption: String { get }
  /// What was omitted, combined or shortened, one sentence each.
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

  /// The text alternative of the picture.
  var label: String { "\(title). \(caption) The numbers are in the table." }
}

/// The width for which a picture is laid out: text keeps its size, so a narrow page has its own
/// picture.
public enum FigureWidth: Sendable, CaseIterable {
  /// A desktop page, or paper.
  case wide
  /// A phone.
  case narrow

  /// The width in pixels.
  var points: Double { self == .wide ? 720 : 344 }

  /// The value for this width.
  func choose<T>(_ wide: T, _ narrow: T) -> T { self == .wide ? wide : narrow }
}
