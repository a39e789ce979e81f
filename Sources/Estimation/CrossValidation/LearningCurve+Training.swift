extension LearningCurve {
  /// The passes of a network, for an ensemble of the first one; nil without passes.
  ///
  /// The label entropy of validation rows is added, so that both curves are cross entropies.
  public init?(_ members: [TrainingRecord]) {
    guard let first = members.first, !first.history.isEmpty else { return nil }
    let entropy = first.validation?.labelEntropy
    var values: [Measure: [Double?]] = [.training: first.history.map { $0.loss }]
    if let entropy {
      values[.validation] = first.history.map { record in record.score.map { $0 + entropy } }
    }
    self.init(
      unit: .epoch, steps: first.history.map(\.epoch), values: values,
      chosenStep: first.bestEpoch.flatMap { $0 > 0 ? $0 : nil })
    if first.bestEpoch == 0 {
      remarks.append("No epoch was better than the start, which was kept.")
    }
    if let steps = first.refitSteps {
      remarks.append("The network was then trained again on all rows, for \(steps) steps.")
    }
    if members.count > 1 {
      remarks.append("The curve is that of the first of \(members.count) networks.")
    }
    if first.network.dropout > 0 {
      remarks.append("The training loss was taken with units dropped out.")
    }
  }
}
