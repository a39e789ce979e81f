import SurprisalCalibration
import SurprisalReporting
import Testing

/// The texts of a figure are inside it and do not overlap.
///
/// Their boxes are computed from the SVG and from the advance widths of DejaVu Sans, the widest of
/// the common sans serif fonts.
@Suite struct FigureLayoutTests {
  struct Box: CustomStringConvertible {
    let text: String
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>

    var description: String { "\"\(text)\" \(x), \(y)" }

    func overlaps(_ other: Box) -> Bool {
      Self.overlap(x, other.x) > 1 && Self.overlap(y, other.y) > 2
    }

    private static func overlap(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> Double {
      min(a.upperBound, b.upperBound) - max(a.lowerBound, b.lowerBound)
    }
  }

  /// The advance widths of the characters from the space to the tilde, in thousandths of the font
  /// size.
  private static let advances = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
  ]

  private static func advance(_ character: Character) -> Double {
    if let code = character.asciiValue, code >= 32, code < 127 {
      return Double(advances[Int(code) - 32])
    }
    switch character {
    case "…": return 1000
    case "\u{2212}": return 838
    default: return 620
    }
  }

  /// The box of a text; bold letters are an eighth wider.
  private static func box(_ element: ReadElement) -> Box {
    let kinds = Set((element.attributes["class"] ?? "").split(separator: " ").map(String.init))
    let size =
      kinds.contains("head") ? 13 : kinds.contains("small") ? 11 : kinds.contains("tiny") ? 9 : 12.0
    let isBold = kinds.contains("head") || kinds.contains("strong")
    let text = String(element.text.filter { $0 != "\n" })
    let width = text.reduce(0) { $0 + advance($1) } / 1000 * size * (isBold ? 1.125 : 1)
    let (x, y) = (element.number("x"), element.number("y"))
    let start =
      switch element.attributes["text-anchor"] {
      case "middle": -width / 2
      case "end": -width
      default: 0.0
      }
    if element.attributes["transform"]?.hasPrefix("rotate(-90") == true {
      return Box(
        text: text, x: x - 0.76 * size...x + 0.24 * size, y: y - start - width...y - start)
    }
    return Box(
      text: text, x: x + start...x + start + width, y: y - 0.76 * size...y + 0.24 * size)
  }

  static func expectSeparateTexts(_ figure: any Figure) throws {
    for width in FigureWidth.allCases {
      expectSeparateTexts(try MarkupReader.read(figure.svg(width)), "\(figure.name) \(width)")
    }
  }

  static func expectSeparateTexts(_ svg: ReadElement, _ name: String) {
    let boxes = svg.named("text").map(box)
    let (right, bottom) = (svg.number("width"), svg.number("height"))
    for (index, box) in boxes.enumerated() {
      #expect(
        box.x.lowerBound > -2 && box.x.upperBound < right + 2 && box.y.lowerBound > -2
          && box.y.upperBound < bottom + 2,
        "\(name): \(box) leaves \(right) x \(bottom)")
      for other in boxes.dropFirst(index + 1) where box.overlaps(other) {
        Issue.record("\(name): \(box) is on \(other)")
      }
    }
  }

  @Test(
    arguments: [
      (rows: 60, classes: 3, isHard: false), (60, 3, true), (400, 10, false), (400, 10, true),
      (200, 2, true), (100, 40, false), (1600, 4, false),
    ])
  func scores(rows: Int, classes: Int, isHard: Bool) throws {
    let fixture = try ReportFixture(rows: rows, classes: classes, hard: isHard)
    var content = fixture.content
    let names = [
      "class", "a name that is much too long for any axis of a small figure",
      "AN ENORMOUS <<TAG>> OF MANY @ WORDS & MORE", "Wmwm=>+#~^%@QOGM?…—",
    ]
    for name in names {
      content.classNames = (0..<classes).map { "\(name) \($0)" }
      for figure in try HTMLReport(content).figures { try Self.expectSeparateTexts(figure) }
    }
  }

  @Test func fits() throws {
    let record = try HousingReportTests.fit().record()
    for names in [
      ["Low", "Medium", "High"], ["<tag> of a low class", "a medium <tag>, if any", "High"],
      ["WWWWWWWWWWWWWWWWWWWW", "MMMMMMMMMMMMMMMMMMMMMMMMMMM", "@@@@@@@@@@@@@@@@@@@@@@@@@"],
    ] {
      try Self.expectSeparateTexts(try #require(CoefficientFigure(record, classNames: names)))
    }
    try Self.expectSeparateTexts(try #require(LearningCurveFigure(CurveFigureTests.curve)))
    try Self.expectSeparateTexts(try #require(CrossValidationPathFigure(CurveFigureTests.path)))
  }

  @Test func calibration() throws {
    let after = try ReportFixture(rows: 400, classes: 10).evaluation.calibration().topLabel
    let before = try ReportFixture(rows: 400, classes: 10, hard: true).evaluation.calibration()
    let figure = ReliabilityFigure(after, before: before.topLabel)
    try Self.expectSeparateTexts(figure)
    #expect(Set(figure.table.texts("calibration")) == ["before", "after"])
    #expect(figure.table.rows.count == after.bins.count + before.topLabel.bins.count)
  }
}
