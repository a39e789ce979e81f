import SurprisalLinearAlgebra
import SurprisalProbability

/// Labels of eight rows over four classes.
extension Labels {
  static let someClasses = unwrapped {
    .classes(try ClassIndices([0, 1, 2, 3, 1, 0, 3, 2], classCount: 4))
  }

  /// With zeros, and one one-hot row.
  static let someProbabilities = unwrapped {
    try .probabilities(
      ClassProbabilities(
        rows([
          [0.1, 0.2, 0.3, 0.4], [0, 0.5, 0.5, 0], [0, 0, 1, 0], [0.25, 0.25, 0.25, 0.25],
          [0.97, 0.01, 0.01, 0.01], [0.4, 0.6, 0, 0], [0.7, 0.1, 0.1, 0.1], [0.3, 0.3, 0.2, 0.2],
        ])))
  }

  /// Without zeros.
  static let someInnerProbabilities = unwrapped {
    try .probabilities(
      ClassProbabilities(
        rows([
          [0.1, 0.2, 0.3, 0.4], [0.05, 0.45, 0.3, 0.2], [0.01, 0.01, 0.97, 0.01],
          [0.25, 0.25, 0.25, 0.25], [0.97, 0.01, 0.01, 0.01], [0.39, 0.59, 0.01, 0.01],
          [0.7, 0.1, 0.1, 0.1], [1e-6, 0.4, 0.399999, 0.2],
        ])))
  }

  /// Small and large numbers of votes.
  static let someCounts = unwrapped {
    try .counts(
      ClassCounts(
        rows([
          [1, 2, 3, 4], [0, 5, 5, 0], [0, 0, 1, 0], [25, 0, 25, 1], [97, 1, 1, 1], [4, 6, 0, 0],
          [0, 0, 0, 12], [700, 20, 0, 80],
        ])))
  }

  static let someCandidates = unwrapped {
    try .candidates(
      CandidateSets(
        rows([
          [1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 1], [1, 1, 1, 1], [0, 0, 1, 0], [1, 0, 1, 0],
          [0, 1, 0, 1], [1, 1, 1, 0],
        ])))
  }

  /// With zeros, a row without information, one of one class, and numbers near the ends of the
  /// exponents.
  static let someEvidence = unwrapped {
    try .evidence(
      ClassEvidence(
        rows([
          [1, 0.5, 0.25, 3], [0, 2, 5, 0], [1e-300, 1e-301, 3e-300, 0], [7, 7, 7, 7],
          [0, 0, 0.2, 0], [1e300, 1e299, 0, 1e298], [0.3, 0, 0.1, 0.6], [1, 1e-9, 1e-12, 0.5],
        ])))
  }

  static let everyClass = unwrapped {
    .classes(try ClassIndices([0, 1, 2, 3], classCount: 4))
  }

  /// Three votes over four classes: the twenty possible outcomes.
  static let everyTripleOfVotes = unwrapped {
    var rows: [[Double]] = []
    for a in 0...3 {
      for b in 0...(3 - a) {
        for c in 0...(3 - a - b) { rows.append([a, b, c, 3 - a - b - c].map { Double($0) }) }
      }
    }
    return .counts(try ClassCounts(BlockedMatrix(rows: rows, columnCount: 4)))
  }

  /// Four columns.
  private static func rows(_ rows: [[Double]]) -> BlockedMatrix {
    BlockedMatrix(rows: rows, columnCount: 4)
  }

  /// A literal that is not a valid label is an error of the test.
  private static func unwrapped(_ make: () throws -> Labels) -> Labels {
    do { return try make() } catch { preconditionFailure("\(error)") }
  }
}

extension Confusion {
  /// Four classes; two entries are zero.
  static let someConfusion: Confusion = {
    let rows = [
      [0.8, 0.1, 0.1, 0], [0.2, 0.7, 0.05, 0.05], [0, 0.3, 0.6, 0.1], [0.1, 0.1, 0.3, 0.5],
    ]
    do {
      return .known(try ClassProbabilities(BlockedMatrix(rows: rows, columnCount: 4)))
    } catch {
      preconditionFailure("\(error)")
    }
  }()
}
