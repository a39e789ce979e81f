// From votes to a calibrated model: 3 classes, 12 features, 5 votes a row.
import Surprisal

var random = SplitMix64(seed: 7)
func normal(_ random: inout SplitMix64) -> Double {
  (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
}

let slopes = (0..<3).map { _ in (0..<12).map { _ in normal(&random) / 2 } }
func simulated(
  rows count: Int, by slopes: [[Double]], _ random: inout SplitMix64
) throws -> Dataset {
  let features = (0..<count).map { _ in (0..<12).map { _ in normal(&random) } }
  let votes = features.map { row in
    let logits = slopes.map { slope in zip(slope, row).reduce(0) { $0 + $1.0 * $1.1 } }
    let q = Softmax.probabilities(logits)
    var votes = [0.0, 0, 0]
    for _ in 0..<5 {
      let draw = Double.random(in: 0..<1, using: &random)
      votes[draw < q[0] ? 0 : draw < q[0] + q[1] ? 1 : 2] += 1
    }
    return votes
  }
  return try Dataset(
    features: features, labels: .counts(votes), classNames: ["calm", "glad", "sad"])
}

let training = try simulated(rows: 60, by: slopes, &random)
let heldOut = try simulated(rows: 200, by: slopes, &random)
let test = try simulated(rows: 2000, by: slopes, &random)

let model = try Specification().fit(training)
print(model.summary().split(separator: "\n").prefix(6).joined(separator: "\n"))

func score(_ classifier: SavedClassifier, on test: Dataset) throws -> String {
  let probabilities = try classifier.probabilities(for: test.features)
  let evaluation = try Evaluation(of: probabilities, against: test.labels)
  let numbers = [evaluation.crossEntropy, evaluation.labelEntropy, evaluation.klDivergence]
  return numbers.map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: "  ")
}
print("cross entropy, label entropy, divergence")
print("fitted:    ", try score(model.classifier, on: test))

let logs = try model.classifier.logProbabilities(
  for: heldOut.features, offsets: nil, threads: .one)
let calibration = try CalibrationFit(.temperature, of: logs, to: heldOut.labels).record
let calibrated = FittedModel(
  classifier: try model.classifier.calibrated(by: calibration), record: model.record)
print("calibrated:", try score(calibrated.classifier, on: test))
