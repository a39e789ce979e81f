import SurprisalEstimation
import SurprisalReporting
import Testing

/// Learning curves and paths of the prior's strength.
@Suite struct CurveFigureTests {
  static let curve: LearningCurve = {
    let epochs = Array(1...30)
    let training: [Double?] = epochs.map { epoch in 1.2 / Double(epoch) + 0.4 }
    let validation: [Double?] = epochs.map { epoch in
      epoch == 4 ? nil : 1 / Double(epoch) + 0.55 + 0.01 * Double(epoch)
    }
    return LearningCurve(
      unit: .epoch, steps: epochs, values: [.training: training, .validation: validation],
      chosenStep: 10)
  }()

  static let path: CrossValidationPath = {
    let strengths: [Double] = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10]
    var points = strengths.enumerated().map { index, strength in
      CrossValidationPath.Point(
        strength: strength, mean: 0.5 + 0.02 * Double((index - 2) * (index - 2)),
        standardError: index == 6 ? nil : 0.03)
    }
    points.append(CrossValidationPath.Point(strength: 0, mean: .infinity, standardError: nil))
    return CrossValidationPath(
      measure: "cross entropy", points: points, minimum: 2, oneStandardError: 3)
  }()

  @Test(arguments: FigureWidth.allCases) func learningCurve(width: FigureWidth) throws {
    let figure = try #require(LearningCurveFigure(Self.curve))
    let svg = try MarkupReader.read(figure.svg(width))
    let table = figure.table
    let x = try ReadAxis(svg, "xtick")
    let y = try ReadAxis(svg, "ytick")
    let lines = svg.marked("curve")
    #expect(lines.map { $0.points.count } == [30, 29])
    for (line, name) in zip(lines, ["training", "validation"]) {
      let values = zip(table.numbers("epoch"), table.numbers(name))
        .filter { !$0.1.isNaN }
      for (point, value) in zip(line.points, values) {
        #expect((point.x - x.place(of: value.0)).magnitude <= ReadAxis.tolerance)
        #expect((point.y - y.place(of: value.1)).magnitude <= ReadAxis.tolerance)
      }
    }
    #expect(figure.caption.contains("epoch 10 were kept"))
  }

  @Test(arguments: FigureWidth.allCases) func strengthPath(width: FigureWidth) throws {
    let figure = try #require(CrossValidationPathFigure(Self.path))
    let svg = try MarkupReader.read(figure.svg(width))
    let table = figure.table
    let x = try ReadAxis(svg, "xtick", .logarithmic)
    let y = try ReadAxis(svg, "ytick")
    let points = svg.marked("point")
    #expect(points.count == 7 && table.rows.count == 8)
    for (index, point) in points.enumerated() {
      let strength = table.numbers("strength")[index]
      let mean = table.numbers("mean")[index]
      #expect((point.number("cx") - x.place(of: strength)).magnitude <= ReadAxis.tolerance)
      #expect((point.number("cy") - y.place(of: mean)).magnitude <= ReadAxis.tolerance)
    }
    #expect(svg.marked("error").count == 6)
    #expect(table.texts("choice")[2] == "minimum")
    #expect(table.texts("choice")[3] == "one standard error")
    #expect(figure.notes.count == 1)
  }

  @Test func nothingToDraw() {
    #expect(LearningCurveFigure(LearningCurve(unit: .epoch, steps: [], values: [:])) == nil)
    #expect(
      LearningCurveFigure(
        LearningCurve(unit: .iteration, steps: [1], values: [.objective: [.infinity]])) == nil)
    #expect(CrossValidationPathFigure(CrossValidationPath(measure: "loss", points: [])) == nil)
  }

  @Test(
    "one point, equal values, huge values", arguments: [[1.0], [2, 2, 2], [1e300, -1e300, 0]])
  func oddCurves(values: [Double]) throws {
    let curve = LearningCurve(
      unit: .iteration, steps: Array(values.indices), values: [.objective: values])
    for width in FigureWidth.allCases {
      let figure = try #require(LearningCurveFigure(curve))
      _ = try MarkupReader.read(figure.svg(width))
    }
  }
}
