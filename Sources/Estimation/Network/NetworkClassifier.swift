import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// A network, or several whose predicted probabilities are averaged: a deep ensemble
/// (Lakshminarayanan et al. 2017, arXiv:1612.01474).
public struct NetworkClassifier: EncodedClassifier {
  /// The members; at least one. They have the same features and classes.
  public let members: [ModelClassifier<PerceptronLogits>]

  /// The arithmetic of the hidden layers in predictions.
  public var precision: PredictionPrecision {
    didSet { singles = Self.singles(of: members, precision) }
  }
  /// The members in single precision, rounded once; nil for those that predict in double precision.
  private var singles: [Float32Perceptron?]

  /// A classifier with the given members.
  ///
  /// Throws `DatasetError.argument` without members, and for one whose features or classes are not
  /// those of the first.
  public init(
    members: [ModelClassifier<PerceptronLogits>], precision: PredictionPrecision = .automatic
  ) throws(DatasetError) {
    try DatasetError.require("members", members.count, atLeast: 1)
    let other = members.firstIndex {
      $0.encoding != members[0].encoding || $0.classNames != members[0].classNames
    }
    if let other {
      throw .argument(
        "member", value: Double(other), domain: "a network of the features and classes of the first"
      )
    }
    self.init(trusting: members, precision: precision)
  }

  /// A classifier with the given members, at least one.
  package init(
    trusting members: [ModelClassifier<PerceptronLogits>],
    precision: PredictionPrecision = .automatic
  ) {
    precondition(!members.isEmpty, "an ensemble has members")
    self.members = members
    self.precision = precision
    singles = Self.singles(of: members, precision)
  }

  private static func singles(
    of members: [ModelClassifier<PerceptronLogits>], _ precision: PredictionPrecision
  ) -> [Float32Perceptron?] {
    members.map { precision.isSingle(for: $0.model) ? $0.inSinglePrecision() : nil }
  }

  private var first: ModelClassifier<PerceptronLogits> { members[0] }

  public var encoding: FeatureEncoding { first.encoding }
  public var classNames: [String] { first.classNames }
  public var likelihood: any Likelihood { first.likelihood }
  public var usesOffsets: Bool { first.usesOffsets }
  public var parameterCount: Int { members.reduce(0) { $0 + $1.parameterCount } }

  /// For one network its probabilities or logits. For an ensemble the averaged probabilities or
  /// their logarithms, which serve as its logits: members have no common logits.
  public func predict(
    _ form: PredictionForm, from design: BlockedMatrix, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    func member(_ index: Int, _ form: PredictionForm) throws(DatasetError) -> BlockedMatrix {
      try members[index].predict(
        form, from: design, offsets: offsets, threads: threads, in: singles[index])
    }
    guard members.count > 1 else { return try member(0, form) }
    var result = try member(0, form == .probabilities ? .probabilities : .logProbabilities)
    for index in members.indices.dropFirst() {
      if form == .probabilities {
        result.combine(with: try member(index, form)) { $0 + $1 }
      } else {
        result.combine(with: try member(index, .logProbabilities)) { Self.logOfSum($0, $1) }
      }
    }
    if form == .probabilities {
      result.scaleColumns(by: classNames.map { _ in 1 / Double(members.count) })
    } else {
      let shift = Double.log(Double(members.count))
      result.combine(with: result) { value, _ in value - shift }
    }
    return result
  }

  /// log(exp(left) + exp(right)).
  private static func logOfSum(_ left: Double, _ right: Double) -> Double {
    let top = Swift.max(left, right)
    guard top.isFinite else { return top }
    return top + Double.log(onePlus: Double.exp(Swift.min(left, right) - top))
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

extension NetworkClassifier {
  /// The log-probabilities of rows for the scores of a fit: in double precision, whatever the
  /// precision of predictions is.
  package func trainingLogProbabilities(
    of data: Dataset, threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    try NetworkClassifier(trusting: members, precision: .double)
      .logProbabilities(for: data.features, offsets: data.offsets, threads: threads)
  }
}
