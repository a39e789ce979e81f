extension Labels {
  /// Numbers that determine the label of a row, as many for each row: rows with equal numbers have
  /// equal labels, and equal likelihoods with their constants.
  package func numbers(ofRow row: Int) -> [Double] {
    switch self {
    case .classes(let labels): [Double(labels[row])]
    case .probabilities(let labels): labels.values.row(row)
    case .counts(let labels): labels.values.row(row)
    case .candidates(let labels): labels.membership.row(row)
    case .evidence(let labels): labels.logs.row(row) + [labels.constants[row]]
    }
  }
}
