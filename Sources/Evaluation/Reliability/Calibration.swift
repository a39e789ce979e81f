import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability

/// How well predicted probabilities agree with outcomes, for the predicted class and for each
/// class.
public struct Calibration: Sendable, Equatable {
  /// The probability of the most probable class, compared with the label's probability of that
  /// class.
  public let topLabel: ReliabilityDiagram
  /// The predicted probability of each class, compared with the label's probability, over all rows.
  public let classes: [ReliabilityDiagram]

  /// The mean over the classes of their calibration errors (Kull et al., "Beyond temperature
  /// scaling", NeurIPS 2019, arXiv:1910.12656).
  public var classwiseECE: Double { classes.reduce(0) { $0 + $1.ece } / Double(classes.count) }

  /// The mean of the debiased calibration errors of the classes.
  public var debiasedClasswiseECE: Double {
    classes.reduce(0) { $0 + $1.debiasedECE } / Double(classes.count)
  }
}

extension Evaluation {
  /// Reliability diagrams with bins of equal mass, compared with the label distributions.
  ///
  /// `level` is the coverage of the bands. Precondition: there is at least one bin, and the level
  /// is between 0 and 1. Time O(C N log N), memory O(N).
  public func calibration(
    binCount: Int = ReliabilityDiagram.defaultBinCount, level: Double = 0.95
  ) -> Calibration {
    let classes = pairs.mapClasses(of: Array(0..<classCount)) { index, predictions in
      ReliabilityDiagram(
        confidences: predictions.probabilities,
        outcomes: labels.shares(ofClass: index), masses: masses,
        binCount: binCount, level: level)
    }
    let topLabel = ReliabilityDiagram(
      confidences: rowScores.map(\.confidence), outcomes: rowScores.map(\.expectedAccuracy),
      masses: masses, binCount: binCount, level: level)
    return Calibration(topLabel: topLabel, classes: classes)
  }
}

extension Labels {
  /// The probability of one class in the label distribution of each row.
  fileprivate func shares(ofClass index: Int) -> [Double] {
    switch self {
    case .classes(let labels): (0..<rowCount).map { labels[$0] == index ? 1 : 0 }
    case .probabilities(let labels): labels.values.column(index)
    case .counts(let labels): zip(labels.values.column(index), labels.totals).map { $0 / $1 }
    case .candidates(let labels):
      labels.membership.column(index).enumerated().map { row, value in
        value == 1 ? 1 / Double(labels.members(ofRow: row).count) : 0
      }
    case .evidence: (0..<rowCount).map { distribution(ofRow: $0)[index] }
    }
  }
}
