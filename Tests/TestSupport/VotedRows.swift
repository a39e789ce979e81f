import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// Rows of features with votes, for joint fits.
public struct VotedRows: Sendable {
  public var features: [[Double]]
  public var names: [String]
  /// The true class of each row.
  public var truth: [Int]
  public var votes: Votes

  /// A vote: row, annotator, label.
  public typealias Vote = (row: Int, annotator: Int, label: Int)

  /// Rows with these votes.
  public init(
    _ features: [[Double]], truth: [Int], list: [Vote], annotators: Int, classes: Int,
    weights: [Double]? = nil
  ) throws {
    self.features = features
    self.truth = truth
    names = (features.first ?? []).indices.map { "x\($0 + 1)" }
    votes = try Votes(
      itemNames: features.indices.map(String.init),
      annotatorNames: (0..<annotators).map { "w\($0 + 1)" },
      classNames: (0..<classes).map { ["a", "b", "c", "d"][$0] }, items: list.map { Int32($0.row) },
      annotators: list.map { Int32($0.annotator) }, labels: list.map { Int32($0.label) },
      weights: weights)
  }

  /// The simulated votes of six annotators in `Tests/Data`, in the order of the feature table.
  public static func shared() throws -> VotedRows {
    let table = try SharedTable("votes_sim_features.csv")
    let cast = try SharedTable("votes_sim.csv")
    let rows = Dictionary(
      uniqueKeysWithValues: table.column("item").enumerated().map { ($1, $0) })
    let classes = ["a", "b", "c"]
    let list = cast.cells.map { cells -> Vote in
      (
        rows[cells[0]] ?? -1, (Int(cells[1].dropFirst()) ?? 0) - 1,
        classes.firstIndex(of: cells[2]) ?? -1
      )
    }
    return try VotedRows(
      table.numbers(prefix: "x"),
      truth: table.column("true_class").map { classes.firstIndex(of: $0) ?? -1 }, list: list,
      annotators: 6, classes: 3)
  }

  /// Rows of uniform features whose classes follow softmax regression with these coefficients (of
  /// classes 1 on: intercept, slopes), and votes by confusion matrices, class by class. Each
  /// annotator votes on a row with probability `share`.
  public static func simulated(
    rows: Int, coefficients: [[Double]], confusion: [[[Double]]], share: Double = 1, seed: UInt64
  ) throws -> VotedRows {
    var numbers = TestNumbers(seed: seed)
    // As joint_votes.py draws them.
    func uniform() -> Double { Double(numbers.next() >> 11) * 0x1p-53 }
    func draw(_ shares: [Double]) -> Int {
      var rest = uniform()
      for (k, share) in shares.enumerated() {
        rest -= share
        if rest < 0 { return k }
      }
      return shares.count - 1
    }
    let features = (0..<rows).map { _ in
      coefficients[0].dropFirst().map { _ in -1.7 + 3.4 * uniform() }
    }
    let truth = features.map { row in
      draw(
        Softmax.probabilities(
          [0] + coefficients.map { $0[0] + zip($0.dropFirst(), row).reduce(0) { $0 + $1.0 * $1.1 } }
        ))
    }
    var list: [Vote] = []
    for row in 0..<rows {
      for (annotator, matrix) in confusion.enumerated()
      where share == 1 || uniform() < share {
        list.append((row, annotator, draw(matrix[truth[row]])))
      }
    }
    return try VotedRows(
      features, truth: truth, list: list, annotators: confusion.count,
      classes: coefficients.count + 1)
  }

  /// The rows as a data set; its labels are the true classes.
  public func dataset(
    weights: RowWeights = .uniform, offsets: BlockedMatrix? = nil, usesFeatures: Bool = true
  ) throws -> Dataset {
    try Dataset(
      features: usesFeatures
        ? Features(features, names: names)
        : Features(
          trusting: BlockedMatrix(rowCount: features.count, columnCount: 0),
          encoding: FeatureEncoding(numbers: [])),
      labels: .classes(ClassIndices(truth, classCount: votes.classCount)),
      classNames: votes.classNames, weights: weights, offsets: offsets)
  }
}
