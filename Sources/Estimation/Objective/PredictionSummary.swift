import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability

/// Cross entropy, entropy and divergence of labels and predictions, summed over rows.
struct PredictionSummary: PartialSum {
  var crossEntropy = 0.0
  var entropy = 0.0
  var divergence = 0.0
  var weight = 0.0

  /// Adds a row of weight w, including its number of observations, with label p and predicted log
  /// q.
  mutating func add(_ p: [Double], logProbabilities: [Double], weight: Double) {
    var (cross, own, difference) = (0.0, 0.0, 0.0)
    for (p, log) in zip(p, logProbabilities) where p > 0 {
      let ownLog = Double.log(p)
      cross -= p * log
      own -= p * ownLog
      difference += p * (ownLog - log)
    }
    crossEntropy += weight * cross
    entropy += weight * own
    divergence += weight * difference
    self.weight += weight
  }

  mutating func add(_ other: PredictionSummary) {
    crossEntropy += other.crossEntropy
    entropy += other.entropy
    divergence += other.divergence
    weight += other.weight
  }

  func appendNumbers(to numbers: inout [Double]) {
    numbers += [crossEntropy, entropy, divergence, weight]
  }

  mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    crossEntropy.takeNumbers(from: &numbers)
    entropy.takeNumbers(from: &numbers)
    divergence.takeNumbers(from: &numbers)
    weight.takeNumbers(from: &numbers)
  }
}

extension Tile {
  /// Replaces logits by the log of the predicted mean; for a softmax it is computed without exp.
  package mutating func replaceByLogMean(
    under likelihood: any Likelihood, classCount: Int, examples: Int
  ) {
    let stride = stride
    if likelihood.meanIsSoftmax {
      var normalizer = [Double](repeating: 0, count: stride)
      logSumExp(units: classCount, examples: examples, into: &normalizer)
      withUnsafeMutableUnits { start in
        for unit in 0..<classCount {
          for example in 0..<examples { start[unit * stride + example] -= normalizer[example] }
        }
      }
    } else {
      likelihood.predictMean(classCount: classCount, examples: examples, tile: &self)
      withUnsafeMutableUnits { start in
        for unit in 0..<classCount {
          for example in 0..<examples {
            start[unit * stride + example] = Double.log(start[unit * stride + example])
          }
        }
      }
    }
  }
}
