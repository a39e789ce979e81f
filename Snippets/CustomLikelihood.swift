// A likelihood of one's own: a label is a random class with a known probability ε.
import Foundation
import Surprisal

struct ContaminatedLabels: Likelihood {
  let epsilon: Double

  var name: String { "contaminated" }
  var interpretation: String { "contaminated (a random class with probability \(epsilon))" }
  var isLogConcave: Bool { false }
  var definesExpectedInformation: Bool { false }

  func responses(of labels: Labels, weights: inout [Double]) throws(LabelError) -> [Int] {
    guard case .classes(let classes) = labels else {
      throw .kind(likelihood: name, found: labels.kind, expected: [.classes])
    }
    return classes.indices.map(Int.init)
  }

  /// The probability of the label, and of a label that is not random given what it is.
  private func label(_ q: Double, classCount: Int) -> (probability: Double, share: Double) {
    let sum = (1 - epsilon) * q + epsilon / Double(classCount)
    return (sum, (1 - epsilon) * q / sum)
  }

  /// ℓ = log((1 - ε) q_y + ε/C), whose score is share · ([k = y] - qₖ).
  func evaluate(
    _ responses: [Int], rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    let classes = tile.unitCount
    tile.softmaxInPlace(examples: rows.count)
    for (example, row) in rows.enumerated() {
      let (sum, share) = label(tile[responses[row], example], classCount: classes)
      values[example] = log(sum)
      for k in 0..<classes {
        let indicator = k == responses[row] ? 1.0 : 0.0
        tile[k, example] = weights[row] * share * (indicator - tile[k, example])
      }
    }
    tile.clearPadding(from: rows.count)
  }

  func linearize(_ responses: [Int], rows: Range<Int>, tile: inout Tile) {
    tile.softmaxInPlace(examples: rows.count)
  }

  /// share · (diag q - q qᵀ), and for the observed one minus share (1 - share) d dᵀ, d = e_y - q.
  func information(
    _ kind: Information, of responses: [Int], rows: Range<Int>, weights: [Double], state: Tile,
    into pairs: inout Tile
  ) {
    let classes = state.unitCount
    for (example, row) in rows.enumerated() {
      let q = (0..<classes).map { state[$0, example] }
      let share = label(q[responses[row]], classCount: classes).share
      let d = q.indices.map { ($0 == responses[row] ? 1.0 : 0.0) - q[$0] }
      for u in 0..<classes {
        for v in 0...u {
          var entry = share * ((u == v ? q[u] : 0) - q[u] * q[v])
          if kind == .observed { entry -= share * (1 - share) * d[u] * d[v] }
          pairs[u * (u + 1) / 2 + v, example] = weights[row] * entry
        }
      }
    }
    pairs.clearPadding(from: rows.count)
  }

  func initialLogits(of responses: [Int], weights: [Double], classCount: Int) -> [Double] {
    var totals = [Double](repeating: 0, count: classCount)
    for (row, label) in responses.enumerated() { totals[label] += weights[row] }
    return totals.map { log($0) }
  }
}

var random = SplitMix64(seed: 4)
let rows = (0..<2000).map { _ in [Double.random(in: -3...3, using: &random)] }
let labels = rows.map { row in
  Double.random(in: 0..<1, using: &random) < 0.2
    ? Int.random(in: 0..<2, using: &random)
    : Double.random(in: 0..<1, using: &random) < Softmax.logistic(2 * row[0]) ? 1 : 0
}
let data = try Dataset(features: rows, labels: .indices(labels))
let plain = try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical()).fit(data)
let robust = try MaximumLikelihood(
  SoftmaxRegression(), likelihood: ContaminatedLabels(epsilon: 0.2)
).fit(data)
for (name, slope) in [
  ("categorical", plain.classifier.coefficients.weights),
  ("contaminated", robust.classifier.coefficients.weights),
] {
  print(name, ((slope[1][0] - slope[0][0]) * 100).rounded() / 100, "(true slope 2)")
}
