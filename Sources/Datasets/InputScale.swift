/// What one unit of a standardised feature is.
public enum InputScale: String, Sendable, Hashable, CaseIterable {
  /// Each column's own standard deviation: columns of different units become comparable.
  case columns
  /// One number for all columns, the root of their mean variance: columns of one unit, such as the
  /// pixels of an image or the coordinates of an embedding, keep their sizes beside each other, and a
  /// column that hardly varies stays small.
  case common
}
