import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

private let reference = "reference/scalars.json"

/// One pair at a time: by the functions of one vector, and by a tile.
@Suite struct ScalarTests {
  @Test func pairsOfDistributions() throws {
    for row in try ReferenceValue(shared: reference)["rows"].array
    where row["kind"].text == "probabilities" {
      let (p, q) = (row["p"].numbers, row["p_hat"].numbers)
      let crossEntropy = Distribution.crossEntropy(p, q)
      #expect(relativeDistance(Distribution.entropy(p), row["entropy"].number) < 2e-15, "\(row)")
      #expect(relativeDistance(crossEntropy, row["cross_entropy"].number) < 2e-15, "\(row)")
      let divergence = Distribution.divergence(p, q)
      #expect(relativeDistance(divergence, row["kl"].number, floor: 0.05) < 1e-14, "\(row)")
      let perplexity = Double.exp(crossEntropy)
      #expect(relativeDistance(perplexity, row["perplexity"].number) < 1e-13, "\(row)")
    }
  }

  @Test func logits() throws {
    for row in try ReferenceValue(shared: reference)["rows"].array
    where row["kind"].text == "logits" {
      let (p, z) = (row["p"].numbers, row["logits"].numbers)
      let logs = Softmax.logProbabilities(z)
      let loss = Distribution.crossEntropy(p, logProbabilities: logs)
      #expect(relativeDistance(loss, row["cross_entropy"].number, floor: 1e-20) < 1e-13, "\(row)")
      let normalizer = Softmax.logSumExp(z)
      #expect(relativeDistance(normalizer, row["log_sum_exp"].number, floor: 1) < 1e-15, "\(row)")
      for (found, expected) in zip(logs, row["log_softmax"].numbers) {
        #expect(relativeDistance(found, expected, floor: 1e-20) < 1e-13, "\(row)")
      }
      for (found, expected) in zip(Softmax.probabilities(z), row["softmax"].numbers) {
        #expect(relativeDistance(found, expected) < 1e-13, "\(row)")
      }
    }
  }

  @Test func logitsInTiles() throws {
    for row in try ReferenceValue(shared: reference)["rows"].array
    where row["kind"].text == "logits" && row["p"].array.count >= 2 {
      let (p, z) = (row["p"].numbers, row["logits"].numbers)
      let labels = try ClassProbabilities(BlockedMatrix(rows: [p], columnCount: p.count))
      let probe = try LikelihoodProbe(Categorical(), labels: .probabilities(labels))
      let (values, scores) = probe.evaluate([z])
      let expected = row["log_likelihood"].number
      #expect(relativeDistance(values[0], expected, floor: 1) < 1e-13, "\(row)")
      for (found, gradient) in zip(scores[0], row["gradient"].numbers) {
        #expect((found + gradient).magnitude < 1e-14, "\(row)")
      }
      for (found, expected) in zip(probe.mean(at: [z])[0], row["softmax"].numbers) {
        #expect(relativeDistance(found, expected) < 1e-12, "\(row)")
      }
    }
  }
}
