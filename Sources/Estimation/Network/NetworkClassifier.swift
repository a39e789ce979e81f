import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// A network, or several whose predicted probabilities are averaged: a deep ensemble
/// (Lakshminarayanan et al. 2017, arXiv:1612.01474).
public struct NetworkClassifier: Classifier {
  /// The members; at least one. They read the same features and know the same classes.
  public let members: [ModelClassifier<PerceptronLogits>]

  /// The arithmetic of the hidden layers in predictions.
  public var precision: PredictionPrecision {
    didSet { singles = Self.singles(of: members, precision) }
  }
  /// The members in single precision, rounded once; nil for those that predict in double.
  private var singles: [SinglePerceptron?]

  /// A classifier of its members.
  public init(
    members: [ModelClassifier<PerceptronLogits>], precision: PredictionPrecision = .automatic
  ) {
    precondition(!members.isEmpty, "an ensemble has members")
    self.members = members
    self.precision = precision
    singles = Self.singles(of: members, precision)
  }

  private static func singles(
    of members: [ModelClassifier<PerceptronLogits>], _ precision: PredictionPrecision
  ) -> [SinglePerceptron?] {
    members.map { precision.isSingle(for: $0.model) ? $0.inSinglePrecision() : nil }
  }

  private var first: ModelClassifier<PerceptronLogits> { members[0] }

  public var encoding: FeatureEncoding { first.encoding }
  public var classNames: [String] { first.classNames }
  public var likelihood: any Likelihood { first.likelihood }
  public var usesOffsets: Bool { first.usesOffsets }
  public var parameterCount: Int { members.reduce(0) { $0 + $1.parameterCount } }

  public func probabilities(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> ClassProbabilities {
    var sum = try predict(0, .probabilities, features, offsets, threads)
    if members.count == 1 { return ClassProbabilities(trusting: sum) }
    for index in members.indices.dropFirst() {
      let other = try predict(index, .probabilities, features, offsets, threads)
      sum.combine(with: other) { $0 + $1 }
    }
    sum.scaleColumns(by: classNames.map { _ in 1 / Double(members.count) })
    return ClassProbabilities(trusting: sum)
  }

  public func logProbabilities(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    var result = try predict(0, .logProbabilities, features, offsets, threads)
    guard members.count > 1 else { return result }
    for index in members.indices.dropFirst() {
      let other = try predict(index, .logProbabilities, features, offsets, threads)
      result.combine(with: other) { left, right in
        let top = Swift.max(left, right)
        guard top.isFinite else { return top }
        return top + Double.log(onePlus: Double.exp(Swift.min(left, right) - top))
      }
    }
    let shift = Double.log(Double(members.count))
    result.combine(with: result) { value, _ in value - shift }
    return result
  }

  /// Of one network its logits; of an ensemble the logarithms of the averaged probabilities, since
  /// members have no logits in common.
  public func logits(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    members.count == 1
      ? try predict(0, .logits, features, offsets, threads)
      : try logProbabilities(for: features, offsets: offsets, threads: threads)
  }

  private func predict(
    _ index: Int, _ form: PredictionForm, _ features: Features, _ offsets: BlockedMatrix?,
    _ threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    try members[index].predict(form, features, offsets, threads, in: singles[index])
  }
}

extension BlockedMatrix {
  /// Replaces each entry by a function of it and the same entry of another matrix.
  fileprivate mutating func combine(
    with other: BlockedMatrix, _ function: (Double, Double) -> Double
  ) {
    for column in 0..<columnCount {
      let values = other.column(column)
      updateColumn(column) { segment, rows in
        for (offset, row) in rows.enumerated() {
          segment[offset] = function(segment[offset], values[row])
        }
      }
    }
  }
}
