import SurprisalLinearAlgebra

extension Labels {
  /// Labels and factors for the row weights such that the log-likelihood of row i becomes `Σₖ vₖ
  /// pᵢₖ log p̂ₖ(xᵢ)`.
  ///
  /// With sᵢ = Σₖ vₖ pᵢₖ this is sᵢ times the log-likelihood of the label vₖ pᵢₖ / sᵢ, so the
  /// factor is sᵢ; a known class keeps its label. If all classes of a label have weight zero, the
  /// row keeps its label and has factor 0. `values` has one finite, non-negative number per class.
  /// Throws `LabelError.kind` for counts, candidate sets and evidence, and `.entryCount` unless
  /// there is one number per class. Complexity: O(N C).
  public func weightingClasses(
    by values: [Double]
  ) throws(LabelError) -> (labels: Labels, factors: [Double]) {
    guard values.count == classCount else {
      throw .entryCount(what: "class weights", expected: classCount, found: values.count)
    }
    switch self {
    case .classes(let labels):
      return (self, (0..<labels.rowCount).map { values[labels[$0]] })
    case .probabilities(let labels):
      var factors = [Double](repeating: 0, count: labels.rowCount)
      for column in 0..<labels.classCount {
        labels.values.forEachSegment(ofColumn: column) { segment, rows in
          for (offset, row) in rows.enumerated() {
            factors[row] += values[column] * segment[offset]
          }
        }
      }
      var result = labels.values
      for column in 0..<labels.classCount {
        result.updateColumn(column) { segment, rows in
          for (offset, row) in rows.enumerated() where factors[row] > 0 {
            segment[offset] = values[column] * segment[offset] / factors[row]
          }
        }
      }
      return (.probabilities(ClassProbabilities(trusting: result)), factors)
    case .counts, .candidates, .evidence:
      throw .kind(
        likelihood: "class weights", found: kind, expected: [.classes, .probabilities])
    }
  }
}
