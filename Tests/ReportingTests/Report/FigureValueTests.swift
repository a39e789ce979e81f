import SurprisalEstimation
import SurprisalEvaluation
import SurprisalInference
import SurprisalReporting
import TestSupport
import Testing

/// The values read from a figure by means of its ticks equal those of the table.
@Suite struct FigureValueTests {
  private static func read(_ figure: any Figure, _ width: FigureWidth) throws -> ReadElement {
    let svg = try MarkupReader.read(figure.svg(width))
    #expect(svg.attributes["role"] == "img")
    #expect(svg.attributes["aria-label"]?.hasPrefix(figure.title) == true)
    return svg
  }

  private static func agree(_ found: Double, _ expected: Double, _ what: String) {
    #expect((found - expected).magnitude <= ReadAxis.tolerance, "\(what): \(found), \(expected)")
  }

  @Test(arguments: FigureWidth.allCases) func crossEntropy(width: FigureWidth) throws {
    let figure = try CrossEntropyFigure(try ReportFixture(rows: 90, classes: 4).evaluation)
    let svg = try Self.read(figure, width)
    let table = figure.table
    let above = try ReadAxis(svg, "xtick")
    let below = try ReadAxis(svg, "xtick", group: 1)
    let (floor, divergence) = (svg.marked("floor"), svg.marked("divergence"))
    try #require(floor.count == 3 && divergence.count == 6)
    for bar in 0..<3 {
      let end = above.place(of: table.numbers("label_entropy")[bar])
      Self.agree(floor[bar].number("x") + floor[bar].number("width"), end, "floor")
      Self.agree(divergence[bar].number("x"), end, "start of the divergence")
      Self.agree(
        divergence[bar].number("x") + divergence[bar].number("width"),
        above.place(of: table.numbers("cross_entropy")[bar]), "cross entropy")
      let alone = divergence[3 + bar]
      Self.agree(alone.number("x"), below.place(of: 0), "zero")
      Self.agree(
        alone.number("x") + alone.number("width"),
        below.place(of: table.numbers("kl_divergence")[bar]), "divergence")
      let whisker = svg.marked("whisker")[3 * bar]
      let error = table.numbers("kl_std_error")[bar]
      Self.agree(
        whisker.number("x2") - whisker.number("x1"),
        below.place(of: 4 * error) - below.place(of: 0),
        "four standard errors")
    }
  }

  @Test(arguments: FigureWidth.allCases) func reliability(width: FigureWidth) throws {
    let fixture = try ReportFixture(rows: 200, classes: 3)
    let calibration = fixture.evaluation.calibration()
    let figures: [any Figure] = [
      ReliabilityFigure(calibration.topLabel),
      ClassReliabilityFigure(calibration.classes, classNames: fixture.classNames),
    ]
    for figure in figures {
      let svg = try Self.read(figure, width)
      let table = figure.table
      let (x, y) = (try ReadAxis(svg, "xtick"), try ReadAxis(svg, "ytick"))
      let bins = svg.marked("bin")
      #expect(bins.count == table.rows.count)
      for bin in 0..<calibration.topLabel.bins.count {
        Self.agree(
          bins[bin].number("cx"), x.place(of: table.numbers("confidence")[bin]), "predicted")
        Self.agree(
          bins[bin].number("cy"), y.place(of: table.numbers("outcome")[bin]), "observed")
        let band = svg.marked("band")[bin]
        Self.agree(
          band.number("y"), y.place(of: table.numbers("band_high")[bin]), "band")
        Self.agree(
          band.number("y") + band.number("height"),
          y.place(of: table.numbers("band_low")[bin]), "band")
      }
    }
  }

  @Test(arguments: FigureWidth.allCases) func coefficients(width: FigureWidth) throws {
    let fit = try HousingReportTests.fit()
    let record = fit.record(reference: 0, errors: .automatic)
    let figure = try #require(CoefficientFigure(record, classNames: fit.classifier.classNames))
    let svg = try Self.read(figure, width)
    let table = figure.table
    let x = try ReadAxis(svg, "xtick")
    let (points, lines) = (svg.marked("estimate"), svg.marked("interval"))
    #expect(points.count == 12 && lines.count == 12 && table.rows.count == 14)
    let features = fit.classifier.encoding.columnNames
    for (index, place) in features.indices.flatMap({ [($0, 1), ($0, 8)] }).enumerated() {
      let row = place.0 + place.1
      #expect(table.texts("feature")[row] == features[place.0])
      Self.agree(
        points[index].number("cx"), x.place(of: table.numbers("estimate")[row]), "estimate")
      Self.agree(
        lines[index].number("x1"), x.place(of: table.numbers("low")[row]), "low")
      Self.agree(
        lines[index].number("x2"), x.place(of: table.numbers("high")[row]), "high")
      let isOpen = points[index].attributes["class"]?.contains("open") == true
      let (low, high) = (table.numbers("low")[row], table.numbers("high")[row])
      #expect(isOpen == (low <= 0 && high >= 0))
    }
  }

  @Test(arguments: FigureWidth.allCases) func divergencePoints(width: FigureWidth) throws {
    let figure = try DivergenceFigure(
      try ReportFixture(rows: 120, classes: 3).evaluation, classNames: ["a", "b", "c"])
    let svg = try Self.read(figure, width)
    let table = figure.table
    let x = try ReadAxis(svg, "xtick")
    let y = try ReadAxis(svg, "ytick", .squareRoot)
    let rows = table.numbers("row")
    let points = svg.marked("row")
    #expect(points.count == 120)
    for (place, row) in rows.enumerated() {
      let point = points[Int(exactly: row - 1) ?? 0]
      Self.agree(
        point.number("cx"), x.place(of: table.numbers("label_entropy")[place]), "entropy")
      Self.agree(
        point.number("cy"), y.place(of: table.numbers("kl_divergence")[place]), "KL")
    }
    let divergences = table.numbers("kl_divergence")
    #expect(zip(divergences, divergences.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test("above the limit rows are binned, each one once") func divergenceBins() throws {
    let fixture = try ReportFixture(rows: 2000, classes: 3)
    let figure = try DivergenceFigure(fixture.evaluation, classNames: fixture.classNames)
    let svg = try Self.read(figure, .wide)
    let table = figure.table
    let (x, y) = (try ReadAxis(svg, "xtick"), try ReadAxis(svg, "ytick", .squareRoot))
    let cells = svg.marked("cell")
    #expect(cells.count == table.rows.count)
    #expect(table.numbers("rows").reduce(0, +) == 2000)
    #expect(figure.notes.contains { $0.contains("2000 rows are counted") })
    for (index, cell) in cells.enumerated() {
      Self.agree(cell.number("x"), x.place(of: table.numbers("entropy_low")[index]), "left")
      Self.agree(cell.number("y"), y.place(of: table.numbers("kl_high")[index]), "top")
    }
    let (left, right) = (table.numbers("entropy_low"), table.numbers("entropy_high"))
    let (low, high) = (table.numbers("kl_low"), table.numbers("kl_high"))
    for (index, count) in table.numbers("rows").enumerated() {
      let inside = fixture.evaluation.rowScores.count { score in
        score.labelEntropy >= left[index] && score.labelEntropy < right[index]
          && score.klDivergence >= low[index] && score.klDivergence < high[index]
      }
      #expect(Double(inside) == count)
    }
  }

  @Test(arguments: FigureWidth.allCases) func histogram(width: FigureWidth) throws {
    let fixture = try ReportFixture(rows: 100, classes: 3, hard: true)
    let figure = try DivergenceFigure(fixture.evaluation, classNames: fixture.classNames)
    let svg = try Self.read(figure, width)
    let table = figure.table
    let y = try ReadAxis(svg, "ytick", .squareRoot)
    let counts = table.numbers("rows")
    #expect(counts.reduce(0, +) == 100)
    for (bar, count) in zip(svg.marked("cell"), counts) {
      Self.agree(bar.number("y"), y.place(of: count), "count")
    }
  }

  @Test func confusion() throws {
    let fixture = try ReportFixture(rows: 80, classes: 5)
    let figure = ConfusionFigure(
      fixture.evaluation.confusionMatrix(), classNames: fixture.classNames)
    let cells = try Self.read(figure, .wide).marked("heat")
    let table = figure.table
    let shares = table.numbers("share")
    #expect(cells.count == 25 && shares.count == 25)
    for (cell, share) in zip(cells, shares) {
      #expect((cell.number("fill-opacity") - share).magnitude <= 0.005)
    }
    let weights = table.numbers("weight")
    #expect((weights.reduce(0, +) - 80).magnitude < 1e-9)
    #expect(Set(cells.map { $0.number("y") }).count == 5)
  }

  @Test(arguments: FigureWidth.allCases) func ternary(width: FigureWidth) throws {
    let fixture = try ReportFixture(rows: 40, classes: 3)
    let figure = try #require(
      try TernaryFigure(
        fixture.evaluation, predictions: fixture.predictions, classNames: fixture.classNames))
    let svg = try Self.read(figure, width)
    let table = figure.table
    let corners = try #require(svg.marked("axis").first { $0.name == "polygon" }).points
    let lines = svg.marked("thin")
    #expect(lines.count == 40)
    for (row, line) in lines.enumerated() {
      for (kind, x, y) in [("label", "x1", "y1"), ("predicted", "x2", "y2")] {
        let shares = fixture.classNames.map { table.numbers("\(kind)_\($0)")[row] }
        let place = zip(corners, shares).reduce((0.0, 0.0)) { sum, part in
          (sum.0 + part.0.x * part.1, sum.1 + part.0.y * part.1)
        }
        Self.agree(line.number(x), place.0, "\(kind) of row \(row)")
        Self.agree(line.number(y), place.1, "\(kind) of row \(row)")
      }
    }
    #expect(svg.marked("dot").count == 43)
  }
}
