import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEvaluation
import SurprisalModelStore
import SurprisalTables

/// For each row the entropy of its label, and the divergence of the prediction from it.
///
/// If every label is one class, the entropy is zero, and only a histogram of the divergences is
/// drawn.
public struct DivergenceFigure: Figure {
  private let rows: RowDivergences
  private let classNames: [String]
  private let rowNumbers: [Int]?
  private let mean: (entropy: Double, divergence: Double)
  private let entropies: ClosedRange<Double>
  private let divergences: ClosedRange<Double>
  private let bins: [PointBin]

  /// With more rows, counts in a lattice are drawn instead of points.
  public static let pointLimit = 1500
  private static let histogramBins = 30

  /// The figure of an evaluation; `rowNumbers` are the rows of the file, if some were left out.
  ///
  /// Throws `DatasetError.rowMismatch` unless there is one number per row and one name per class.
  public init(
    _ evaluation: Evaluation, classNames: [String], rowNumbers: [Int]? = nil
  ) throws(DatasetError) {
    try evaluation.requireOneEach(rowNumbers: rowNumbers)
    try evaluation.requireNames(classNames)
    let rows = RowDivergences(evaluation)
    self.rows = rows
    self.classNames = classNames
    self.rowNumbers = rowNumbers
    mean = (evaluation.labelEntropy, evaluation.klDivergence)
    entropies = Scale.domain(around: rows.points.map(\.entropy), including: [0])
    let values = rows.points.map(\.divergence)
    divergences = Scale.domain(around: values, including: [0, mean.divergence])
    if !rows.isSoft {
      bins = PointBin.lattice(
        values.map { ($0, 0) }, x: (divergences, Self.histogramBins), y: (0...1, 1),
        yTransform: .linear)
    } else if rows.points.count > Self.pointLimit {
      bins = PointBin.lattice(
        rows.points.map { ($0.entropy, $0.divergence) }, x: (entropies, 48), y: (divergences, 36),
        yTransform: .squareRoot)
    } else {
      bins = []
    }
  }

  // MARK: Words

  public var name: String { "entropy-divergence" }
  public var title: String {
    rows.isSoft ? "Uncertainty of the label and divergence, row by row" : "Divergence, row by row"
  }

  public var caption: String {
    guard rows.isSoft else {
      return
        "The number of rows by their divergence. Every label is one class, so a row's divergence "
        + "is minus the logarithm of the probability of its class. The upright scale is of square "
        + "roots, so that single rows can be seen. The dashed line is the mean."
    }
    return
      "Across is the entropy of a row's label, upright the divergence of its prediction, on a "
      + "scale of square roots. On the right, labels are uncertain; at the top, predictions are "
      + "wrong. The dashed lines are the means."
  }

  public var notes: [String] {
    var notes: [String] = []
    if rows.isSoft, !bins.isEmpty {
      notes.append(
        "\(rows.points.count) rows are counted in a lattice of 48 x 36 cells; darker cells hold "
          + "more, on a logarithmic scale.")
    }
    if !rows.infinite.isEmpty {
      notes.append(
        "\(rows.infinite.count) rows with an infinite divergence are not drawn: a class that the "
          + "label holds was predicted with probability zero.")
    }
    return notes
  }

  public var table: FigureTable { bins.isEmpty ? pointTable : binTable }

  private var pointTable: FigureTable {
    var table = FigureTable([
      ("row", "row"), ("label entropy", "label_entropy"), ("KL divergence", "kl_divergence"),
      ("label's class", "label_class"), ("predicted class", "predicted_class"),
    ])
    table.rowLimit = 30
    let order = (rows.infinite + rows.points).sorted {
      ($1.divergence, $0.row) < ($0.divergence, $1.row)
    }
    for point in order {
      table.append([
        .count(number(of: point.row)), .number(point.entropy), .number(point.divergence),
        .text(classNames[point.label]), .text(classNames[point.predicted]),
      ])
    }
    return table
  }

  private func number(of row: Int) -> Int {
    let numbers = rowNumbers ?? []
    return (numbers.indices.contains(row) ? numbers[row] : row) + 1
  }

  private var binTable: FigureTable {
    let isSoft = rows.isSoft
    var table = FigureTable(
      (isSoft ? [("entropy from", "entropy_low"), ("to", "entropy_high")] : [])
        + [("KL from", "kl_low"), ("to", "kl_high"), ("rows", "rows")])
    table.rowLimit = 30
    for bin in bins {
      let ranges = isSoft ? [bin.x, bin.y] : [bin.x]
      table.append(
        ranges.flatMap {
          [FigureTable.Cell.number($0.lowerBound), .number($0.upperBound)]
        } + [.count(bin.count)])
    }
    return table
  }

  // MARK: Picture

  public func drawing(_ width: FigureWidth) -> Drawing {
    let area = Rect(
      x: 48, y: width.choose(42, 60), width: width.points - 62, height: width.choose(320, 280))
    var drawing = Drawing(width: width.points, height: area.bottom + 50)
    if rows.isSoft {
      drawScatter(area, into: &drawing)
    } else {
      drawHistogram(area, into: &drawing)
    }
    return drawing
  }

  private func drawScatter(_ area: Rect, into drawing: inout Drawing) {
    let axes = Axes(area, x: entropies, y: divergences, yTransform: .squareRoot)
    drawing.axes(axes, xTitle: "entropy of the label, nats", yTitle: nil)
    drawing.text("KL divergence, nats", at: (12, 26))
    for bin in bins {
      let (left, right) = (axes.x(bin.x.lowerBound), axes.x(bin.x.upperBound))
      let (top, bottom) = (axes.y(bin.y.upperBound), axes.y(bin.y.lowerBound))
      drawing.rect(
        "fill1 cell", Rect(x: left, y: top, width: right - left, height: bottom - top),
        opacity: 0.15 + 0.85 * depth(of: bin.count), title: "\(bin.count) rows")
    }
    if bins.isEmpty {
      for point in rows.points {
        drawing.circle(
          "fill1 dot row", at: axes(point.entropy, point.divergence),
          radius: rows.points.count > 400 ? 2.2 : 3.2)
      }
    }
    drawMeans(axes, into: &drawing)
  }

  private func drawMeans(_ axes: Axes, into drawing: inout Drawing) {
    let area = axes.area
    let x = axes.x(mean.entropy)
    drawing.line("guide", from: (x, area.y), to: (x, area.bottom))
    guard mean.divergence.isFinite else { return }
    let y = axes.y(mean.divergence)
    drawing.line("guide", from: (area.x, y), to: (area.right, y))
    drawing.add(
      .element(
        "path",
        [
          "class": "open2 mean",
          "d": "M\(MarkupText.coordinate(x)) \(MarkupText.coordinate(y - 7))l7 7l-7 7l-7 -7z",
        ], [.element("title", text: "mean")]))
    let text = "mean: entropy \(short(mean.entropy)), KL \(short(mean.divergence))"
    drawing.text(text, "strong", at: (area.right, area.y - 10), anchor: .end)
  }

  private func short(_ value: Double) -> String { FigureTable.short(value) }

  /// Between 0 for one row and 1 for the fullest cell, on a logarithmic scale.
  private func depth(of count: Int) -> Double {
    let most = bins.map(\.count).max() ?? 1
    return Scale(1...Double(max(2, most)), from: 0, to: 1, transform: .logarithmic)(Double(count))
  }

  private func drawHistogram(_ area: Rect, into drawing: inout Drawing) {
    let most = bins.map { Double($0.count) }.max() ?? 1
    let axes = Axes(
      area, x: divergences, y: Scale.domain(around: [most], including: [0]),
      yTransform: .squareRoot)
    drawing.histogram(
      bins, axes, xTitle: "KL divergence, nats", yTitle: "rows", mean: mean.divergence)
  }
}

extension Drawing {
  /// Draws the counts of bins along x, with their mean as a dashed line.
  mutating func histogram(
    _ bins: [PointBin], _ axes: Axes, xTitle: String, yTitle: String, mean: Double
  ) {
    let area = axes.area
    self.axes(axes, xTitle: xTitle, yTitle: yTitle)
    for bin in bins {
      let (left, right) = (axes.x(bin.x.lowerBound), axes.x(bin.x.upperBound))
      let top = axes.y(Double(bin.count))
      rect(
        "fill1 cell",
        Rect(x: left + 0.5, y: top, width: right - left - 1, height: area.bottom - top),
        title: "\(bin.count) \(yTitle)")
    }
    guard mean.isFinite else { return }
    let x = axes.x(mean)
    line("guide", from: (x, area.y), to: (x, area.bottom))
    let isRight = x > area.middle.x
    text(
      "mean \(FigureTable.short(mean))", "strong",
      at: (isRight ? x : max(x, area.x + 20), area.y - 12),
      anchor: isRight ? .end : .start)
  }
}
