import SurprisalEvaluation

/// The rows of an evaluation as points: entropy of the label and divergence.
struct RowDivergences: Sendable {
  /// The rows of positive weight whose divergence is finite.
  let points: [Point]
  /// The rows of positive weight whose divergence is infinite.
  let infinite: [Point]

  init(_ evaluation: Evaluation) {
    let all = evaluation.rowScores.enumerated().compactMap { row, score in
      evaluation.weights[row] > 0
        ? Point(
          row: row, entropy: max(0, score.labelEntropy), divergence: max(0, score.klDivergence),
          predicted: score.predictedClass, label: score.labelClass) : nil
    }
    points = all.filter { $0.divergence.isFinite }
    infinite = all.filter { !$0.divergence.isFinite }
  }

  /// Whether labels are distributions, that is, have a positive entropy.
  var isSoft: Bool { points.contains { $0.entropy > 1e-9 } }
}

extension RowDivergences {
  /// A row.
  struct Point: Sendable, Equatable {
    /// The row of the data set, from 0.
    let row: Int
    let entropy: Double
    let divergence: Double
    let predicted: Int
    let label: Int
  }
}

/// A rectangle of the plane and the number of points in it.
struct PointBin: Sendable, Equatable {
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  let count: Int
}

extension PointBin {
  /// The numbers of points in a lattice of equal cells over the positions given by the scales;
  /// empty cells are omitted. There are `columns` by `rows` cells, in the order of rows.
  static func lattice(
    _ points: [(x: Double, y: Double)], x: (ClosedRange<Double>, Int),
    y: (ClosedRange<Double>, Int),
    yTransform: Scale.Transform
  ) -> [PointBin] {
    let across = Scale(x.0, from: 0, to: Double(x.1))
    let up = Scale(y.0, from: 0, to: Double(y.1), transform: yTransform)
    var counts = [Int](repeating: 0, count: x.1 * y.1)
    for point in points {
      counts[cell(up(point.y), y.1) * x.1 + cell(across(point.x), x.1)] += 1
    }
    let columns = edges(across, x.1)
    let rows = edges(up, y.1)
    return counts.indices.filter { counts[$0] > 0 }.map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: x.1)
      return PointBin(
        x: columns[column]...columns[column + 1], y: rows[row]...rows[row + 1],
        count: counts[index])
    }
  }

  private static func cell(_ place: Double, _ count: Int) -> Int {
    min(count - 1, max(0, Int(exactly: place.rounded(.down)) ?? 0))
  }

  /// The values at the edges of the cells.
  private static func edges(_ scale: Scale, _ count: Int) -> [Double] {
    let (low, high) = (scale.domain.lowerBound, scale.domain.upperBound)
    return (0...count).map { index in
      let share = Double(index) / Double(count)
      guard scale.transform == .squareRoot else { return low + share * (high - low) }
      let root = low.squareRoot() + share * (high.squareRoot() - low.squareRoot())
      return root * root
    }
  }
}
