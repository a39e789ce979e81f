import RealModule
import SurprisalLinearAlgebra

extension ClassProbabilities {
  /// Label smoothing: `(1 - ε) p + ε / C`; 0 <= ε <= 1 is a precondition. With ε = 0 the labels are
  /// unchanged, bit for bit.
  ///
  /// Smoothing changes the labels and hence the estimand, so reports mention it. Complexity: O(N
  /// C). Reference: Szegedy et al., CVPR 2016, doi:10.1109/CVPR.2016.308.
  public func smoothed(by epsilon: Double) -> ClassProbabilities {
    precondition(epsilon >= 0 && epsilon <= 1, "label smoothing is a share")
    guard epsilon > 0 else { return self }
    var result = values
    let floor = epsilon / Double(classCount)
    for column in 0..<classCount {
      result.updateColumn(column) { segment, _ in
        for index in segment.indices { segment[index] = (1 - epsilon) * segment[index] + floor }
      }
    }
    return ClassProbabilities(trusting: result)
  }

  /// Tempered labels: pₖ^(1 / T), divided by their sum; that T is positive and finite is a
  /// precondition. With T = 1 the labels are unchanged, bit for bit.
  ///
  /// Zeros stay zero and one-hot rows stay unchanged; T > 1 flattens. Complexity: O(N C).
  /// Reference: Hinton, Vinyals and Dean, arXiv:1503.02531.
  public func tempered(by temperature: Double) -> ClassProbabilities {
    precondition(temperature > 0 && temperature.isFinite, "a temperature is positive and finite")
    guard temperature != 1 else { return self }
    var result = values
    for row in 0..<rowCount {
      let shares = values.row(row)
      var logs = shares.map { Double.log($0) / temperature }
      // A temperature near zero takes all logarithms beyond the range of doubles.
      if !logs.contains(where: \.isFinite), let peak = shares.max() {
        logs = shares.map { $0 == peak ? 0 : -.infinity }
      }
      for (index, share) in Softmax.probabilities(logs).enumerated() { result[row, index] = share }
    }
    return ClassProbabilities(trusting: result)
  }
}

extension Labels {
  /// Label smoothing of classes and of probabilities; see `ClassProbabilities.smoothed(by:)`.
  ///
  /// Throws `LabelError.kind` for counts, candidate sets and evidence, which are not distributions,
  /// and `.argument` unless 0 <= ε <= 1.
  public func smoothed(by epsilon: Double) throws(LabelError) -> Labels {
    guard epsilon >= 0, epsilon <= 1 else {
      throw .argument("label smoothing", value: epsilon, domain: "a number from 0 to 1")
    }
    return .probabilities(try asProbabilities(for: "label smoothing").smoothed(by: epsilon))
  }

  /// Tempering of classes and of probabilities; see `ClassProbabilities.tempered(by:)`.
  ///
  /// Throws `LabelError.kind` like `smoothed(by:)`, and `.argument` unless T is positive and
  /// finite.
  public func tempered(by temperature: Double) throws(LabelError) -> Labels {
    guard temperature > 0, temperature.isFinite else {
      throw .argument("teacher temperature", value: temperature, domain: "a positive finite number")
    }
    return .probabilities(try asProbabilities(for: "teacher temperature").tempered(by: temperature))
  }

  private func asProbabilities(for option: String) throws(LabelError) -> ClassProbabilities {
    switch self {
    case .probabilities(let labels): return labels
    case .classes(let labels): return try ClassProbabilities(oneHot: labels)
    case .counts, .candidates, .evidence:
      throw .kind(likelihood: option, found: kind, expected: [.classes, .probabilities])
    }
  }
}

extension ClassProbabilities {
  /// Known classes as distributions. Complexity: O(N C).
  public init(oneHot labels: ClassIndices) throws(LabelError) {
    var rows = BlockedMatrix(rowCount: labels.rowCount, columnCount: labels.classCount)
    for row in 0..<labels.rowCount { rows[row, labels[row]] = 1 }
    try self.init(rows)
  }
}
