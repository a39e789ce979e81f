import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Labels of a joint fit against true classes, beside those of two steps, of majorities and of
/// crowd-kit, on two simulated sets.
@Suite struct JointPeersTests {
  private struct Scores {
    /// Whether the largest label is the true class.
    var right: [Double]
    /// Minus the logarithm of the label of the true class, at least 1e-12.
    var loss: [Double]

    init(_ labels: [Double], truth: [Int], items: [Int], classes: Int) {
      let rows = items.map { (Array(labels[$0 * classes..<($0 + 1) * classes]), truth[$0]) }
      right = rows.map { row, known in
        row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } == known ? 1 : 0
      }
      loss = rows.map { -Double.log(max($0[$1], 1e-12)) }
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// The mean of what another loses more, and half its 95 % interval.
    func gain(over other: Scores) -> (mean: Double, half: Double) {
      let terms = zip(other.loss, loss).map { $0 - $1 }
      let mean = Self.mean(terms)
      let spread = terms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let count = Double(terms.count)
      return (mean, 1.96 * (spread / (count * (count - 1))).squareRoot())
    }
  }

  private static func rows(_ reference: ReferenceValue) throws -> VotedRows {
    let simulation = reference["simulation"]
    let coefficients = simulation["coefficients"].array.map(\.numbers)
    let classes = coefficients.count + 1
    let rows = try VotedRows.simulated(
      rows: Int(simulation["rows"].number), coefficients: coefficients,
      confusion: simulation["accuracies"].numbers.map { right in
        (0..<classes).map { k in
          (0..<classes).map { $0 == k ? right : (1 - right) / Double(classes - 1) }
        }
      }, share: simulation["share"].number, seed: UInt64(simulation["seed"].number))
    var sum = 0
    for row in rows.features.indices {
      for (cell, _) in rows.votes.cells(ofItem: row) {
        sum += (row + 1) * (cell / classes + 1) * (cell % classes + 1)
      }
    }
    #expect(Double(sum) == reference["checksum"].number, "the votes are those of the reference")
    return rows
  }

  @Test(arguments: ["three", "four"]) func featuresHelp(_ name: String) throws {
    let reference = try ReferenceValue(ofTests: "joint_votes.json")[name]
    let rows = try Self.rows(reference)
    let (votes, classes) = (rows.votes, rows.votes.classCount)
    #expect(Double(votes.count) == reference["votes"].number)
    let items = rows.truth.indices.filter { votes.voteCount(ofItem: $0) > 0 }
    func scores(_ labels: [Double]) -> Scores {
      Scores(labels, truth: rows.truth, items: items, classes: classes)
    }
    let pseudoCounts = PseudoCounts(diagonal: 1, offDiagonal: 1)
    let joint = try JointVotesTests.fit(rows, pseudoCounts: pseudoCounts)
    let aggregation = Aggregation(
      votes,
      options: AggregationOptions(
        pseudoCounts: pseudoCounts, restarts: 0, hasStandardErrors: false), reducer: .one)
    let logs = try #require(aggregation.logEvidence)
    let plain = try rows.dataset()
    let evidence = try ClassEvidence(
      logarithms: BlockedMatrix(
        rows: rows.truth.indices.map { Array(logs[$0 * classes..<($0 + 1) * classes]) },
        columnCount: classes))
    let twoStep = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Evidence(), options: FitOptions(restarts: 0)
    ).fit(Dataset(features: plain.features, labels: .evidence(evidence)))
    let fitted = try twoStep.probabilities(for: plain.features).values
    let twoStepLabels = rows.truth.indices.flatMap { row -> [Double] in
      let terms = (0..<classes).map {
        fitted[row, $0] * Double.exp(logs[row * classes + $0])
      }
      let total = terms.reduce(0, +)
      return terms.map { $0 / total }
    }
    let own = scores(try #require(joint.votes).aggregation.labels)
    let others = [
      ("two steps", scores(twoStepLabels)), ("votes alone", scores(aggregation.labels)),
      (
        "majority",
        scores(
          Aggregation(votes, options: AggregationOptions(method: .majority), reducer: .one).labels)
      ),
    ]
    for (program, other) in others {
      let gain = own.gain(over: other)
      #expect(gain.mean - gain.half > 0, "\(program): \(gain)")
      #expect(Scores.mean(own.right) > Scores.mean(other.right), "\(program)")
    }
    for peer in reference["peers"].array {
      #expect(peer["items"].number == Double(items.count))
      #expect(Scores.mean(own.right) > peer["accuracy"].number, "\(peer["program"].text)")
      #expect(Scores.mean(own.loss) < peer["log_score"].number, "\(peer["program"].text)")
    }
  }
}
