import SurprisalLinearAlgebra

/// How well predicted probabilities match what happens, for the predicted class and for each class.
public struct Calibration: Sendable, Equatable {
  /// The probability of the most probable class against the label's probability of that class.
  public let topLabel: ReliabilityDiagram
  /// The predicted probability of each class against the label's, over all rows.
  public let classes: [ReliabilityDiagram]

  /// The mean over the classes of their calibration errors (Kull et al., "Beyond temperature
  /// scaling", NeurIPS 2019, arXiv:1910.12656).
  public var classwiseECE: Double { classes.reduce(0) { $0 + $1.ece } / Double(classes.count) }

  /// The same mean of the debiased errors.
  public var debiasedClasswiseECE: Double {
    classes.reduce(0) { $0 + $1.debiasedECE } / Double(classes.count)
  }
}

extension Evaluation {
  /// Reliability diagrams against the label distributions, with bins of equal mass.
  ///
  /// `level` is the coverage of the bands. Time O(C N log N), memory O(N C).
  public func calibration(
    binCount: Int = ReliabilityDiagram.defaultBinCount, level: Double = 0.95
  ) -> Calibration {
    let blocks = pairs.mapBlocks { $0 }
    let classes = (0..<classCount).map { index in
      ReliabilityDiagram(
        confidences: blocks.flatMap { $0.column(index, of: $0.probabilities) },
        outcomes: blocks.flatMap { $0.column(index, of: $0.labels) }, masses: masses,
        binCount: binCount, level: level)
    }
    let topLabel = ReliabilityDiagram(
      confidences: rowScores.map(\.confidence), outcomes: rowScores.map(\.expectedAccuracy),
      masses: masses, binCount: binCount, level: level)
    return Calibration(topLabel: topLabel, classes: classes)
  }
}

extension DistributionBlock {
  /// The entries of one class, one a row.
  func column(_ index: Int, of values: [Double]) -> [Double] {
    rows.indices.map { values[($0 - rows.lowerBound) * classCount + index] }
  }
}
