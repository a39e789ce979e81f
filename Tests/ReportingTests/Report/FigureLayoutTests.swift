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
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var description: String { "\"\(text)\" \(left)...\(right), \(top)...\(bottom)" }

    func overlaps(_ other: Box) -> Bool {
      min(right, other.right) - max(left, other.left) > 1
        && min(bottom, other.bottom) - max(top, other.top) > 2
    }
  }

  /// The advance width in thousandths of the font size.
  private static func advance(_ character: Character) -> Double {
    switch character {
    case "i", "j", "l": 278
    case "f", "t", "'", "|": 392
    case " ", ".", ",", ":", ";": 337
    case "r", "(", ")", "[", "]", "-": 411
    case "m", "M", "%": 974
    case "w", "W", "\u{2212}", "+", "=", "…", "~", "<", ">": 838
    case "0"..."9", "A"..."Z": 650
    default: 620
    }
  }

  /// The box of a text; bold letters are a tenth wider.
  private static func box(_ element: ReadElement) -> Box {
    let kinds = Set((element.attributes["class"] ?? "").split(separator: " ").map(String.init))
    let size =
      kinds.contains("head") ? 13 : kinds.contains("small") ? 11 : kinds.contains("tiny") ? 9 : 12.0
    let isBold = kinds.contains("head") || kinds.contains("strong")
    let text = String(element.text.filter { $0 != "\n" })
    let width = text.reduce(0) { $0 + advance($1) } / 1000 * size * (isBold ? 1.1 : 1)
    let (x, y) = (element.number("x"), element.number("y"))
    let start =
      switch element.attributes["text-anchor"] {
      case "middle": -width / 2
      case "end": -width
      default: 0.0
      }
    if element.attributes["transform"]?.hasPrefix("rotate(-90") == true {
      return Box(
        text: text, left: x - 0.76 * size, top: y - start - width,
        right: x + 0.24 * size, bottom: y - start)
    }
    return Box(
      text: text, left: x + start, top: y - 0.76 * size, right: x + start + width,
      bottom: y + 0.24 * size)
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
        box.left > -2 && box.right < right + 2 && box.top > -2 && box.bottom < bottom + 2,
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
    for name in ["class", "a name that is much too long for any axis of a small figure"] {
      content.classNames = (0..<classes).map { "\(name) \($0)" }
      for figure in try HTMLReport(content).figures { try Self.expectSeparateTexts(figure) }
    }
  }

  @Test func fits() throws {
    let record = try HousingReportTests.fit().record()
    let names = ["Low", "Medium", "High"]
    try Self.expectSeparateTexts(try #require(CoefficientFigure(record, classNames: names)))
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
