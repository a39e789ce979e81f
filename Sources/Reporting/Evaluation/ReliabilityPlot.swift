import SurprisalEvaluation

/// A reliability diagram in text characters: confidence to the right, outcome upwards.
///
/// `●` is the mean of a bin whose band includes its confidence, `○` of one whose band does not, `│`
/// the band and `·` the diagonal of perfect calibration.
public struct ReliabilityPlot: Sendable {
  private static let width = 51
  private static let height = 21

  /// The diagram.
  public let diagram: ReliabilityDiagram
  /// The coverage of the bands.
  public let level: Double
  /// Whether bins off the diagonal are coloured.
  public let hasColor: Bool

  /// Creates a plot.
  public init(_ diagram: ReliabilityDiagram, level: Double = 0.95, hasColor: Bool = false) {
    self.diagram = diagram
    self.level = level
    self.hasColor = hasColor
  }

  /// The plot, without a final line feed; 60 columns wide.
  public var text: String {
    var cells = [[Mark]](
      repeating: [Mark](repeating: .empty, count: Self.width), count: Self.height)
    for column in 0..<Self.width {
      cells[Self.row(Double(column) / Double(Self.width - 1))][column] = .diagonal
    }
    for bin in diagram.bins {
      let column = Self.place(bin.confidence, Self.width)
      let (low, high) = (Self.row(bin.band.lowerBound), Self.row(bin.band.upperBound))
      for row in high...max(low, high) where cells[row][column].rank < Mark.band.rank {
        cells[row][column] = .band
      }
      let misses = !bin.band.contains(bin.confidence)
      let mark: Mark = misses ? .miss : .hit
      if cells[Self.row(bin.outcome)][column].rank < mark.rank {
        cells[Self.row(bin.outcome)][column] = mark
      }
    }
    let lines = cells.enumerated().map { row, marks in
      Self.axis(row) + Self.trimmed(marks).map(text(of:)).joined()
    }
    let percent = NumberText.significant(level * 100, 4)
    return
      ([
        "  how often the most probable class is right, against its probability"
      ] + lines + [
        "       └" + String(repeating: "─", count: Self.width),
        "        0         0.2       0.4       0.6       0.8       1",
        "  ● bin mean   ○ its \(percent) % band misses the diagonal   │ band   · perfect",
      ]).joined(separator: "\n")
  }

  private enum Mark {
    case empty, diagonal, band, hit, miss

    var rank: Int {
      switch self {
      case .empty: 0
      case .diagonal: 1
      case .band: 2
      case .hit: 3
      case .miss: 4
      }
    }
  }

  private func text(of mark: Mark) -> String {
    switch mark {
    case .empty: " "
    case .diagonal: "·"
    case .band: "│"
    case .hit: hasColor ? "\u{1B}[32m●\u{1B}[0m" : "●"
    case .miss: hasColor ? "\u{1B}[31m○\u{1B}[0m" : "○"
    }
  }

  private static func trimmed(_ marks: [Mark]) -> [Mark] {
    Array(marks.reversed().drop { $0 == .empty }.reversed())
  }

  private static func axis(_ row: Int) -> String {
    let value = Double(height - 1 - row) / Double(height - 1)
    let isLabelled = row.isMultiple(of: 4)
    return (isLabelled ? "   " + NumberText.fixed(value, 1) + " ┤" : "       │")
  }

  /// The text row of an outcome, the largest on top.
  private static func row(_ value: Double) -> Int { height - 1 - place(value, height) }

  private static func place(_ value: Double, _ count: Int) -> Int {
    guard value.isFinite else { return 0 }
    let scaled = (min(max(value, 0), 1) * Double(count - 1)).rounded()
    return Int(exactly: scaled) ?? 0
  }
}
